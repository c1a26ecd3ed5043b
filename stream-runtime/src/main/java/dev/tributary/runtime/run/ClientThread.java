package dev.tributary.runtime.run;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The thread a plain client works on. Its work asks whether it is closing and then returns; it is
 * never interrupted, so that what is under way is finished. Safe for use by several threads.
 */
public final class ClientThread {
  private final String name;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);
  private @Nullable Thread thread;

  /** A thread that is not started. */
  public ClientThread(String name) {
    this.name = name;
  }

  /** Starts the work, once. */
  public synchronized void start(Runnable work) {
    Thread started =
        new Thread(
            () -> {
              try {
                work.run();
              } finally {
                ended.countDown();
              }
            },
            name);
    thread = started;
    started.start();
  }

  /** True from the first call of {@link #close}. */
  public boolean isClosing() {
    return closing.getCount() == 0;
  }

  /** Waits so long, or less where it is closing. */
  public void pause(Duration time) throws InterruptedException {
    if (closing.await(time.toNanos(), TimeUnit.NANOSECONDS)) {
      return; // the caller asks isClosing, as it would after the whole time
    }
  }

  /** Waits for {@link #close}. */
  public void awaitClosing() throws InterruptedException {
    closing.await();
  }

  /** Waits until the work has returned or thrown. */
  public void awaitEnd() throws InterruptedException {
    ended.await();
  }

  /**
   * Asks the work to return and waits for it, at most {@link RunningClient#LONGEST_CLOSE}; from the
   * thread itself only asks.
   */
  public void close() {
    closing.countDown();
    Thread running;
    synchronized (this) {
      running = thread;
    }
    if (running == null || running == Thread.currentThread()) {
      return;
    }
    try {
      running.join(RunningClient.LONGEST_CLOSE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
