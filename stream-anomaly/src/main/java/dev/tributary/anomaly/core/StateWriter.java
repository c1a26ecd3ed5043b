package dev.tributary.anomaly.core;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigDecimal;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/**
 * Bytes of a state, exact: what {@link StateReader} reads back is equal to the last bit, so that a
 * restored series goes on as if nothing had happened.
 */
public final class StateWriter {
  private static final int FIRST_CAPACITY = 256;

  /** Of a whole number: seven bits in each. */
  private static final int MOST_OCTETS = 10;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  private byte[] bytes = new byte[FIRST_CAPACITY];
  private int size;

  /** The bytes written so far. */
  public byte[] toBytes() {
    return Arrays.copyOf(bytes, size);
  }

  /** One byte. */
  public StateWriter octet(int value) {
    reserve(1);
    bytes[size++] = (byte) value;
    return this;
  }

  private void reserve(int more) {
    if (size + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, size + more));
    }
  }

  public StateWriter flag(boolean value) {
    return octet(value ? 1 : 0);
  }

  /** A whole number, small ones in few bytes. */
  public StateWriter whole(long value) {
    reserve(MOST_OCTETS);
    long zigzag = (value << 1) ^ (value >> 63);
    while ((zigzag & ~0x7FL) != 0) {
      bytes[size++] = (byte) ((zigzag & 0x7F) | 0x80);
      zigzag >>>= 7;
    }
    bytes[size++] = (byte) zigzag;
    return this;
  }

  /** A floating point number, NaN included; 0 in one byte. */
  public StateWriter number(double value) {
    long bits = Double.doubleToLongBits(value);
    if (bits == 0) {
      return octet(0);
    }
    octet(1);
    reserve(Long.BYTES);
    LONGS.set(bytes, size, bits);
    size += Long.BYTES;
    return this;
  }

  /** Numbers with their count before. */
  public StateWriter numbers(double[] values) {
    whole(values.length);
    for (double value : values) {
      number(value);
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
    reserve(block.length);
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
      int raw = Float.floatToIntBits(value);
      if (raw != 0) {
        reserve(Integer.BYTES);
        INTS.set(bytes, size, raw);
        size += Integer.BYTES;
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
