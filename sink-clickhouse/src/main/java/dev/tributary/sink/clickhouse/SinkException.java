package dev.tributary.sink.clickhouse;

/** The sink cannot go on, and trying again would not help. The message says what to look at. */
public final class SinkException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public SinkException(String message) {
    super(message);
  }

  public SinkException(String message, Throwable cause) {
    super(message, cause);
  }
}
