package dev.tributary.runtime.combine;

/**
 * Where partials go when they are drained; called on the task's thread, inside the transaction that
 * also holds the input's offsets.
 *
 * @param <K> the key
 * @param <P> the partial
 */
public interface DrainTarget<K, P> {
  /**
   * Forwards one partial. It is no longer the store's afterwards.
   *
   * <p>No store with a cache may follow in the same sub-topology: caches are flushed in the order
   * of registration, and one flushed before this would keep what comes now until the next commit.
   */
  void forward(K key, P partial);

  /** After the last partial of a drain, also of an empty one. */
  default void drained(DrainCause cause) {}
}
