package dev.tributary.standalone.compare;

import dev.tributary.quality.Comparison;
import dev.tributary.runtime.config.Setting;
import dev.tributary.runtime.config.Settings;
import dev.tributary.runtime.run.RunOptions;
import dev.tributary.standalone.platform.SqlClient;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares new versions of prompts with the versions before them, and models that answer anew to a
 * name with those that did before, again and again, and writes an event for each dimension that
 * turns out to differ, once. It keeps no state: verdicts hold however often one looks, and an
 * event's id says what it is about, so that ClickHouse knows what was said before. Between its
 * writing and its loading an event may be written again, under the same id.
 */
public final class ComparisonWatch implements AutoCloseable {
  private static final Logger LOGGER = LoggerFactory.getLogger(ComparisonWatch.class);
  private static final Duration END = Duration.ofSeconds(10);

  /** How often it looks. */
  public static final Setting<Duration> INTERVAL =
      Setting.duration(
              "tributary.compare.watch-interval",
              "5min",
              "Time between two looks at new versions of prompts and models swapped behind a name, each"
                  + " compared with the one before")
          .atLeast(Duration.ofSeconds(1));

  private final ComparisonDesk desk;
  private final SqlClient sql;
  private final Clock clock;
  private final Counter events;
  private final Counter failures;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread made = new Thread(task, "comparison-watch");
            made.setDaemon(true);
            return made;
          });

  ComparisonWatch(Settings settings, MeterRegistry meters, Clock clock) {
    this.desk = new ComparisonDesk(settings, clock);
    this.sql = SqlClient.of(settings);
    this.clock = clock;
    this.events = meters.counter("tributary.comparison.events");
    this.failures = meters.counter("tributary.comparison.failures");
  }

  /** Looks for the first time after one interval. */
  public static ComparisonWatch start(Settings settings, RunOptions options) {
    ComparisonWatch watch = new ComparisonWatch(settings, options.meters(), options.clock());
    long everyMs = settings.get(INTERVAL).toMillis();
    // Never fails: look() catches what a look can throw.
    var unused =
        watch.thread.scheduleWithFixedDelay(watch::look, everyMs, everyMs, TimeUnit.MILLISECONDS);
    return watch;
  }

  private void look() {
    try {
      sweep();
    } catch (IOException | RuntimeException e) {
      // ClickHouse or Kafka is away: nothing is lost, the next look sees all there is. A look that
      // threw would be the last one.
      failures.increment();
      LOGGER.atWarn().addKeyValue("reason", e.getMessage()).log("versions were not compared");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * One look.
   *
   * @return how many events were written
   */
  int sweep() throws IOException, InterruptedException {
    Instant now = clock.instant();
    int written = 0;
    List<ArmSelection> comparisons =
        new ArrayList<>(Successors.comparisons(Successors.promptVersions(sql, now), now));
    comparisons.addAll(Successors.comparisons(Successors.returnedModels(sql, now), now));
    for (ArmSelection arms : comparisons) {
      written += desk.announce(arms, desk.compare(arms, Comparison.LIVE));
    }
    events.increment(written);
    return written;
  }

  @Override
  public void close() {
    thread.shutdownNow();
    try {
      if (!thread.awaitTermination(END.toMillis(), TimeUnit.MILLISECONDS)) {
        LOGGER.warn("a comparison goes on");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
