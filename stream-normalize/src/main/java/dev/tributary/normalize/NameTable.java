package dev.tributary.normalize;

import dev.tributary.normalize.core.KnownNames;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the one string of a known attribute name from its bytes: a name is not decoded, allocated
 * and hashed again for every span. Immutable after construction, for use by several threads.
 */
final class NameTable {
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
    return key.length == length
        && java.util.Arrays.equals(key, 0, length, bytes, start, start + length);
  }

  private static int hash(byte[] bytes, int start, int length) {
    int hash = length;
    for (int i = start + length - 1; i >= start; i--) {
      hash = hash * 31 + bytes[i];
    }
    return hash ^ (hash >>> 15);
  }
}
