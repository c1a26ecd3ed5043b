package dev.tributary.sink.clickhouse.core;

/** How a value looks on the wire, with the Avro type it is read from. */
enum ColumnKind {
  TEXT(0),
  INT8(1),
  BOOL(1),
  INT32(4),
  INT64(8),
  FLOAT64(8),
  /** Decimal(38, 18): the unscaled value as Int128. */
  DECIMAL(16);

  /** Scale of every amount, on topics and in tables alike. */
  static final int DECIMAL_SCALE = 18;

  private final int width;

  ColumnKind(int width) {
    this.width = width;
  }

  /** Bytes of a value; 0: its length stands before it. */
  int width() {
    return width;
  }
}
