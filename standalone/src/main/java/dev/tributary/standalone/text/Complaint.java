package dev.tributary.standalone.command;

import java.nio.charset.CharacterCodingException;
import java.nio.file.NoSuchFileException;

/** An expected failure in words; the file system's own messages are bare paths. */
final class Complaint {
  private Complaint() {}

  static String of(Exception failure) {
    String message = failure.getMessage();
    if (failure instanceof NoSuchFileException) {
      return message + ": no such file";
    }
    if (failure instanceof CharacterCodingException) {
      return "not UTF-8: " + failure;
    }
    return message == null ? failure.toString() : message;
  }
}
