package dev.tributary.standalone.text;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Files that people bring. */
public final class TextFile {
  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private TextFile() {}

  /**
   * The whole file, without the mark that some editors put at its beginning (U+FEFF).
   *
   * @throws IOException naming the file and what is wrong with it
   */
  public static String read(Path file) throws IOException {
    try {
      String text = Files.readString(file);
      return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw new IOException(file + ": not UTF-8", e);
    } catch (FileSystemException e) {
      throw new IOException(Complaint.of(e), e);
    } catch (IOException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  /** Its lines, without their ends; fails as {@link #read} does. */
  public static List<String> lines(Path file) throws IOException {
    return read(file).lines().toList();
  }

  /**
   * Fails where a file cannot be written, so that this is known before the work that fills it.
   *
   * @throws IOException naming the file and why
   */
  public static void requireWritable(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw new IOException(file + ": cannot be written, is a folder");
    }
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new IOException(file + ": cannot be written, no such folder");
    }
    if (!Files.isWritable(Files.exists(file) ? file : folder)) {
      throw new IOException(file + ": cannot be written, access denied");
    }
  }

  /** To be read line by line, without the mark; fails as {@link Files#newBufferedReader} does. */
  public static BufferedReader reader(Path file) throws IOException {
    BufferedReader reader = Files.newBufferedReader(file);
    reader.mark(1);
    if (reader.read() != BYTE_ORDER_MARK.charAt(0)) {
      reader.reset();
    }
    return reader;
  }
}
