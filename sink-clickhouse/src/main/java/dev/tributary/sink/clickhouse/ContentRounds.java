package dev.tributary.sink.clickhouse;

import dev.tributary.runtime.http.DaemonThreads;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/**
 * Looks for text that must be gone at the start and every hour, on a thread of its own: loading
 * never waits for it. A round that fails is counted and logged, and the next one finds what it
 * left.
 */
final class ContentRounds implements AutoCloseable {
  static final Duration PERIOD = Duration.ofHours(1);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

  /** Deletes what must be gone. */
  interface Deletion extends AutoCloseable {
    /** Tells how many rows it deletes, as it goes; throws what ended it before all were. */
    void delete(Instant now, LongConsumer deleted);

    /** Ends a deletion that is under way, as far as this process goes. */
    @Override
    void close();
  }

  private final Deletion deletion;
  private final SinkMetrics metrics;
  private final Clock clock;
  private final ScheduledExecutorService thread;
  private volatile boolean isClosing;

  ContentRounds(
      Deletion deletion, SinkMetrics metrics, Clock clock, ScheduledExecutorService thread) {
    this.deletion = deletion;
    this.metrics = metrics;
    this.clock = clock;
    this.thread = thread;
  }

  /** The rounds of a process, begun. */
  static ContentRounds start(SinkConfig config, SinkMetrics metrics, Clock clock) {
    ContentRounds rounds =
        new ContentRounds(
            new ExpiredContent(config.clickHouse(), config.contentPolicies()),
            metrics,
            clock,
            Executors.newSingleThreadScheduledExecutor(new DaemonThreads("sink-content")));
    rounds.start();
    return rounds;
  }

  /** Begins with the first round, and returns at once. */
  @SuppressWarnings("FutureReturnValueIgnored") // an error ends the rounds, and their alert fires
  void start() {
    metrics.contentIsLookedFor(clock.instant());
    thread.scheduleAtFixedRate(this::round, 0, PERIOD.toSeconds(), TimeUnit.SECONDS);
  }

  /** One round, on the caller's thread; throws nothing. */
  void round() {
    Instant now = clock.instant();
    try {
      deletion.delete(now, metrics::contentDeleted);
      metrics.contentDeletedUntil(now);
    } catch (RuntimeException e) { // whatever it was, the next round tries again
      if (!isClosing) {
        metrics.error("content", e);
      }
    }
  }

  @Override
  public void close() {
    isClosing = true;
    thread.shutdownNow();
    deletion.close();
    try {
      if (!thread.awaitTermination(CLOSE_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
        return; // it waits for an answer that nobody needs any more, and keeps no process alive
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
