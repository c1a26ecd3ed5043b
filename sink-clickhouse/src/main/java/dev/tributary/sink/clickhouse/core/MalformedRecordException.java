package dev.tributary.sink.clickhouse.core;

/** A record's bytes are not what its schema says. The message holds positions, never content. */
public final class MalformedRecordException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public MalformedRecordException(String message) {
    super(message);
  }
}
