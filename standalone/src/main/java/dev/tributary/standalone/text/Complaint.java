package dev.tributary.standalone.text;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** An expected failure in words; the file system's own messages are bare paths. */
public final class Complaint {
  private Complaint() {}

  /** What is wrong, in one line. */
  public static String of(Exception failure) {
    String message = failure.getMessage();
    if (failure instanceof UncheckedIOException
        && failure.getCause() instanceof IOException cause) {
      return cause.toString().equals(message) ? of(cause) : message + ": " + of(cause);
    }
    if (failure instanceof FileSystemException ofFile && ofFile.getReason() == null) {
      return message + ": " + inWords(ofFile);
    }
    if (failure instanceof CharacterCodingException) {
      return "not UTF-8: " + failure;
    }
    return message == null ? failure.toString() : message;
  }

  private static String inWords(FileSystemException failure) {
    if (failure instanceof NoSuchFileException) {
      return "no such file";
    }
    if (failure instanceof AccessDeniedException) {
      return "access denied";
    }
    if (failure instanceof NotDirectoryException) {
      return "not a folder";
    }
    if (failure instanceof FileAlreadyExistsException) {
      return "exists already";
    }
    return failure.getClass().getSimpleName();
  }
}
