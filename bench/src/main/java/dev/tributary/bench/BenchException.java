package dev.tributary.bench;

import org.jspecify.annotations.Nullable;

/** A run that cannot go on; the message is for the person who started it. */
final class BenchException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  BenchException(String message) {
    super(message);
  }

  BenchException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
