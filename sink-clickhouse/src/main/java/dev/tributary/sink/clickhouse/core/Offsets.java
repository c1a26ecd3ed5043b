package dev.tributary.sink.clickhouse.core;

/** Where each array or map ends among the items of all of them, as Native sends it. */
final class Offsets {
  private final ByteBuf ends = new ByteBuf();
  private long total;

  ByteBuf data() {
    return ends;
  }

  /** Items so far. */
  long total() {
    return total;
  }

  /** An array or map with so many items is complete. */
  void close(long items) {
    total += items;
    ends.putLong(total);
  }

  void truncate(int arrays) {
    ends.truncate(arrays * 8);
    total = arrays == 0 ? 0 : ends.longAt((arrays - 1) * 8);
  }
}
