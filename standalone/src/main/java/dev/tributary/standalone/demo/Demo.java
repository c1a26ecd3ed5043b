package dev.tributary.standalone.demo;

import dev.tributary.runtime.config.Settings;
import dev.tributary.standalone.platform.PlatformException;
import dev.tributary.standalone.platform.SqlClient;
import dev.tributary.standalone.replay.OtlpSender;
import java.io.IOException;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Preloads the weeks before, sends the simulated company's traffic, waits until the ledger has it
 * and its one episode is known, and compares.
 */
public final class Demo {
  /** What the simulated traffic spans. */
  private static final Duration PERIOD = Duration.ofHours(2);

  /** Of the simulated traffic, how long the new prompt version is live. */
  private static final Duration RELEASED = Duration.ofMinutes(50);

  /** Windows of the last minutes still wait for their grace when everything is booked. */
  private static final Duration LAST_JUDGED = Duration.ofMinutes(30);

  /** With fewer traces chance is as large as the change, and nobody waits for an episode. */
  private static final long ENOUGH_TRACES = 20_000;

  private static final Duration POLL = Duration.ofMillis(500);

  /** How often the ledger is looked at while sending. */
  private static final Duration LOOK = Duration.ofSeconds(1);

  /** No new line for so long, and the demo gives up waiting and shows what is missing. */
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  /**
   * What to simulate.
   *
   * @param otlp receiver to send to
   * @param seed decides the traffic
   * @param traces traces to send
   * @param wallTime time to send them in, if the receiver keeps up
   */
  public record Options(URI otlp, long seed, long traces, Duration wallTime) {}

  /** Shows progress that the next call replaces. */
  public interface Progress {
    /** Shows a formatted line. */
    void show(String format, Object... values);
  }

  private final Options options;
  private final Settings settings;
  private final SqlClient sql;

  /**
   * A demo against a running instance.
   *
   * @param settings the instance's
   */
  public Demo(Options options, Settings settings, SqlClient sql) {
    this.options = options;
    this.settings = settings;
    this.sql = sql;
  }

  /** How much faster than real time traffic goes by that is sent in the given time. */
  public static long speed(Duration wallTime) {
    return Math.max(1, PERIOD.toMillis() / Math.max(1, wallTime.toMillis()));
  }

  /** Writes the company's ownership table: who owns each feature, whatever its spans state. */
  public static Path ownershipFile(Path folder) throws IOException {
    StringBuilder table = new StringBuilder("rules:\n");
    for (Feature feature : Company.FEATURES) {
      table.append(
          """
            - id: owner-%s
              priority: 10
              match: {feature: %s}
              set: {team: %s}
          """
              .formatted(feature.name(), feature.name(), feature.team()));
    }
    Files.createDirectories(folder);
    return Files.writeString(folder.resolve("demo-ownership.yaml"), table);
  }

  /**
   * Writes the company's policies: it knows that the model it serves itself has no price, and that
   * its batch jobs state no tags.
   */
  public static Path policyFile(Path folder) throws IOException {
    Files.createDirectories(folder);
    return Files.writeString(
        folder.resolve("demo-policies.yaml"),
        """
        policies:
          - {id: own-model, metric: unpriced_share, feature: lead-scoring, rule: limit, enabled: false}
          - {id: batch-jobs, metric: untagged_share, service: %s, rule: limit, enabled: false}
        """
            .formatted(Company.UNTAGGED_SERVICE));
  }

  /**
   * Runs the demo.
   *
   * @param progress a line that changes
   * @param lines lines that stay
   * @param summary where the page at the end goes
   * @return whether ClickHouse has exactly what was sent
   */
  public boolean run(Progress progress, Consumer<String> lines, PrintWriter summary)
      throws IOException, InterruptedException {
    Found found = new Found(sql);
    requireEmpty(found);
    // Whole steps: the first one of the traffic is not half of history.
    long nowUs = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    long endUs = Math.floorDiv(nowUs, History.STEP_US) * History.STEP_US;
    Instant end = Instant.EPOCH.plus(endUs, ChronoUnit.MICROS);
    long usualUs = endUs - micros(RELEASED) / 2;
    new Preload(settings, options.seed())
        .run(endUs - micros(PERIOD), usualUs, tracesPerStep(), progress, lines);
    long startNanos = System.nanoTime();
    BookingRate rate = new BookingRate(options.traces());
    Books books = send(end, found, rate, progress);
    double sendSeconds = (System.nanoTime() - startNanos) / 1e9;
    lines.accept(
        "sent %,d spans of %,d traces in %.1f s: %,.0f spans/s"
            .formatted(books.spans(), books.traces(), sendSeconds, books.spans() / sendSeconds));
    awaitBooked(books, found, rate, progress);
    lines.accept(
        "into ClickHouse: %,.0f spans/s from the first tenth to the last; all closed after %.1f s"
            .formatted(
                rate.perSecond() * books.spans() / books.traces(),
                (System.nanoTime() - startNanos) / 1e9));
    try (Backlog backlog = new Backlog(settings)) {
      awaitSessions(books, found, backlog, progress);
    }
    if (options.traces() >= ENOUGH_TRACES) {
      try (Backlog backlog = new Backlog(settings)) {
        awaitEpisode(endUs, backlog, progress);
      }
    }
    return new Summary(sql, summary).print(books);
  }

