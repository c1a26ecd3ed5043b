package dev.tributary.runtime.combine;

import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Partial aggregates by key: the part of a {@link CombiningStore} that knows nothing of Kafka. For
 * use by one thread.
 */
final class Partials<K, D, P> {
  private final Combiner<K, D, P> combiner;
  private final int maxEntries;
  private final Map<K, P> byKey = new HashMap<>();
  private boolean isDraining;

  Partials(Combiner<K, D, P> combiner, int maxEntries) {
    if (maxEntries < 1) {
      throw new IllegalArgumentException("max entries must be at least 1: " + maxEntries);
    }
    this.combiner = combiner;
    this.maxEntries = maxEntries;
  }

  /** Adds a contribution; true when the map is now full and has to be drained. */
  boolean add(K key, D contribution) {
    if (isDraining) {
      throw new IllegalStateException("a drain must not add to the store it drains");
    }
    P partial = byKey.get(key);
    if (partial == null) {
      partial = combiner.empty(key);
      byKey.put(key, partial);
    }
    combiner.add(partial, contribution);
    return byKey.size() >= maxEntries;
  }

  /** The partial of a key as it is now; null when there is none. */
  @Nullable P peek(K key) {
    return byKey.get(key);
  }

  /**
   * Hands every partial over and forgets it; each is forgotten after it was handed over, so that
   * one that failed is still here.
   *
   * @return how many were handed over
   */
  int drain(DrainTarget<K, P> target, DrainCause cause) {
    int count = 0;
    isDraining = true;
    try {
      Iterator<Map.Entry<K, P>> entries = byKey.entrySet().iterator();
      while (entries.hasNext()) {
        Map.Entry<K, P> entry = entries.next();
        target.forward(entry.getKey(), entry.getValue());
        entries.remove();
        count++;
      }
      target.drained(cause);
    } finally {
      isDraining = false;
    }
    return count;
  }

  int size() {
    return byKey.size();
  }

  void clear() {
    byKey.clear();
  }
}
