package dev.tributary.standalone.text;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files that people bring. */
public final class TextFile {
  private TextFile() {}

  /**
   * The whole file.
   *
   * @throws IOException naming the file and what is wrong with it
   */
  public static String read(Path file) throws IOException {
    try {
      return Files.readString(file);
    } catch (CharacterCodingException e) {
      throw new IOException(file + ": not UTF-8", e);
    } catch (FileSystemException e) {
      throw new IOException(Complaint.of(e), e);
    } catch (IOException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }
}
