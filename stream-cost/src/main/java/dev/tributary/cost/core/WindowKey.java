package dev.tributary.cost.core;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Key of a stored window: its start, then tenant and series. Sorted by time, so that the windows of
 * a minute, and those too old to keep, are one range: the store is its own deadline index.
 *
 * @param startUs start of the window, event time, microseconds since the epoch
 * @param recordKey tenant and series
 */
public record WindowKey(long startUs, String recordKey) {

  /** The bytes, which sort as signed start times do. */
  public byte[] toBytes() {
    byte[] text = recordKey.getBytes(StandardCharsets.UTF_8);
    byte[] bytes = Arrays.copyOf(bound(startUs), Long.BYTES + text.length);
    System.arraycopy(text, 0, bytes, Long.BYTES, text.length);
    return bytes;
  }

  /** What sorts before every window of this start, and after every window of an earlier one. */
  public static byte[] bound(long startUs) {
    long sortable = startUs ^ Long.MIN_VALUE;
    byte[] bytes = new byte[Long.BYTES];
    for (int i = 0; i < Long.BYTES; i++) {
      bytes[i] = (byte) (sortable >>> (Long.SIZE - Byte.SIZE * (i + 1)));
    }
    return bytes;
  }

  /** The key of these bytes. */
  public static WindowKey ofBytes(byte[] bytes) {
    if (bytes.length < Long.BYTES) {
      throw new IllegalArgumentException("key of a window is too short: " + bytes.length);
    }
    long sortable = 0;
    for (int i = 0; i < Long.BYTES; i++) {
      sortable = (sortable << Byte.SIZE) | (bytes[i] & 0xff);
    }
    String text = new String(bytes, Long.BYTES, bytes.length - Long.BYTES, StandardCharsets.UTF_8);
    return new WindowKey(sortable ^ Long.MIN_VALUE, text);
  }
}
