package dev.tributary.anomaly;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntConsumer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * What was seen first in features of one tenant and environment, by kind and value.
 *
 * <p>So many are remembered of a feature. Then those of the kind that has the most make room that
 * were not seen for the longest: a version per call costs neither the memory of models nor that of
 * versions in use. What is forgotten would be new when it comes back; where that may have been seen
 * within the look-back, what is unknown of its kind is not called new. It may have been until last
 * times were kept, whatever is known of it.
 */
final class FirstSights {
  /** Remembered of a feature. */
  static final int MOST = 2_000;

  /** From so many on it is kept when each was last seen; before, nobody asks. */
  static final int WATCHED_FROM = MOST / 2;

  /** Forgotten at once, since all are looked at for it. */
  static final int FORGOTTEN_AT_ONCE = 100;

  /** How many of a feature are remembered. */
  private static final String COUNT = "count";

  /** By kind: when the last of those was seen that are forgotten. */
  private static final String FORGOTTEN = "forgotten";

  /** End of the step from which on it is kept when each was last seen. */
  private static final String WATCHED = "watched";

  /** Since when the feature is known. */
  private static final String FEATURE = "feature";

  /** Not counted, and for ever. */
  private static final Set<String> FIXED = Set.of(COUNT, FORGOTTEN, WATCHED, FEATURE);

  /**
   * A sight.
   *
   * @param number time of the first one; of a count, the count
   * @param isNews whether it was told
   * @param lastUs when it was last seen as far as that is kept
   */
  private record Sight(long number, boolean isNews, long lastUs) {
    static Sight of(byte[] bytes) {
      ByteBuffer from = ByteBuffer.wrap(bytes);
      long number = from.getLong();
      boolean isNews = from.get() == 1;
      return new Sight(number, isNews, from.hasRemaining() ? from.getLong() : number);
    }

    byte[] toBytes() {
      // What was seen once is as it was before last times were kept.
      boolean isOnce = lastUs == number;
      ByteBuffer to = ByteBuffer.allocate((isOnce ? 1 : 2) * Long.BYTES + 1);
      to.putLong(number).put((byte) (isNews ? 1 : 0));
      return isOnce ? to.array() : to.putLong(lastUs).array();
    }
  }

  private record Kept(Bytes key, String kind, Sight sight) {}

  private final KeyValueStore<Bytes, byte[]> store;
  private final String group;
  private final long stepEndUs;
  private final long lookBackUs;
  private final IntConsumer forgotten;

  /**
   * @param group tenant and environment
   * @param stepEndUs end of the step that all of this is seen in
   * @param lookBackUs in which what is forgotten may not be called new
   * @param forgotten told how many were forgotten
   */
  FirstSights(
      KeyValueStore<Bytes, byte[]> store,
      String group,
      long stepEndUs,
      long lookBackUs,
      IntConsumer forgotten) {
    this.store = store;
    this.group = group;
    this.stepEndUs = stepEndUs;
    this.lookBackUs = lookBackUs;
    this.forgotten = forgotten;
  }

  /** Since when the feature is known; at first, since this. */
  long featureSince(String feature, long atUs) {
    Sight known = sight(feature, FEATURE, feature);
    if (known == null) {
      put(feature, FEATURE, feature, new Sight(atUs, false, atUs));
      return atUs;
    }
    return known.number();
  }

  /** When a value was first seen; null: it is not remembered. */
  @Nullable Long since(String feature, String kind, String value) {
    Sight known = sight(feature, kind, value);
    return known == null ? null : known.number();
  }

  /** Whether a value is remembered; if so, it is seen again. */
  boolean sees(String feature, String kind, String value, long atUs) {
    Sight known = sight(feature, kind, value);
    if (known == null) {
      return false;
    }
    if (atUs > known.lastUs() && count(feature) >= WATCHED_FROM) {
      watchedSince(feature);
      put(feature, kind, value, new Sight(known.number(), known.isNews(), atUs));
    }
    return true;
  }

