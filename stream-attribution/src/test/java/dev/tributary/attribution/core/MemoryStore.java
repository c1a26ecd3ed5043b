package dev.tributary.attribution.core;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** A store on the heap that orders keys as Kafka's stores do and copies what it is given. */
public final class MemoryStore implements KeyedBytes {
  private final TreeMap<byte[], byte[]> entries = new TreeMap<>(Arrays::compareUnsigned);
  private long writes;

  @Override
  public byte @Nullable [] get(String key) {
    byte[] value = entries.get(utf8(key));
    return value == null ? null : value.clone();
  }

  @Override
  public void put(String key, byte[] value) {
    writes++;
    entries.put(utf8(key), value.clone());
  }

  @Override
  public void delete(String key) {
    writes++;
    entries.remove(utf8(key));
  }

  @Override
  public void range(String from, String to, BiPredicate<String, byte[]> visitor) {
    List<Map.Entry<byte[], byte[]>> found =
        new ArrayList<>(entries.subMap(utf8(from), true, utf8(to), true).entrySet());
    for (Map.Entry<byte[], byte[]> entry : found) {
      if (!visitor.test(new String(entry.getKey(), StandardCharsets.UTF_8), entry.getValue())) {
        return;
      }
    }
  }

  public int size() {
    return entries.size();
  }

  /** Puts and deletes so far. */
  public long writes() {
    return writes;
  }

  /** Bytes of the largest value. */
  public int largestValue() {
    return entries.values().stream().mapToInt(value -> value.length).max().orElse(0);
  }

  /** Stored bytes, keys included. */
  public long bytes() {
    return entries.entrySet().stream()
        .mapToLong(entry -> entry.getKey().length + entry.getValue().length)
        .sum();
  }

  private static byte[] utf8(String key) {
    return key.getBytes(StandardCharsets.UTF_8);
  }
}
