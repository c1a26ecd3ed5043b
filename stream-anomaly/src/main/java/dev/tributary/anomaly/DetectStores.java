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
 * @param waiting series that an episode is kept of, or whose scores of an hour are gathered
 * @param late steps of series that late windows changed
 * @param progress numbers by name
 */
record DetectStores(
    KeyValueStore<Bytes, byte[]> windows,
    KeyValueStore<Bytes, byte[]> series,
    KeyValueStore<Bytes, byte[]> waiting,
    KeyValueStore<Bytes, byte[]> late,
    Progress progress) {
  /** Entries taken from a store at a time. */
  static final int CHUNK = 1_000;

  /** Tails below it begin with a byte below a space, as no character of a name does. */
  private static final long TAILS = 1L << 29;

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

  /**
   * Key of a window. All windows of a series lie together: where a name goes on after another, the
   * tail of the shorter one sorts before that. Microseconds of more than nine minutes would not, so
   * those of long steps are counted by eight; windows of others are found under the keys that older
   * versions gave them, and no window of a long step has the key that they gave another.
   *
   * @param offsetUs from the start of the step to that of the window, at most an hour
   */
  static Bytes windowKey(long stepStartUs, String series, long offsetUs, long stepUs) {
    return StoreKeys.of(stepStartUs, series, (int) (stepUs < TAILS ? offsetUs : offsetUs / 8 + 1));
  }

  /** The windows of a series in a step. */
  List<KeyValue<Bytes, byte[]>> windowsOf(String key, long stepStartUs, long stepUs) {
    List<KeyValue<Bytes, byte[]>> own = new ArrayList<>();
    Bytes from = windowKey(stepStartUs, key, 0, stepUs);
    Bytes to = windowKey(stepStartUs, key, stepUs, stepUs);
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
