package dev.tributary.sink.clickhouse;

/** An insert failed or was not acknowledged; it may have happened. */
final class WriteFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  WriteFailedException(String message) {
    super(message);
  }

  WriteFailedException(String message, Throwable cause) {
    super(message, cause);
  }
}
