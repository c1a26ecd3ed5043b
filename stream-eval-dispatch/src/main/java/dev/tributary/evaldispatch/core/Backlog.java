package dev.tributary.evaldispatch.core;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * How many jobs of each queue a task waits for, and since when. Ages are kept by ten seconds, so
 * that a queue takes as much memory as it is old, and not as it is long. Mutable, for one thread.
 */
public final class Backlog {
  private static final long GRAIN_US = 10_000_000;

  private final Map<Queue, TreeMap<Long, Long>> byQueue = new HashMap<>();

  /** Queues that changed since they were told. */
  private final Set<Queue> changed = new HashSet<>();

  /**
   * What a task waits for of a queue.
   *
   * @param jobs without an answer; 0: none any more
   * @param oldestUs when the oldest of them went out first, rounded down to ten seconds; 0: none
   */
  public record Waiting(Queue queue, long jobs, long oldestUs) {}

  /** A job went out, and has no answer. */
  public void add(Queue queue, long firstDispatchedUs) {
    change(queue, firstDispatchedUs, 1);
  }

  /** A job that was added has its answer, or nobody waits for it any more. */
  public void remove(Queue queue, long firstDispatchedUs) {
    change(queue, firstDispatchedUs, -1);
  }

  private void change(Queue queue, long firstDispatchedUs, long by) {
    TreeMap<Long, Long> counts = byQueue.computeIfAbsent(queue, any -> new TreeMap<>());
    counts.merge(
        Math.floorDiv(firstDispatchedUs, GRAIN_US) * GRAIN_US,
        by,
        (a, b) -> a + b == 0 ? null : Long.valueOf(a + b));
    if (counts.isEmpty()) {
      byQueue.remove(queue);
    }
    changed.add(queue);
  }

  /** Every queue that changed since the last call, as it is now. */
  public List<Waiting> take() {
    List<Waiting> waiting = new ArrayList<>();
    for (Queue queue : changed) {
      TreeMap<Long, Long> counts = byQueue.get(queue);
      waiting.add(
          counts == null
              ? new Waiting(queue, 0, 0)
              : new Waiting(
                  queue,
                  counts.values().stream().mapToLong(Long::longValue).sum(),
                  counts.firstKey()));
    }
    changed.clear();
    return waiting;
  }
}
