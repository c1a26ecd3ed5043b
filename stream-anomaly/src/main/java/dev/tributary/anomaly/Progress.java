package dev.tributary.anomaly;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
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

  private static Bytes key(String name) {
    return Bytes.wrap(name.getBytes(StandardCharsets.UTF_8));
  }
}
