package dev.tributary.standalone.text;

import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;

/** An expected failure in words; the file system's own messages are bare paths. */
public final class Complaint {
  private Complaint() {}

  /** What is wrong, in one line. */
  public static String of(Exception failure) {
    String message = failure.getMessage();
    if (failure instanceof NoSuchFileException) {
      return message + ": no such file";
    }
    if (failure instanceof AccessDeniedException) {
      return message + ": access denied";
    }
    if (failure instanceof CharacterCodingException) {
      return "not UTF-8: " + failure;
    }
    return message == null ? failure.toString() : message;
  }
}