  /** Everything in the ledger is compared with what this run sends. */
  private static void requireEmpty(Found found) throws IOException, InterruptedException {
    long[] booked = found.booked();
    if (booked[0] + booked[1] > 0) {
      throw new PlatformException(
          "the ledger holds %,d lines already, and the demo compares all lines with what it sends; give it a folder of its own with --data DIR"
              .formatted(booked[0] + booked[1]));
    }
  }

  private double tracesPerStep() {
    return (double) options.traces() * History.STEP_US / micros(PERIOD);
  }

  private static long micros(Duration duration) {
    return TimeUnit.NANOSECONDS.toMicros(duration.toNanos());
  }

  private Books send(Instant end, Found found, BookingRate rate, Progress progress)
      throws IOException, InterruptedException {
    Instant from = end.minus(PERIOD);
    long fromUs = TimeUnit.SECONDS.toMicros(from.getEpochSecond());
    Release release = Release.verbosePrompt(fromUs + micros(PERIOD) - micros(RELEASED));
    Traffic traffic = new Traffic(options.seed(), options.traces(), from, PERIOD, release);
    long speed = speed(options.wallTime());
    long startNanos = System.nanoTime();
    long nextLook = startNanos;
    try (OtlpSender sender = new OtlpSender(options.otlp())) {
      for (Traffic.Request request = traffic.next(); request != null; request = traffic.next()) {
        long eventUs = Math.max(0, request.untilUs() - fromUs);
        waitUntil(startNanos + TimeUnit.MICROSECONDS.toNanos(eventUs) / speed);
        sender.send(BodyPublishers.ofByteArray(request.body()), false);
        if (System.nanoTime() >= nextLook) {
          rate.at(System.nanoTime(), found.booked()[1]);
          nextLook = System.nanoTime() + LOOK.toNanos();
        }
        progress.show(
            "sending %3.0f %%  %,9d spans  simulated time %tT",
            traffic.progress() * 100,
            traffic.books().spans(),
            java.util.Date.from(from.plusMillis(eventUs / 1_000)));
      }
    }
    return traffic.books();
  }

  /** Waits until every span is booked and every trace closed, or nothing moves any more. */
  private void awaitBooked(Books books, Found found, BookingRate rate, Progress progress)
      throws IOException, InterruptedException {
    long lastChange = System.nanoTime();
    long lastSum = -1;
    while (true) {
      long[] booked = found.booked();
      rate.at(System.nanoTime(), booked[1]);
      if (booked[0] >= books.spans() && booked[1] >= books.traces()) {
        return;
      }
      if (booked[0] + booked[1] != lastSum) {
        lastSum = booked[0] + booked[1];
        lastChange = System.nanoTime();
      } else if (System.nanoTime() - lastChange > PATIENCE.toNanos()) {
        if (lastSum == 0) {
          throw new PlatformException("nothing has been booked for " + PATIENCE.toSeconds() + " s");
        }
        return;
      }
      progress.show(
          "booking  %,9d of %,d spans, %,d of %,d traces closed",
          booked[0], books.spans(), booked[1], books.traces());
      waitUntil(System.nanoTime() + POLL.toNanos());
    }
  }

  /** Sessions are a hop behind the ledger; what is wrong stays wrong and is shown. */
  private static void awaitSessions(Books books, Found found, Backlog backlog, Progress progress)
      throws IOException, InterruptedException {
    BigDecimal expected = books.dearestSession().getValue();
    while (found.dearestSession().getValue().compareTo(expected) != 0 && backlog.isShrinking()) {
      progress.show("joining the last sessions");
      waitUntil(System.nanoTime() + POLL.toNanos());
    }
  }

  /** Waits until the episode has come as far as the traffic; without one the demo goes on. */
  private void awaitEpisode(long endUs, Backlog backlog, Progress progress)
      throws IOException, InterruptedException {
    OpenEpisodes episodes = new OpenEpisodes(sql);
    while (!episodes.isKnownUntil(endUs - micros(LAST_JUDGED)) && backlog.isShrinking()) {
      progress.show("closing the last windows");
      waitUntil(System.nanoTime() + POLL.toNanos());
    }
  }

  private static void waitUntil(long nanoTime) throws InterruptedException {
    for (long left = nanoTime - System.nanoTime(); left > 0; left = nanoTime - System.nanoTime()) {
      LockSupport.parkNanos(left);
      if (Thread.interrupted()) {
        throw new InterruptedException("stopped while waiting");
      }
    }
  }
}
