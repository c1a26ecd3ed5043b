package dev.tributary.sink.clickhouse;

/** A block was inserted again, and the server did not say whether its rows are there. */
final class LookFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  LookFailedException(String message, Throwable cause) {
    super(message, cause);
  }
}
