package dev.tributary.runtime.http;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Threads of a pool that keep no process alive. An error that ends one is logged and told: nobody
 * waits for the tasks of such pools, and the pool goes on with a new thread.
 */
public final class DaemonThreads implements ThreadFactory {
  private static final Logger LOGGER = LoggerFactory.getLogger(DaemonThreads.class);

  private final String name;
  private final Runnable whenFailed;
  private final AtomicInteger number = new AtomicInteger();

  /**
   * Threads whose errors are logged only.
   *
   * @param name begins the names of the threads
   */
  public DaemonThreads(String name) {
    this(name, () -> {});
  }

  /**
   * Threads whose errors are told, too.
   *
   * @param name begins the names of the threads
   * @param whenFailed called on the thread that ends, after its error was logged
   */
  public DaemonThreads(String name, Runnable whenFailed) {
    this.name = name;
    this.whenFailed = whenFailed;
  }

  @Override
  public Thread newThread(Runnable task) {
    Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
    thread.setDaemon(true);
    thread.setUncaughtExceptionHandler(this::failed);
    return thread;
  }

  private void failed(Thread thread, Throwable error) {
    LOGGER.error("{}: its task ended with an error", thread.getName(), error);
    whenFailed.run();
  }
}
