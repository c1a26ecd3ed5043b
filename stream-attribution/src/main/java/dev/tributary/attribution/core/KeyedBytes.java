package dev.tributary.attribution.core;

import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** A store of bytes by text key, ordered by the key's UTF-8 bytes. */
public interface KeyedBytes {
  byte @Nullable [] get(String key);

  void put(String key, byte[] value);

  void delete(String key);

  /**
   * Visits entries in the order of their keys until the visitor answers false. The visitor may not
   * change the store.
   *
   * @param from first key (inclusive)
   * @param to last key (inclusive)
   */
  void range(String from, String to, BiPredicate<String, byte[]> visitor);
}
