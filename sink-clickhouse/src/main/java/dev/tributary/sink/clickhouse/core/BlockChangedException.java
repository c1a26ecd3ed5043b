package dev.tributary.sink.clickhouse.core;

/**
 * A block that was announced cannot be read again as it was: records went by retention or
 * compaction. Nothing may be loaded from the partition before somebody has looked.
 */
public final class BlockChangedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public BlockChangedException(String message) {
    super(message);
  }
}
