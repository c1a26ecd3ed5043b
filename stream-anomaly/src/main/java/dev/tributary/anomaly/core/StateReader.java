package dev.tributary.anomaly.core;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads what {@link StateWriter} wrote, in the same order. */
public final class StateReader {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  private final byte[] bytes;
  private int at;

  /** Reads from the first byte on. */
  public StateReader(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Whether bytes are left. */
  public boolean hasMore() {
    return at < bytes.length;
  }

  /** One byte, 0 to 255. */
  public int octet() {
    return bytes[next(1)] & 0xFF;
  }

  /** Where the next so many bytes begin. */
  private int next(int count) {
    if (at + count > bytes.length) {
      throw new IllegalArgumentException("a state ends after " + bytes.length + " bytes");
    }
    at += count;
    return at - count;
  }

  public boolean flag() {
    return octet() != 0;
  }

  public long whole() {
    long zigzag = 0;
    int shift = 0;
    int octet;
    do {
      octet = octet();
      zigzag |= (long) (octet & 0x7F) << shift;
      shift += 7;
    } while ((octet & 0x80) != 0);
    return (zigzag >>> 1) ^ -(zigzag & 1);
  }

  public double number() {
    if (octet() == 0) {
      return 0;
    }
    return Double.longBitsToDouble((long) LONGS.get(bytes, next(Long.BYTES)));
  }

  public double[] numbers() {
    long count = whole();
    if (count < 0 || count > bytes.length - at) {
      throw new IllegalArgumentException(count + " numbers in a state");
    }
    double[] values = new double[(int) count];
    for (int i = 0; i < values.length; i++) {
      values[i] = number();
    }
    return values;
  }

  public String text() {
    return new String(block(), StandardCharsets.UTF_8);
  }

  public byte[] block() {
    int length = (int) whole();
    if (length < 0 || length > bytes.length - at) {
      throw new IllegalArgumentException("a block of " + length + " bytes in a state");
    }
    byte[] block = Arrays.copyOfRange(bytes, at, at + length);
    at += length;
    return block;
  }

  public BigDecimal amount() {
    int scale = (int) whole();
    return new BigDecimal(new BigInteger(block()), scale);
  }

  /** Texts by name, in the order they were written. */
  public Map<String, String> texts() {
    long count = whole();
    Map<String, String> values = new LinkedHashMap<>();
    for (long i = 0; i < count; i++) {
      String name = text();
      values.put(name, text());
    }
    return values;
  }

  void sparse(float[] into) {
    byte[] masks = new byte[(into.length + 7) / 8];
    for (int i = 0; i < masks.length; i++) {
      masks[i] = (byte) octet();
    }
    for (int i = 0; i < into.length; i++) {
      boolean isSet = (masks[i / 8] >> i % 8 & 1) == 1;
      into[i] = isSet ? Float.intBitsToFloat((int) INTS.get(bytes, next(Integer.BYTES))) : 0;
    }
  }

  void counts(float[] into) {
    for (int i = 0; i < into.length; i++) {
      into[i] = whole();
    }
  }
}
