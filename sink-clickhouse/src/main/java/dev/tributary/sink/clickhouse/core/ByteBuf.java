package dev.tributary.sink.clickhouse.core;

import java.util.Arrays;

/** A growing run of bytes in ClickHouse's wire order (little-endian). Not thread-safe. */
public final class ByteBuf {
  private static final int FIRST_CAPACITY = 256;

  private byte[] bytes = new byte[FIRST_CAPACITY];
  private int size;

  /** Bytes written. */
  public int size() {
    return size;
  }

  /** The backing array; valid from 0 to {@link #size()} until the next write. */
  public byte[] array() {
    return bytes;
  }

  /** Forgets everything after the first {@code newSize} bytes. */
  void truncate(int newSize) {
    size = newSize;
  }

  void putByte(int value) {
    reserve(1);
    bytes[size++] = (byte) value;
  }

  void putInt(int value) {
    reserve(4);
    bytes[size] = (byte) value;
    bytes[size + 1] = (byte) (value >>> 8);
    bytes[size + 2] = (byte) (value >>> 16);
    bytes[size + 3] = (byte) (value >>> 24);
    size += 4;
  }

  void putLong(long value) {
    reserve(8);
    for (int i = 0; i < 8; i++) {
      bytes[size + i] = (byte) (value >>> (8 * i));
    }
    size += 8;
  }

  /** ClickHouse's VarUInt: seven bits a byte, the lowest first. */
  void putVarUInt(long value) {
    reserve(10);
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      bytes[size++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[size++] = (byte) rest;
  }

  void putBytes(byte[] from, int offset, int length) {
    reserve(length);
    System.arraycopy(from, offset, bytes, size, length);
    size += length;
  }

  /** A String value: its length in bytes, then the bytes. */
  void putText(byte[] from, int offset, int length) {
    putVarUInt(length);
    putBytes(from, offset, length);
  }

  long longAt(int position) {
    long value = 0;
    for (int i = 7; i >= 0; i--) {
      value = (value << 8) | (bytes[position + i] & 0xFF);
    }
    return value;
  }

  private void reserve(int more) {
    int needed = Math.addExact(size, more);
    if (needed > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(needed, (int) Math.min(2L * bytes.length, 1 << 30)));
    }
  }
}
