package dev.tributary.cost.core;

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

  private void ensure(int more) {
    if (size + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, 2 * bytes.length);
    }
  }

  byte[] toBytes() {
    return Arrays.copyOf(bytes, size);
  }
}
