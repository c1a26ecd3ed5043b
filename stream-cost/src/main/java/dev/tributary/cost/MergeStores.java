package dev.tributary.cost;

import dev.tributary.cost.core.WindowCodec;
import dev.tributary.cost.core.WindowKey;
import dev.tributary.cost.core.WindowState;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** The logged stores of a merge task, typed. */
final class MergeStores {
  private static final byte[] MARK = {1};
  private static final String CLOCK = "clock-";
  private static final String CLOSED = "closed-until";
  private static final String EVICTED = "evicted-until";

  private final KeyValueStore<Bytes, byte[]> windows;
  private final KeyValueStore<Bytes, byte[]> late;
  private final KeyValueStore<Bytes, byte[]> progress;
  private final WindowCodec codec = new WindowCodec();

  MergeStores(
      KeyValueStore<Bytes, byte[]> windows,
      KeyValueStore<Bytes, byte[]> late,
      KeyValueStore<Bytes, byte[]> progress) {
    this.windows = windows;
    this.late = late;
    this.progress = progress;
  }

  @Nullable WindowState window(Bytes key) {
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
  List<KeyValue<Bytes, byte[]>> windows(
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

  List<KeyValue<Bytes, byte[]>> lateWindows(int limit) {
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

  /** Clocks stored, by source. */
  Map<Integer, Long> clocks() {
    Map<Integer, Long> clocks = new TreeMap<>();
    Bytes from = key(CLOCK);
    Bytes to = key(CLOCK + '~');
    try (KeyValueIterator<Bytes, byte[]> stored = progress.range(from, to)) {
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

  /** Start before which every window was evicted; empty: none was evicted yet. */
  OptionalLong evictedUntil() {
    return number(EVICTED);
  }

  void putEvictedUntil(long startUs) {
    put(EVICTED, startUs);
  }

  private OptionalLong number(String name) {
    byte[] stored = progress.get(key(name));
    return stored == null
        ? OptionalLong.empty()
        : OptionalLong.of(ByteBuffer.wrap(stored).getLong());
  }

  private void put(String name, long value) {
    progress.put(key(name), ByteBuffer.allocate(Long.BYTES).putLong(value).array());
  }

  private static Bytes key(String name) {
    return Bytes.wrap(name.getBytes(StandardCharsets.UTF_8));
  }
}
