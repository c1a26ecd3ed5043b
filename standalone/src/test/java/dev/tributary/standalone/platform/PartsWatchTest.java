package dev.tributary.standalone.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The timeout ends a failure. */
@Timeout(60)
class PartsWatchTest {
  private final List<String> complaints = new CopyOnWriteArrayList<>();
  private final PartsWatch watch = new PartsWatch(complaints::add);
  private final CountDownLatch end = new CountDownLatch(1);

  @Test
  void partThatEnds_endsTheInstanceAndIsNamed() throws Exception {
    watch.watch("sink", new CountDownLatch(1)::await, () -> null);
    watch.watch("ClickHouse", end::await, () -> "its process keeps dying");

    end.countDown();

    assertThat(watch.awaitEnd()).isFalse();
    assertThat(complaints)
        .containsExactly(
            "tributary: ClickHouse has ended, and so does the instance: its process keeps dying");
  }

  @Test
  void partThatSaysNothing_isNamedAllTheSame() throws Exception {
    watch.watch("alert router", end::await, () -> null);

    end.countDown();

    assertThat(watch.awaitEnd()).isFalse();
    assertThat(complaints).singleElement().asString().contains("alert router", "the log");
  }

  @Test
  void watchThatFails_doesNotLetTheInstanceHang() throws Exception {
    watch.watch(
        "eval worker",
        () -> {
          throw new IllegalStateException("planted");
        },
        () -> null);

    assertThat(watch.awaitEnd()).isFalse();
    assertThat(complaints).singleElement().asString().contains("eval worker", "planted");
  }

  @Test
  void endsOfAClose_areNoFailure() throws Exception {
    CountDownLatch seen = new CountDownLatch(1);
    watch.watch(
        "sink",
        () -> {
          end.await();
          seen.countDown();
        },
        () -> "planted");

    assertThat(watch.closing()).isTrue();
    end.countDown();
    seen.await();
    watch.closed();

    assertThat(watch.awaitEnd()).isTrue();
    assertThat(complaints).isEmpty();
    assertThat(watch.closing()).isFalse();
  }

  /** What the part would have done never comes. */
  @Test
  void workThatWaitsForAPart_endsWithIt() throws Exception {
    CountDownLatch waiting = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    watch.watch("sink", end::await, () -> "planted");

    CompletableFuture<Optional<String>> answer =
        inBackground(
            () -> {
              waiting.countDown();
              try {
                new CountDownLatch(1).await();
              } finally {
                interrupted.countDown();
              }
              return "never";
            });
    waiting.await();
    end.countDown();

    assertThat(answer.get()).isEmpty();
    interrupted.await();
    assertThat(watch.awaitEnd()).isFalse();
    assertThat(complaints).singleElement().asString().contains("sink", "planted");
  }

  @Test
  void workThatIsDone_answers() throws Exception {
    watch.watch("sink", end::await, () -> "planted");

    assertThat(watch.whileWhole(() -> "done")).contains("done");
    assertThatThrownBy(
            () ->
                watch.whileWhole(
                    () -> {
                      throw new IOException("refused");
                    }))
        .isInstanceOf(IOException.class)
        .hasMessage("refused");
  }

  @Test
  void workOfAnInstanceThatIsClosed_ends() throws Exception {
    CompletableFuture<Optional<String>> answer =
        inBackground(
            () -> {
              new CountDownLatch(1).await();
              return "never";
            });

    assertThat(watch.closing()).isTrue();
    watch.closed();

    assertThat(answer.get()).isEmpty();
    assertThat(watch.awaitEnd()).isTrue();
  }

  /** A part that is started again with other settings is no part that is gone. */
  @Test
  void endThatWasAskedFor_isNoFailure() throws Exception {
    CountDownLatch seen = new CountDownLatch(1);
    Runnable askedFor =
        watch.watch(
            "cost",
            () -> {
              end.await();
              seen.countDown();
            },
            () -> "planted");

    askedFor.run();
    end.countDown();
    seen.await();
    watch.watch("sink", () -> {}, () -> "the only one");

    assertThat(watch.awaitEnd()).isFalse();
    assertThat(complaints).singleElement().asString().contains("sink");
  }

  private CompletableFuture<Optional<String>> inBackground(Callable<String> work) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return watch.whileWhole(work);
          } catch (Exception e) {
            throw new CompletionException(e);
          }
        });
  }
}
