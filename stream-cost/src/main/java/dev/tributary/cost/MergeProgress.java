package dev.tributary.cost;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/** How far a merge task has come: clocks by source, what is closed, what is evicted; logged. */
final class MergeProgress {
  private static final String CLOCK = "clock-";
  private static final String CLOSED = "closed-until";

  private final KeyValueStore<Bytes, byte[]> store;

  MergeProgress(KeyValueStore<Bytes, byte[]> store) {
    this.store = store;
  }

  /** Clocks stored, by source. */
  Map<Integer, Long> clocks() {
    Map<Integer, Long> clocks = new TreeMap<>();
    Bytes from = key(CLOCK);
    Bytes to = key(CLOCK + '~');
    try (KeyValueIterator<Bytes, byte[]> stored = store.range(from, to)) {
      while (stored.hasNext()) {
        KeyValue<Bytes, byte[]> entry = stored.next();
        String name = new String(entry.key.get(), StandardCharsets.UTF_8);
        clocks.put(
            Integer.valueOf(name.substring(CLOCK.length())),
            ByteBuffer.wrap(entry.value).getLong());
      }
    }
    return clocks;
  }

  void putClock(int source, long clockUs) {
    put(CLOCK + source, clockUs);
  }

  /** End of the last closed minute; empty: none was closed yet. */
  OptionalLong closedUntil() {
    return number(CLOSED);
  }

  void putClosedUntil(long closedUntilUs) {
    put(CLOSED, closedUntilUs);
  }

  /** Start before which everything of a name was evicted; empty: nothing was yet. */
  OptionalLong evictedUntil(String name) {
    return number(name);
  }

  void putEvictedUntil(String name, long startUs) {
    put(name, startUs);
  }

  /** A number of a name; empty: never set. */
  OptionalLong number(String name) {
    byte[] stored = store.get(key(name));
    return stored == null
        ? OptionalLong.empty()
        : OptionalLong.of(ByteBuffer.wrap(stored).getLong());
  }

  void putNumber(String name, long value) {
    put(name, value);
  }

  private void put(String name, long value) {
    store.put(key(name), ByteBuffer.allocate(Long.BYTES).putLong(value).array());
  }

  private static Bytes key(String name) {
    return Bytes.wrap(name.getBytes(StandardCharsets.UTF_8));
  }
}
