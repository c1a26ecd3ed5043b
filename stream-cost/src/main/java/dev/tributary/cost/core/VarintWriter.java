package dev.tributary.cost.core;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes whole numbers, small ones in few bytes; reused, for one thread. */
final class VarintWriter {
  private byte[] bytes = new byte[512];
  private int size;

  void reset() {
    size = 0;
  }

  /** A signed number, zigzag. */
  void signed(long value) {
    unsigned((value << 1) ^ (value >> 63));
  }

  void unsigned(long value) {
    ensure(10);
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      bytes[size++] = (byte) ((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    bytes[size++] = (byte) rest;
  }

  void fixed(int value) {
    ensure(1);
    bytes[size++] = (byte) value;
  }

  /** A text: its length in bytes, then UTF-8. */
  void text(String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    unsigned(utf8.length);
    ensure(utf8.length);
    System.arraycopy(utf8, 0, bytes, size, utf8.length);
    size += utf8.length;
  }

  private void ensure(int more) {
    if (size + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, size + more));
    }
  }

  byte[] toBytes() {
    return Arrays.copyOf(bytes, size);
  }
}