  /**
   * Remembers a value that was not.
   *
   * @param isNews whether it is one if it was never seen before
   * @return whether it is to be told
   */
  boolean add(String feature, String kind, String value, long atUs, boolean isNews) {
    makeRoom(feature);
    Sight last = sight(feature, FORGOTTEN, kind);
    boolean isTold = isNews && (last == null || atUs - last.number() >= lookBackUs);
    put(feature, kind, value, new Sight(atUs, isTold, atUs));
    long count = count(feature) + 1;
    setCount(feature, count);
    if (count >= WATCHED_FROM) {
      watchedSince(feature);
    }
    return isTold;
  }

  /**
   * Since when last times are kept; since this step, if they were not. Older versions filled
   * features without.
   */
  private long watchedSince(String feature) {
    Sight since = sight(feature, WATCHED, WATCHED);
    if (since != null) {
      return since.number();
    }
    // What was seen in this step before now has no last time either.
    put(feature, WATCHED, WATCHED, new Sight(stepEndUs, false, stepEndUs));
    return stepEndUs;
  }

  private long count(String feature) {
    Sight count = sight(feature, COUNT, COUNT);
    return count == null ? 0 : count.number();
  }

  private void setCount(String feature, long count) {
    put(feature, COUNT, COUNT, new Sight(count, false, count));
  }

  private void makeRoom(String feature) {
    if (count(feature) < MOST) {
      return;
    }
    Map<String, List<Kept>> byKind = new TreeMap<>();
    int kept = 0;
    try (KeyValueIterator<Bytes, byte[]> all = all(feature)) {
      while (all.hasNext()) {
        KeyValue<Bytes, byte[]> entry = all.next();
        String kind = StoreKeys.texts(entry.key)[2];
        if (!FIXED.contains(kind)) {
          byKind
              .computeIfAbsent(kind, any -> new ArrayList<>())
              .add(new Kept(entry.key, kind, Sight.of(entry.value)));
          kept++;
        }
      }
    }
    List<Kept> most = List.of();
    for (List<Kept> ofKind : byKind.values()) {
      most = ofKind.size() > most.size() ? ofKind : most;
    }
    List<Kept> oldest =
        most.stream()
            .sorted(
                Comparator.comparingLong((Kept each) -> each.sight().lastUs())
                    .thenComparingLong(each -> each.sight().number())
                    .thenComparing(Kept::key))
            .limit(FORGOTTEN_AT_ONCE)
            .toList();
    forget(feature, oldest);
    setCount(feature, kept - oldest.size());
  }

  private void forget(String feature, List<Kept> sights) {
    long watchedUs = watchedSince(feature);
    for (Kept each : sights) {
      store.delete(each.key());
      Sight before = sight(feature, FORGOTTEN, each.kind());
      long lastUs = Math.max(each.sight().lastUs(), watchedUs);
      if (before == null || before.number() < lastUs) {
        put(feature, FORGOTTEN, each.kind(), new Sight(lastUs, false, lastUs));
      }
    }
    forgotten.accept(sights.size());
  }

  /** What a visitor is told of. */
  interface Visitor {
    void visit(String kind, String value, long firstUs);
  }

  /** Goes through what was told of a feature, in the order of kinds and values. */
  void forEachTold(String feature, Visitor visitor) {
    try (KeyValueIterator<Bytes, byte[]> all = all(feature)) {
      while (all.hasNext()) {
        KeyValue<Bytes, byte[]> entry = all.next();
        Sight sight = Sight.of(entry.value);
        if (sight.isNews()) {
          String[] texts = StoreKeys.texts(entry.key);
          visitor.visit(texts[2], texts[3], sight.number());
        }
      }
    }
  }

  private KeyValueIterator<Bytes, byte[]> all(String feature) {
    return store.range(StoreKeys.from(group, feature), StoreKeys.after(group, feature));
  }

  private @Nullable Sight sight(String feature, String kind, String value) {
    byte[] stored = store.get(StoreKeys.of(group, feature, kind, value));
    return stored == null ? null : Sight.of(stored);
  }

  private void put(String feature, String kind, String value, Sight sight) {
    store.put(StoreKeys.of(group, feature, kind, value), sight.toBytes());
  }
}
