package dev.tributary.anomaly;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of a partition of {@code llm.windows}.
 *
 * @param windows by step, series and minute
 * @param series state of rules by series
 * @param episodes series that an episode is kept of
 * @param late steps of series that late windows changed
 * @param progress numbers by name
 */
record DetectStores(
    KeyValueStore<Bytes, byte[]> windows,
    KeyValueStore<Bytes, byte[]> series,
    KeyValueStore<Bytes, byte[]> episodes,
    KeyValueStore<Bytes, byte[]> late,
    Progress progress) {
  /** Entries taken from a store at a time. */
  static final int CHUNK = 1_000;

  static DetectStores of(ProcessorContext<?, ?> context) {
    return new DetectStores(
        context.getStateStore(AnomalyTopologyNames.WINDOWS),
        context.getStateStore(AnomalyTopologyNames.SERIES),
        context.getStateStore(AnomalyTopologyNames.EPISODES),
        context.getStateStore(AnomalyTopologyNames.LATE),
        new Progress(context.getStateStore(AnomalyTopologyNames.DETECT_PROGRESS)));
  }

  /** At most a chunk of a range, its end excluded, after a key. */
  static List<KeyValue<Bytes, byte[]>> chunk(
      KeyValueStore<Bytes, byte[]> store,
      @Nullable Bytes from,
      @Nullable Bytes to,
      @Nullable Bytes after) {
    List<KeyValue<Bytes, byte[]>> chunk = new ArrayList<>();
    try (KeyValueIterator<Bytes, byte[]> entries = store.range(after == null ? from : after, to)) {
      while (entries.hasNext() && chunk.size() < CHUNK) {
        KeyValue<Bytes, byte[]> entry = entries.next();
        boolean isBefore = to == null || entry.key.compareTo(to) < 0;
        if (!entry.key.equals(after) && isBefore) {
          chunk.add(entry);
        }
      }
    }
    return chunk;
  }

  /** The windows of a series in a step. */
  List<KeyValue<Bytes, byte[]>> windowsOf(String key, long stepStartUs, long stepUs) {
    List<KeyValue<Bytes, byte[]>> own = new ArrayList<>();
    Bytes from = StoreKeys.of(stepStartUs, key, 0);
    Bytes to = StoreKeys.of(stepStartUs, key, (int) stepUs);
    try (KeyValueIterator<Bytes, byte[]> range = windows.range(from, to)) {
      while (range.hasNext()) {
        KeyValue<Bytes, byte[]> window = range.next();
        if (StoreKeys.textBeforeTail(window.key).equals(key)) {
          own.add(window);
        }
      }
    }
    return own;
  }
}
