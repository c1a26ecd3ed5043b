package dev.tributary.sink.clickhouse.core;

/**
 * Reads Avro's binary encoding (Avro 1.12 specification, "Binary Encoding") in place, so that a
 * string goes from the record to its column in one copy. Never reads beyond the record.
 */
final class AvroCursor {
  private byte[] bytes = new byte[0];
  private int position;
  private int end;

  void reset(byte[] source, int from, int to) {
    bytes = source;
    position = from;
    end = to;
  }

  byte[] array() {
    return bytes;
  }

  int position() {
    return position;
  }

  boolean isAtEnd() {
    return position == end;
  }

  /** An int or long: zigzag, seven bits a byte, the lowest first. */
  long readLong() {
    long raw = 0;
    for (int shift = 0; shift < 70; shift += 7) {
      int next = readByte();
      raw |= (next & 0x7FL) << shift;
      if ((next & 0x80) == 0) {
        return (raw >>> 1) ^ -(raw & 1);
      }
    }
    throw new MalformedRecordException("number longer than 10 bytes at byte " + position);
  }

  int readInt() {
    long value = readLong();
    if (value != (int) value) {
      throw new MalformedRecordException("int out of range at byte " + position);
    }
    return (int) value;
  }

  int readByte() {
    if (position >= end) {
      throw new MalformedRecordException("record ends early, at byte " + position);
    }
    return bytes[position++] & 0xFF;
  }

  /** A boolean as 0 or 1. */
  int readBoolean() {
    int value = readByte();
    if (value > 1) {
      throw new MalformedRecordException("not a boolean at byte " + (position - 1));
    }
    return value;
  }

  /** The bits of a double. */
  long readDoubleBits() {
    long bits = 0;
    int from = take(8);
    for (int i = 7; i >= 0; i--) {
      bits = (bits << 8) | (bytes[from + i] & 0xFF);
    }
    return bits;
  }

  /** The length of a string or bytes value that follows. */
  int readLength() {
    long length = readLong();
    if (length < 0 || length > end - position) {
      throw new MalformedRecordException("length " + length + " at byte " + position);
    }
    return (int) length;
  }

  /** Takes bytes and answers where they start. */
  int take(int length) {
    if (length > end - position) {
      throw new MalformedRecordException("record ends early, at byte " + position);
    }
    int from = position;
    position += length;
    return from;
  }

  /**
   * The item count of the next block of an array or map; 0: no more. A negative count is followed
   * by the block's size in bytes, which is not needed here.
   */
  long readBlockCount() {
    long count = readLong();
    if (count >= 0) {
      return count;
    }
    readLong();
    if (count == Long.MIN_VALUE) {
      throw new MalformedRecordException("item count out of range at byte " + position);
    }
    return -count;
  }
}
