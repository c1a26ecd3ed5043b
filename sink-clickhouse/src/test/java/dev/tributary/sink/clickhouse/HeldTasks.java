package dev.tributary.sink.clickhouse;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.TimeUnit;

/** Does everything at once, or later; an error ends a task and not the thread that gave it. */
final class HeldTasks extends AbstractExecutorService {
  private final Deque<Runnable> waiting = new ArrayDeque<>();
  private final List<Error> errors = new ArrayList<>();
  private boolean isHeld;

  @Override
  public void execute(Runnable task) {
    waiting.add(task);
    if (!isHeld) {
      runAll();
    }
  }

  /** What begins from now on waits. */
  void hold() {
    isHeld = true;
  }

  void letGo() {
    isHeld = false;
    runAll();
  }

  private void runAll() {
    while (!waiting.isEmpty()) {
      try {
        waiting.remove().run();
      } catch (Error e) {
        errors.add(e);
      }
    }
  }

  @Override
  public void shutdown() {}

  @Override
  public List<Runnable> shutdownNow() {
    return List.of();
  }

  @Override
  public boolean isShutdown() {
    return false;
  }

  @Override
  public boolean isTerminated() {
    return false;
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) {
    return true;
  }
}
