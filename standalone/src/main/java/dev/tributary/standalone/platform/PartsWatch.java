package dev.tributary.standalone.platform;

import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
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
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
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
   * @return to be run before an end that is asked for, while the instance goes on
   */
  Runnable watch(String name, End end, Supplier<@Nullable String> trouble) {
    AtomicBoolean isAskedFor = new AtomicBoolean();
    start(
        () -> {
          try {
            end.await();
            if (!closing.get() && !isAskedFor.get()) {
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
    return () -> isAskedFor.set(true);
  }

  private static Thread start(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private void gone(String name, String why) {
    complaints.accept("tributary: " + name + " has ended, and so does the instance: " + why);
    ended.complete(null);
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
    ended.complete(null);
  }

  /** Waits for the first end of a part, or for that of all; true: it was asked for. */
  boolean awaitEnd() throws InterruptedException {
    untilEnd(ended);
    return closing.get();
  }

  /**
   * Does something that lasts, on a thread of its own: what waits for the work of a part that is
   * gone would wait for ever.
   *
   * @param work is interrupted at the end of a part
   * @return what the work has answered; empty: a part has ended, or all are closed
   * @throws Exception what the work has thrown
   */
  <T> Optional<T> whileWhole(Callable<T> work) throws Exception {
    CompletableFuture<T> done = new CompletableFuture<>();
    Thread worker =
        start(
            () -> {
              try {
                done.complete(work.call());
              } catch (Throwable e) { // handed to whoever waits
                done.completeExceptionally(e);
              }
            },
            "work");
    untilEnd(CompletableFuture.anyOf(ended, done.handle((answer, failure) -> true)));
    if (!done.isDone()) {
      worker.interrupt();
      return Optional.empty();
    }
    try {
      return Optional.of(done.get());
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Exception failure) {
        throw failure;
      }
      throw e;
    }
  }

  private static void untilEnd(CompletableFuture<?> end) throws InterruptedException {
    try {
      end.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("an end has no failure", e);
    }
  }
}
