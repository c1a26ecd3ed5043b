package dev.tributary.sink.clickhouse.core;

/**
 * When a block is cut. Only decides where bounds are put the first time; a block that was announced
 * keeps its bounds.
 *
 * @param rows records; at least 1
 * @param bytes bytes of columns; at least 1
 * @param ageMs milliseconds since its first record; at least 0
 */
public record BlockLimits(int rows, long bytes, long ageMs) {
  public BlockLimits {
    if (rows < 1 || bytes < 1 || ageMs < 0) {
      throw new IllegalArgumentException(
          "block limits must be positive: "
              + rows
              + " rows, "
              + bytes
              + " bytes, "
              + ageMs
              + " ms");
    }
  }
}
