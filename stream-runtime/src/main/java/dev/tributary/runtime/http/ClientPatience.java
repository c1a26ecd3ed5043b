package dev.tributary.runtime.http;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Ends the wait of a thread for a client that neither sends nor reads: as many of them as there are
 * threads would keep everybody else out for ever. A thread that reads from a connection, or writes
 * to it, is interrupted, which closes the connection.
 */
public final class ClientPatience implements AutoCloseable {
  private final String name;
  private final Duration limit;
  private final Runnable whenLost;
  private final ScheduledThreadPoolExecutor clock;
  private static final ThreadLocal<Wait> OF_THREAD = new ThreadLocal<>();

  /**
   * Patience with clients.
   *
   * @param name begins the names of its threads
   * @param limit longest wait
   * @param whenLost called for each wait that was ended
   */
  public ClientPatience(String name, Duration limit, Runnable whenLost) {
    this.name = name;
    this.limit = limit;
    this.whenLost = whenLost;
    this.clock = new ScheduledThreadPoolExecutor(1, task -> daemon(task, name + "-clock"));
    this.clock.setRemoveOnCancelPolicy(true);
    this.clock.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /** The task, with a wait that begins with it and ends, if it has not before, with it. */
  public Runnable with(Runnable task) {
    return () -> {
      try (Wait wait = begin()) {
        OF_THREAD.set(wait);
        task.run();
      } finally {
        OF_THREAD.remove();
      }
    };
  }

  /** What is still done for the client when the wait of this thread's task is lost. */
  public void beforeLosingIt(Runnable farewell) {
    Wait wait = OF_THREAD.get();
    if (wait != null) {
      wait.farewell(farewell);
    }
  }

  /**
   * Ends the wait of this thread's task: the client has sent everything.
   *
   * @throws SocketTimeoutException when it was too late: the client may have its farewell already
   */
  public void isSent() throws IOException {
    Wait wait = OF_THREAD.get();
    if (wait != null && !wait.end()) {
      throw new SocketTimeoutException("the client was too slow");
    }
  }

  /** Begins to wait on this thread. */
  public Wait begin() {
    Wait wait = new Wait(Thread.currentThread());
    if (!clock.isShutdown()) {
      wait.timer = clock.schedule(wait::lose, limit.toNanos(), TimeUnit.NANOSECONDS);
    }
    return wait;
  }

  @Override
  public void close() {
    clock.shutdown();
  }

  private static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  /** A wait of one thread. */
  public final class Wait implements AutoCloseable {
    private final Thread thread;
    private volatile @Nullable ScheduledFuture<?> timer;
    private @Nullable Runnable farewell;
    private boolean isOver;
    private boolean isLost;

    private Wait(Thread thread) {
      this.thread = thread;
    }

    private synchronized void farewell(Runnable last) {
      farewell = last;
    }

    private void lose() {
      Runnable last;
      synchronized (this) {
        if (isOver) {
          return;
        }
        isLost = true;
        last = farewell;
      }
      whenLost.run();
      if (last == null) {
        cut();
        return;
      }
      // A farewell may be what nobody takes, too: it holds up no other clock, and not for long.
      timer = clock.schedule(this::cut, limit.toNanos(), TimeUnit.NANOSECONDS);
      Runnable farewellThenCut =
          () -> {
            try {
              last.run();
            } finally {
              cut();
            }
          };
      daemon(farewellThenCut, name + "-farewell").start();
    }

    private synchronized void cut() {
      if (!isOver) {
        thread.interrupt();
      }
    }

    /** Ends it, on its own thread; false: it was lost before. */
    private boolean end() {
      ScheduledFuture<?> pending = timer;
      if (pending != null) {
        pending.cancel(false);
      }
      synchronized (this) {
        isOver = true;
        if (isLost) {
          // For the next task of the thread.
          var unused = Thread.interrupted();
        }
        return !isLost;
      }
    }

    @Override
    public void close() {
      var unused = end();
    }
  }
}
