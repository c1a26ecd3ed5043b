package dev.tributary.cost.core;

import java.nio.charset.StandardCharsets;

/** Reads what {@link VarintWriter} wrote. */
final class VarintReader {
  private final byte[] bytes;
  private int at;

  VarintReader(byte[] bytes) {
    this.bytes = bytes;
  }

  long signed() {
    long value = unsigned();
    return (value >>> 1) ^ -(value & 1);
  }

  long unsigned() {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      int next = fixed();
      value |= (next & 0x7fL) << shift;
      if (next < 0x80) {
        return value;
      }
    }
    throw new IllegalArgumentException("number too long at byte " + at);
  }

  int fixed() {
    if (at >= bytes.length) {
      throw new IllegalArgumentException("cut off at byte " + at);
    }
    return bytes[at++] & 0xff;
  }

  String text() {
    long length = unsigned();
    if (length < 0 || length > bytes.length - at) {
      throw new IllegalArgumentException("text of " + length + " bytes at byte " + at);
    }
    String value = new String(bytes, at, (int) length, StandardCharsets.UTF_8);
    at += (int) length;
    return value;
  }

  void end() {
    if (at != bytes.length) {
      throw new IllegalArgumentException((bytes.length - at) + " bytes too many");
    }
  }
}
