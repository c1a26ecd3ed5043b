package dev.tributary.bench;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * What must not outlive the bench, however it ends: an interrupt and SIGTERM run no {@code finally}
 * block. Of those that are still held then, the last comes first. Thread-safe.
 */
final class AtEnd implements AutoCloseable {
  private static final Deque<AtEnd> HELD = new ArrayDeque<>();

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(AtEnd::runAll, "bench-at-end"));
  }

  private final Runnable task;

  private AtEnd(Runnable task) {
    this.task = task;
  }

  /**
   * Holds a task until it is closed; closing it does not run it.
   *
   * @param task must return even where it finds its work done
   */
  static AtEnd hold(Runnable task) {
    AtEnd held = new AtEnd(task);
    synchronized (HELD) {
      HELD.push(held);
    }
    return held;
  }

  static void runAll() {
    AtEnd next = next();
    while (next != null) {
      try {
        next.task.run();
      } catch (RuntimeException e) {
        // What else there is to end must be ended all the same.
        System.err.println("bench: " + e.getMessage());
      }
      next = next();
    }
  }

  private static @Nullable AtEnd next() {
    synchronized (HELD) {
      return HELD.poll();
    }
  }

  @Override
  public void close() {
    synchronized (HELD) {
      HELD.remove(this);
    }
  }
}
