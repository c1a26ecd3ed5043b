package dev.tributary.cost;

import dev.tributary.cost.core.WindowCodec;
import dev.tributary.cost.core.WindowKey;
import dev.tributary.cost.core.WindowState;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Windows, or cells, by start, with marks on those that changed after their close; logged, typed.
 */
final class WindowStore {
  private static final byte[] MARK = {1};

  private final KeyValueStore<Bytes, byte[]> windows;
  private final KeyValueStore<Bytes, byte[]> late;
  private final WindowCodec codec = new WindowCodec();

  WindowStore(KeyValueStore<Bytes, byte[]> windows, KeyValueStore<Bytes, byte[]> late) {
    this.windows = windows;
    this.late = late;
  }

  static Bytes key(long startUs, String recordKey) {
    return Bytes.wrap(new WindowKey(startUs, recordKey).toBytes());
  }

  @Nullable WindowState get(Bytes key) {
    byte[] stored = windows.get(key);
    return stored == null ? null : codec.decodeState(stored);
  }

  void put(Bytes key, WindowState state) {
    windows.put(key, codec.encode(state));
  }

  void delete(Bytes key) {
    windows.delete(key);
  }

  WindowState state(byte[] stored) {
    return codec.decodeState(stored);
  }

  /**
   * The first windows whose start is at or after one bound and before the other, in order of start.
   * A list, so that the caller may change the store; bounded, so that it may be large.
   *
   * @param after key to go on after; null: from the first bound
   */
  List<KeyValue<Bytes, byte[]>> range(
      long fromStartUs, long toStartUs, @Nullable Bytes after, int limit) {
    Bytes from = after == null ? Bytes.wrap(WindowKey.bound(fromStartUs)) : next(after);
    return first(windows.range(from, Bytes.wrap(WindowKey.bound(toStartUs))), limit);
  }

  private static Bytes next(Bytes key) {
    return Bytes.wrap(ByteBuffer.allocate(key.get().length + 1).put(key.get()).array());
  }

  void markLate(Bytes key) {
    late.put(key, MARK);
  }

  void unmarkLate(Bytes key) {
    late.delete(key);
  }

  List<KeyValue<Bytes, byte[]>> late(int limit) {
    return first(late.all(), limit);
  }

  private static List<KeyValue<Bytes, byte[]>> first(
      KeyValueIterator<Bytes, byte[]> iterator, int limit) {
    try (iterator) {
      List<KeyValue<Bytes, byte[]>> found = new ArrayList<>();
      while (found.size() < limit && iterator.hasNext()) {
        found.add(iterator.next());
      }
      return found;
    }
  }
}
