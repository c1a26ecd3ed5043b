package dev.tributary.standalone.command;

import dev.tributary.standalone.platform.PlatformException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** Text that a command is given in a file; the file system's own complaints name no reason. */
final class InputFile {
  private InputFile() {}

  /**
   * All of it.
   *
   * @throws PlatformException where there is none or it is not UTF-8, naming the file
   */
  static String text(Path file) throws IOException {
    try {
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      throw new PlatformException(file + ": no such file", e);
    } catch (CharacterCodingException e) {
      throw new PlatformException(file + ": not UTF-8", e);
    }
  }

  /** Its lines, without their ends. */
  static List<String> lines(Path file) throws IOException {
    return text(file).lines().toList();
  }
}
