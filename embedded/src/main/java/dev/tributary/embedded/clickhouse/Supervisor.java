package dev.tributary.embedded.clickhouse;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts a child again that died, until it is closed or there is no hope left. Thread-safe. */
final class Supervisor {
  /** A process that can be watched and ended. */
  interface Child {
    /** Waits for the end; returns the exit status. */
    int waitFor() throws InterruptedException;

    long pid();

    boolean isAlive();

    void stop();
  }

  /** Waits between two starts. */
  @FunctionalInterface
  interface Pause {
    void of(Duration time) throws InterruptedException;
  }

  private static final Logger LOGGER = LoggerFactory.getLogger(Supervisor.class);

  private static final Duration FIRST_BACK_OFF = Duration.ofMillis(200);
  private static final Duration MAX_BACK_OFF = Duration.ofSeconds(10);

  /** So many crashes in a row, each soon after the start, will not get better. */
  static final int MAX_RESTARTS_IN_A_ROW = 10;

  /** A child that lived this long was healthy: the count of restarts in a row starts again. */
  private static final Duration HEALTHY = Duration.ofMinutes(1);

  private final Supplier<? extends Child> starter;
  private final Pause pause;
  private final AtomicInteger restarts = new AtomicInteger();
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Thread thread;
  private volatile Child child;
  private volatile boolean isClosing;
  private volatile boolean hasGivenUp;

  /**
   * A supervisor of a child that runs.
   *
   * @param starter starts another one, or throws {@link EmbeddedClickHouseException}
   */
  Supervisor(Child first, Supplier<? extends Child> starter, Pause pause) {
    this.child = first;
    this.starter = starter;
    this.pause = pause;
    this.thread = new Thread(this::run, "clickhouse-supervisor");
    this.thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** The present child. */
  Child child() {
    return child;
  }

  int restarts() {
    return restarts.get();
  }

  boolean hasGivenUp() {
    return hasGivenUp;
  }

  /** Waits until nothing is started again any more; true: because it was closed. */
  boolean awaitEnd() throws InterruptedException {
    ended.await();
    return !hasGivenUp;
  }

  private void run() {
    try {
      supervise();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      hasGivenUp = !isClosing;
      ended.countDown();
    }
  }

  private void supervise() throws InterruptedException {
    int inARow = 0;
    while (!isClosing) {
      long started = System.nanoTime();
      int status = child.waitFor();
      if (isClosing) {
        return;
      }
      boolean wasHealthy = System.nanoTime() - started > HEALTHY.toNanos();
      inARow = wasHealthy ? 1 : inARow + 1;
      LOGGER
          .atError()
          .addKeyValue("status", status)
          .addKeyValue("pid", child.pid())
          .addKeyValue("restarts", restarts.get())
          .log("the ClickHouse child process died");
      if (inARow > MAX_RESTARTS_IN_A_ROW) {
        LOGGER.error("the ClickHouse child process keeps dying: giving up");
        return;
      }
      restart(inARow);
    }
  }

  private void restart(int inARow) throws InterruptedException {
    Duration backOff = FIRST_BACK_OFF.multipliedBy(1L << Math.min(inARow - 1, 16));
    pause.of(backOff.compareTo(MAX_BACK_OFF) < 0 ? backOff : MAX_BACK_OFF);
    synchronized (this) {
      if (isClosing) {
        return;
      }
      try {
        child = starter.get();
        restarts.incrementAndGet();
        LOGGER.atWarn().addKeyValue("pid", child.pid()).log("ClickHouse child process restarted");
      } catch (EmbeddedClickHouseException e) {
        // The dead child is still the present one: the supervisor comes back with a longer
        // back-off.
        LOGGER.error("the ClickHouse child process did not restart", e);
      }
    }
  }

  /** Ends the child and starts none again. Idempotent. */
  void close() {
    isClosing = true;
    thread.interrupt();
    synchronized (this) {
      child.stop();
    }
    // A supervisor that was never started, or had given up, has nobody else to say so.
    ended.countDown();
  }
}
