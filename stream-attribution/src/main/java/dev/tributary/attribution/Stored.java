package dev.tributary.attribution;

import dev.tributary.attribution.core.KeyedBytes;
import java.util.function.BiPredicate;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/** A state store as the core sees it. */
record Stored(KeyValueStore<String, byte[]> store) implements KeyedBytes {
  @Override
  public byte[] get(String key) {
    return store.get(key);
  }

  @Override
  public void put(String key, byte[] value) {
    store.put(key, value);
  }

  @Override
  public void delete(String key) {
    store.delete(key);
  }

  @Override
  public void range(String from, String to, BiPredicate<String, byte[]> visitor) {
    try (KeyValueIterator<String, byte[]> entries = store.range(from, to)) {
      while (entries.hasNext()) {
        KeyValue<String, byte[]> entry = entries.next();
        if (!visitor.test(entry.key, entry.value)) {
          return;
        }
      }
    }
  }
}
