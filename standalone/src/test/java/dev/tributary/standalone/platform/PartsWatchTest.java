package dev.tributary.standalone.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
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
}
