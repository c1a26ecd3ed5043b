package dev.tributary.embedded.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The timeout ends a failure. */
@Timeout(60)
class SupervisorTest {
  private final List<Duration> pauses = new ArrayList<>();

  /** A child that is dead already, or one that lives until it is stopped. */
  private static final class FakeChild implements Supervisor.Child {
    private final CountDownLatch end;

    FakeChild(boolean isDead) {
      end = new CountDownLatch(isDead ? 0 : 1);
    }

    @Override
    public int waitFor() throws InterruptedException {
      end.await();
      return 134;
    }

    @Override
    public long pid() {
      return 1;
    }

    @Override
    public boolean isAlive() {
      return end.getCount() > 0;
    }

    @Override
    public void stop() {
      end.countDown();
    }
  }

  @Test
  void childThatKeepsDying_isGivenUp_andThatIsNoClose() throws Exception {
    Supervisor supervisor =
        new Supervisor(new FakeChild(true), () -> new FakeChild(true), pauses::add);

    supervisor.start();

    assertThat(supervisor.awaitEnd()).isFalse();
    assertThat(supervisor.hasGivenUp()).isTrue();
    assertThat(supervisor.restarts()).isEqualTo(Supervisor.MAX_RESTARTS_IN_A_ROW);
    assertThat(pauses).startsWith(Duration.ofMillis(200), Duration.ofMillis(400));
    assertThat(pauses).endsWith(Duration.ofSeconds(10));
  }

  @Test
  void startsThatFail_countAsDeaths() throws Exception {
    Supervisor supervisor =
        new Supervisor(
            new FakeChild(true),
            () -> {
              throw new EmbeddedClickHouseException("the port is taken");
            },
            pauses::add);

    supervisor.start();

    assertThat(supervisor.awaitEnd()).isFalse();
    assertThat(supervisor.restarts()).isZero();
  }

  /** The thread that would notice is gone; the child may live on, but nobody restarts it. */
  @Test
  void supervisorThatFails_hasGivenUp() throws Exception {
    Supervisor supervisor =
        new Supervisor(
            new FakeChild(true),
            () -> {
              throw new IllegalStateException("planted");
            },
            pauses::add);

    supervisor.start();

    assertThat(supervisor.awaitEnd()).isFalse();
  }

  @Test
  void close_isAnEndThatWasAskedFor_alsoAfterDeaths() throws Exception {
    AtomicInteger starts = new AtomicInteger();
    CountDownLatch isWell = new CountDownLatch(1);
    Supervisor supervisor =
        new Supervisor(
            new FakeChild(true),
            () -> {
              boolean isDead = starts.incrementAndGet() < 3;
              if (!isDead) {
                isWell.countDown();
              }
              return new FakeChild(isDead);
            },
            pauses::add);

    supervisor.start();
    isWell.await();
    supervisor.close();

    assertThat(supervisor.awaitEnd()).isTrue();
    assertThat(supervisor.hasGivenUp()).isFalse();
    assertThat(supervisor.child().isAlive()).isFalse();
  }
}
