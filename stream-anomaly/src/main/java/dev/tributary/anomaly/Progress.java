package dev.tributary.anomaly;

import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;

/** Numbers by name in a logged store: nothing that decides anything is on the heap alone. */
final class Progress {
  private final KeyValueStore<Bytes, byte[]> store;

  Progress(KeyValueStore<Bytes, byte[]> store) {
    this.store = store;
  }

  long get(String name, long standard) {
    byte[] value = store.get(key(name));
    return value == null ? standard : ByteBuffer.wrap(value).getLong();
  }

  void put(String name, long value) {
    store.put(key(name), ByteBuffer.allocate(Long.BYTES).putLong(value).array());
  }

  /** Several numbers under one name, in their order; none where there is none. */
  List<Long> getAll(String name) {
    List<Long> values = new ArrayList<>();
    byte[] stored = store.get(key(name));
    if (stored != null) {
      LongBuffer from = ByteBuffer.wrap(stored).asLongBuffer();
      while (from.hasRemaining()) {
        values.add(from.get());
      }
    }
    return values;
  }

  void putAll(String name, List<Long> values) {
    ByteBuffer to = ByteBuffer.allocate(Long.BYTES * values.size());
    values.forEach(to::putLong);
    store.put(key(name), to.array());
  }

  private static Bytes key(String name) {
    return Bytes.wrap(name.getBytes(StandardCharsets.UTF_8));
  }
}
