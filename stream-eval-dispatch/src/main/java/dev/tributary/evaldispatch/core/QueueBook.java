package dev.tributary.evaldispatch.core;

import dev.tributary.evaldispatch.core.Backlog.Waiting;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The queues of all tasks together: each task tells how many of its jobs wait, in whole numbers and
 * not in changes, so that nothing drifts. Its state goes through the log; mutable, for one thread.
 */
public final class QueueBook {
  /** Kind of its keys in the log, which no other state has. */
  public static final char KIND = 'q';

  /** Queues that are told apart; further ones are counted and left out. */
  static final int MOST_QUEUES = 2_000;

  private static final Comparator<Queue> ORDER =
      Comparator.comparing(Queue::tenant).thenComparing(Queue::scope);

  private final StateLog log;

  /** By queue and partition of its jobs; a queue that is empty stays until that was said. */
  private final Map<Queue, TreeMap<String, Waiting>> byQueue = new TreeMap<>(ORDER);

  private long refused;

  /** A book without state. */
  public QueueBook(StateLog log) {
    this.log = log;
  }

  /** Takes over what another one saved. */
  public void restore(String key, String value) {
    String[] keys = StateText.split(key);
    String[] values = StateText.split(value);
    Queue queue = new Queue(keys[1], keys[2], keys[3], keys[4], keys[5]);
    byQueue
        .computeIfAbsent(queue, any -> new TreeMap<>())
        .put(keys[6], new Waiting(queue, Long.parseLong(values[0]), Long.parseLong(values[1])));
  }

  /** What the task of a partition waits for of a queue, in place of what it said before. */
  public void tell(String partition, Waiting waiting) {
    if (!byQueue.containsKey(waiting.queue())) {
      if (waiting.jobs() == 0) {
        return;
      }
      if (byQueue.size() >= MOST_QUEUES) {
        refused++;
        return;
      }
    }
    byQueue.computeIfAbsent(waiting.queue(), any -> new TreeMap<>()).put(partition, waiting);
    log.save(
        key(waiting.queue(), partition),
        StateText.join(Long.toString(waiting.jobs()), Long.toString(waiting.oldestUs())));
  }

  /** The task of a partition began anew: what it said before counts no more. */
  public void forget(String partition) {
    byQueue.forEach(
        (queue, parts) -> {
          if (parts.containsKey(partition)) {
            tell(partition, new Waiting(queue, 0, 0));
          }
        });
  }

  /** All queues in order; those that are empty now for the last time. */
  public List<Waiting> take() {
    List<Waiting> all = new ArrayList<>();
    byQueue.forEach((queue, parts) -> all.add(sum(queue, parts)));
    for (Waiting each : all) {
      TreeMap<String, Waiting> parts = byQueue.get(each.queue());
      if (each.jobs() == 0 && parts != null) {
        parts.keySet().forEach(partition -> log.save(key(each.queue(), partition), null));
        byQueue.remove(each.queue());
      }
    }
    return all;
  }

  private static Waiting sum(Queue queue, Map<String, Waiting> parts) {
    long jobs = 0;
    long oldestUs = Long.MAX_VALUE;
    for (Waiting part : parts.values()) {
      if (part.jobs() > 0) {
        jobs += part.jobs();
        oldestUs = Math.min(oldestUs, part.oldestUs());
      }
    }
    return new Waiting(queue, jobs, jobs == 0 ? 0 : oldestUs);
  }

  /** How often a queue was left out because there are too many, since the last call. */
  public long takeRefused() {
    long count = refused;
    refused = 0;
    return count;
  }

  private static String key(Queue queue, String partition) {
    String[] of = queue.parts();
    return StateText.key(KIND, of[0], of[1], of[2], of[3], of[4], partition);
  }
}
