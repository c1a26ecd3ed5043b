package dev.tributary.sink.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.runtime.testing.TestClock;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ContentRoundsTest {
  private static final Instant START = Instant.parse("2026-03-10T12:00:00Z");

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final SinkMetrics metrics = new SinkMetrics(meters);
  private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
  private final TestClock clock = new TestClock(START);

  /** Deletes so many rows, in this order; negative: and then ClickHouse is away. */
  private static final class Answers implements ContentRounds.Deletion {
    private final Deque<Long> rows;
    private final List<Instant> asked = new ArrayList<>();

    Answers(Long... rows) {
      this.rows = new ArrayDeque<>(List.of(rows));
    }

    @Override
    public void delete(Instant now, LongConsumer deleted) {
      asked.add(now);
      long answer = rows.remove();
      deleted.accept(Math.abs(answer));
      if (answer < 0) {
        throw new WriteFailedException("away");
      }
    }

    @Override
    public void close() {}
  }

  @AfterEach
  void stop() {
    thread.shutdownNow();
  }

  private double deleted() {
    return meters.get(SinkMetrics.CONTENT_DELETED).counter().count();
  }

  private Instant lastRound() {
    return Instant.ofEpochSecond(
        (long) meters.get(SinkMetrics.CONTENT_DELETED_UNTIL).gauge().value());
  }

  private double faults() {
    Counter faults = meters.find("tributary.errors").tag("stage", "content").counter();
    return faults == null ? 0 : faults.count();
  }

  @Test
  void round_thatFails_isCounted_andTheNextOneGoesOn() {
    Answers answers = new Answers(3L, -1L, 2L);
    ContentRounds rounds = new ContentRounds(answers, metrics, clock, thread);
    metrics.contentIsLookedFor(clock.instant());
    assertThat(lastRound()).as("before the first round").isEqualTo(START);

    clock.set(START.plusSeconds(10));
    rounds.round();
    assertThat(deleted()).isEqualTo(3);
    assertThat(lastRound()).isEqualTo(START.plusSeconds(10));
    assertThat(faults()).isZero();

    clock.set(START.plusSeconds(3610));
    rounds.round();
    assertThat(lastRound()).as("after a round that failed").isEqualTo(START.plusSeconds(10));
    assertThat(faults()).isEqualTo(1);
    assertThat(deleted()).as("what it had deleted before").isEqualTo(4);

    clock.set(START.plusSeconds(7210));
    rounds.round();
    assertThat(deleted()).isEqualTo(6);
    assertThat(lastRound()).isEqualTo(START.plusSeconds(7210));
    assertThat(answers.asked)
        .containsExactly(START.plusSeconds(10), START.plusSeconds(3610), START.plusSeconds(7210));
  }

  @Test
  void rounds_beginAtOnceAndEveryHour_whateverTheyTake() {
    List<Duration> times = new ArrayList<>();
    ScheduledThreadPoolExecutor noting =
        new ScheduledThreadPoolExecutor(1) {
          @Override
          public ScheduledFuture<?> scheduleAtFixedRate(
              Runnable round, long first, long period, TimeUnit unit) {
            times.add(Duration.of(first, unit.toChronoUnit()));
            times.add(Duration.of(period, unit.toChronoUnit()));
            return super.schedule(round, 1, TimeUnit.DAYS);
          }
        };
    try (ContentRounds rounds = new ContentRounds(new Answers(), metrics, clock, noting)) {
      rounds.start();
    }

    assertThat(times).containsExactly(Duration.ZERO, Duration.ofHours(1));
    assertThat(lastRound()).as("until the first round").isEqualTo(START);
  }

  @Test
  void close_whileARoundWaits_endsItWithoutAFault() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch closed = new CountDownLatch(1);
    AtomicInteger rounds = new AtomicInteger();
    ContentRounds.Deletion waiting =
        new ContentRounds.Deletion() {
          @Override
          public void delete(Instant now, LongConsumer deleted) {
            rounds.incrementAndGet();
            begun.countDown();
            boolean wasInterrupted = false;
            // Like a read from a socket: an interrupt does not end it, closing the client does.
            while (closed.getCount() > 0) {
              try {
                closed.await();
              } catch (InterruptedException e) {
                wasInterrupted = true;
              }
            }
            throw new WriteFailedException("closed, interrupted " + wasInterrupted);
          }

          @Override
          public void close() {
            closed.countDown();
          }
        };
    ContentRounds running = new ContentRounds(waiting, metrics, clock, thread);
    running.start();
    begun.await();

    running.close();

    assertThat(thread.isTerminated()).isTrue();
    assertThat(rounds).hasValue(1);
    assertThat(faults()).isZero();
    assertThat(lastRound()).isEqualTo(START);
  }
}
