package dev.tributary.standalone.platform;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Ends an instance when a part ends that it cannot do without, and says which and why. */
final class PartsWatch {
  /** Waits until a part has ended, for whatever reason. */
  @FunctionalInterface
  interface End {
    void await() throws InterruptedException;
  }

  private final Consumer<String> complaints;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final AtomicBoolean closing = new AtomicBoolean();

  /**
   * A watch of nothing yet.
   *
   * @param complaints gets a line for every part that ended though nobody had asked it to
   */
  PartsWatch(Consumer<String> complaints) {
    this.complaints = complaints;
  }

  /**
   * Watches a part.
   *
   * @param trouble why it has ended; null: it does not know
   */
  void watch(String name, End end, Supplier<@Nullable String> trouble) {
    Thread thread =
        new Thread(
            () -> {
              try {
                end.await();
                if (!closing.get()) {
                  String why = trouble.get();
                  gone(name, why == null ? "it gave no reason, the log may" : why);
                }
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              } catch (RuntimeException e) { // the last resort: the instance must not hang
                gone(name, e.toString());
              }
            },
            "watch-" + name.replace(' ', '-'));
    thread.setDaemon(true);
    thread.start();
  }

  private void gone(String name, String why) {
    complaints.accept("tributary: " + name + " has ended, and so does the instance: " + why);
    ended.countDown();
  }

  /**
   * Says that every end from now on is one that was asked for.
   *
   * @return false where that was said before
   */
  boolean closing() {
    return closing.compareAndSet(false, true);
  }

  /** Lets whoever waits for the end go on: all parts are closed. */
  void closed() {
    ended.countDown();
  }

  /** Waits for the first end of a part, or for that of all; true: it was asked for. */
  boolean awaitEnd() throws InterruptedException {
    ended.await();
    return closing.get();
  }
}
