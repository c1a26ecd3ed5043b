package dev.tributary.standalone.platform;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts parts, some side by side, and closes whatever was started, last one first, when one of
 * them fails or the instance ends.
 */
final class Startup implements AutoCloseable {
  private static final Logger LOGGER = LoggerFactory.getLogger(Startup.class);

  private record Part(String name, AutoCloseable resource) {}

  private final Deque<Part> started = new ArrayDeque<>();
  private final Consumer<String> progress;

  Startup(Consumer<String> progress) {
    this.progress = progress;
  }

  /** Says a line to whoever follows the start. */
  void say(String line) {
    progress.accept(line);
  }

  /** Starts a part on this thread. */
  <T extends AutoCloseable> T start(String name, Callable<T> starter) {
    return join(startAside(name, starter));
  }

  /** Starts a part on a thread of its own. */
  <T extends AutoCloseable> CompletableFuture<T> startAside(String name, Callable<T> starter) {
    CompletableFuture<T> result = new CompletableFuture<>();
    long beginNanos = System.nanoTime();
    Thread thread =
        new Thread(
            () -> {
              try {
                T part = starter.call();
                synchronized (started) {
                  started.push(new Part(name, part));
                }
                progress.accept(
                    "%s started in %.1f s".formatted(name, (System.nanoTime() - beginNanos) / 1e9));
                result.complete(part);
              } catch (Throwable e) { // handed to whoever joins
                result.completeExceptionally(e);
              }
            },
            "start-" + name.replace(' ', '-'));
    thread.setDaemon(true);
    thread.start();
    return result;
  }

  /** The started part; a failure comes as itself where it is unchecked. */
  static <T> T join(CompletableFuture<T> part) {
    try {
      return part.join();
    } catch (CompletionException e) {
      Throwable cause = e.getCause();
      if (cause instanceof RuntimeException unchecked) {
        throw unchecked;
      }
      throw new PlatformException(String.valueOf(cause == null ? e : cause.getMessage()), e);
    }
  }

  @Override
  public void close() {
    while (true) {
      Part part;
      synchronized (started) {
        part = started.poll();
      }
      if (part == null) {
        return;
      }
      try {
        part.resource().close();
      } catch (Exception e) { // whatever one part does, the others are closed too
        LOGGER.warn("{} did not close cleanly", part.name(), e);
      }
    }
  }
}
