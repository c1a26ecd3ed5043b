package dev.tributary.normalize;

import dev.tributary.normalize.core.KnownNames;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the one string of a known attribute name from its bytes: a name is not decoded, allocated
 * and hashed again for every span. Immutable after construction, for use by several threads.
 */
final class NameTable {
  private static final VarHandle WORDS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** The names that dialects know. */
  static final NameTable KNOWN = new NameTable(KnownNames.all());

  private final byte[] @Nullable [] keys;
  private final @Nullable String[] names;
  private final int mask;

  NameTable(List<String> all) {
    int size = Integer.highestOneBit(all.size() * 4) * 2;
    keys = new byte[size][];
    names = new @Nullable String[size];
    mask = size - 1;
    for (String name : all) {
      byte[] key = name.getBytes(StandardCharsets.UTF_8);
      int slot = hash(key, 0, key.length) & mask;
      while (keys[slot] != null) {
        slot = (slot + 1) & mask;
      }
      keys[slot] = key;
      names[slot] = name;
    }
  }

  /** The name in these bytes. */
  String get(byte[] bytes, int start, int length) {
    int slot = hash(bytes, start, length) & mask;
    byte[] key;
    while ((key = keys[slot]) != null) {
      String name = names[slot];
      if (name != null && equal(key, bytes, start, length)) {
        return name;
      }
      slot = (slot + 1) & mask;
    }
    return new String(bytes, start, length, StandardCharsets.UTF_8);
  }

  private static boolean equal(byte[] key, byte[] bytes, int start, int length) {
    return key.length == length && Arrays.equals(key, 0, length, bytes, start, start + length);
  }

  /** Reads eight bytes at the end and in the middle: names share their beginnings. */
  private static int hash(byte[] bytes, int start, int length) {
    if (length < Long.BYTES) {
      int hash = length;
      for (int i = start; i < start + length; i++) {
        hash = hash * 31 + bytes[i];
      }
      return hash;
    }
    long end = (long) WORDS.get(bytes, start + length - Long.BYTES);
    long middle = (long) WORDS.get(bytes, start + (length - Long.BYTES) / 2);
    long mixed = (end * 0x9E3779B97F4A7C15L + middle + length) * 0xC2B2AE3D27D4EB4FL;
    return (int) (mixed >>> 40);
  }
}
