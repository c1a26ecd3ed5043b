package dev.tributary.sink.clickhouse.core;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Values of one column, or of one column inside arrays or maps, kept in the form in which Native
 * sends them. Not thread-safe.
 */
final class Column {
  private static final int DECIMAL_WIDTH = 16;

  private final ColumnKind kind;
  private final byte[] absentText;
  private final ByteBuf data = new ByteBuf();
  private final @Nullable ByteBuf nulls;

  /**
   * An empty column.
   *
   * @param absentText what a text column that is not nullable holds where there is no value
   */
  Column(ColumnType type, String absentText) {
    this.kind = type.kind();
    this.absentText = absentText.getBytes(StandardCharsets.UTF_8);
    this.nulls = type.isNullable() ? new ByteBuf() : null;
  }

  ColumnKind kind() {
    return kind;
  }

  ByteBuf data() {
    return data;
  }

  @Nullable ByteBuf nulls() {
    return nulls;
  }

  int bytes() {
    return data.size() + (nulls == null ? 0 : nulls.size());
  }

  /** There is no value: null, or the type's default. */
  void putAbsent() {
    if (nulls != null) {
      nulls.putByte(1);
    }
    switch (kind) {
      case TEXT -> data.putText(absentText, 0, nulls == null ? absentText.length : 0);
      case INT8, BOOL -> data.putByte(0);
      case INT32 -> data.putInt(0);
      case INT64, FLOAT64 -> data.putLong(0);
      case DECIMAL -> putInt128(0, 0);
    }
  }

  void putText(byte[] from, int offset, int length) {
    present();
    data.putText(from, offset, length);
  }

  /** A text that is already in wire form, its length before it. */
  void putWireText(byte[] wire) {
    present();
    data.putBytes(wire, 0, wire.length);
  }

  /** An integer, a boolean as 0 or 1, microseconds, or the bits of a double. */
  void putNumber(long value) {
    boolean fits = kind.width() == 8 || value == (kind.width() == 1 ? (byte) value : (int) value);
    if (!fits) {
      throw new MalformedRecordException("number out of the column's range: " + value);
    }
    present();
    switch (kind) {
      case INT8, BOOL -> data.putByte((int) value);
      case INT32 -> data.putInt((int) value);
      case INT64, FLOAT64 -> data.putLong(value);
      case TEXT, DECIMAL -> throw new IllegalStateException("not a number column: " + kind);
    }
  }

  /** An unscaled amount as Avro writes it: two's complement, the highest byte first. */
  void putDecimal(byte[] from, int offset, int length) {
    if (length > DECIMAL_WIDTH) {
      throw new MalformedRecordException("decimal of " + length + " bytes, at most 16");
    }
    present();
    long high = length > 0 && from[offset] < 0 ? -1 : 0;
    long low = high;
    for (int i = 0; i < length; i++) {
      high = (high << 8) | (low >>> 56);
      low = (low << 8) | (from[offset + i] & 0xFF);
    }
    putInt128(low, high);
  }

  private void putInt128(long low, long high) {
    data.putLong(low);
    data.putLong(high);
  }

  private void present() {
    if (nulls != null) {
      nulls.putByte(0);
    }
  }

  /** Keeps the first {@code values} values. Rare, so a text column counts its way through. */
  void truncate(int values) {
    if (nulls != null) {
      nulls.truncate(values);
    }
    data.truncate(kind.width() > 0 ? values * kind.width() : endOfText(values));
  }

  private int endOfText(int values) {
    byte[] bytes = data.array();
    int position = 0;
    for (int i = 0; i < values; i++) {
      int length = 0;
      int shift = 0;
      int next;
      do {
        next = bytes[position++];
        length |= (next & 0x7F) << shift;
        shift += 7;
      } while (next < 0);
      position += length;
    }
    return position;
  }
}
