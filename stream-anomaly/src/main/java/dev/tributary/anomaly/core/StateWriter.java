package dev.tributary.anomaly.core;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/**
 * Bytes of a state, exact: what {@link StateReader} reads back is equal to the last bit, so that a
 * restored series goes on as if nothing had happened.
 */
public final class StateWriter {
  private static final int FIRST_CAPACITY = 256;

  private byte[] bytes = new byte[FIRST_CAPACITY];
  private int size;

  /** The bytes written so far. */
  public byte[] toBytes() {
    return Arrays.copyOf(bytes, size);
  }

  /** One byte. */
  public StateWriter octet(int value) {
    if (size == bytes.length) {
      bytes = Arrays.copyOf(bytes, 2 * size);
    }
    bytes[size++] = (byte) value;
    return this;
  }

  public StateWriter flag(boolean value) {
    return octet(value ? 1 : 0);
  }

  /** A whole number, small ones in few bytes. */
  public StateWriter whole(long value) {
    long zigzag = (value << 1) ^ (value >> 63);
    while ((zigzag & ~0x7FL) != 0) {
      octet((int) ((zigzag & 0x7F) | 0x80));
      zigzag >>>= 7;
    }
    return octet((int) zigzag);
  }

  /** A floating point number, NaN included; 0 in one byte. */
  public StateWriter number(double value) {
    long bits = Double.doubleToLongBits(value);
    if (bits == 0) {
      return octet(0);
    }
    octet(1);
    for (int shift = 56; shift >= 0; shift -= 8) {
      octet((int) (bits >>> shift));
    }
    return this;
  }

  public StateWriter text(String value) {
    byte[] encoded = value.getBytes(StandardCharsets.UTF_8);
    return block(encoded);
  }

  /** Bytes with their length before. */
  public StateWriter block(byte[] block) {
    whole(block.length);
    if (size + block.length > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * size, size + block.length));
    }
    System.arraycopy(block, 0, bytes, size, block.length);
    size += block.length;
    return this;
  }

  public StateWriter amount(BigDecimal value) {
    whole(value.scale());
    return block(value.unscaledValue().toByteArray());
  }

  /** Texts by name, in the map's order. */
  public StateWriter texts(Map<String, String> values) {
    whole(values.size());
    values.forEach((name, value) -> text(name).text(value));
    return this;
  }

  /** Numbers of which many are 0: a bit for each, then those that are not. */
  public StateWriter sparse(float[] values) {
    for (int from = 0; from < values.length; from += 8) {
      int mask = 0;
      for (int i = from; i < Math.min(from + 8, values.length); i++) {
        mask |= Float.floatToIntBits(values[i]) == 0 ? 0 : 1 << (i - from);
      }
      octet(mask);
    }
    for (float value : values) {
      int bits = Float.floatToIntBits(value);
      if (bits != 0) {
        octet(bits >>> 24).octet(bits >>> 16).octet(bits >>> 8).octet(bits);
      }
    }
    return this;
  }

  /** Whole numbers from 0 to 65535 that a float holds exactly. */
  public StateWriter counts(float[] values) {
    for (float value : values) {
      whole((long) value);
    }
    return this;
  }
}
