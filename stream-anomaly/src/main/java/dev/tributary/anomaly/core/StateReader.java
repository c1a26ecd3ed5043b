package dev.tributary.anomaly.core;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads what {@link StateWriter} wrote, in the same order. */
public final class StateReader {
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
    if (at >= bytes.length) {
      throw new IllegalArgumentException("a state ends after " + bytes.length + " bytes");
    }
    return bytes[at++] & 0xFF;
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
    long bits = 0;
    for (int i = 0; i < Long.BYTES; i++) {
      bits = bits << 8 | octet();
    }
    return Double.longBitsToDouble(bits);
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
      into[i] =
          isSet ? Float.intBitsToFloat(octet() << 24 | octet() << 16 | octet() << 8 | octet()) : 0;
    }
  }

  void counts(float[] into) {
    for (int i = 0; i < into.length; i++) {
      into[i] = whole();
    }
  }
}
