package dev.tributary.anomaly;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.runtime.metrics.MetricNames;
import dev.tributary.runtime.testing.ConservationCheck;
import dev.tributary.runtime.testing.Seeds;
import dev.tributary.runtime.testing.TopologyFixture;
import dev.tributary.schemas.Alert;
import dev.tributary.schemas.Topics;
import dev.tributary.schemas.Window;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;

/**
 * A step of many series is judged in slices, so that no transaction grows with their number. Where
 * a slice ends, and what comes in between, changes nothing of what is said.
 */
class SlicedStepsTest {
  private static final int WARM = 300;
  private static final int END = WARM + 40;
  private static final int FEATURES = 6;
  private static final Duration SLICE = Duration.ofMillis(10);

  private final long seed = Seeds.one();

  private static TopologyFixture fixture(int judgedAtOnce, int maxSeries) {
    return TopologyFixture.of(
        AnomalyMain.APP,
        Map.of(
            "tributary.topics.partitions", "1",
            "tributary.anomaly.max-series", Integer.toString(maxSeries),
            "tributary.anomaly.silent-after", "15m",
            "tributary.anomaly.amendable", "20m",
            "tributary.anomaly.judged-at-once", Integer.toString(judgedAtOnce)));
  }

  private static String feature(int number) {
    return "feature-" + number;
  }

  private static Window window(int number, int step, double cost, long revision) {
    Window window =
        WindowFeed.window(
            "feature", Map.of("feature", feature(number)), WindowFeed.step(step), 90, cost);
    window.setRevision(revision);
    return window;
  }

  /** What comes and goes: troubles that fall silent, late windows, steps that close together. */
  private static final class Log {
    private final Random random;
    private final WindowFeed feed;
    private final Runnable between;

    Log(long seed, TopologyFixture fixture, Runnable between) {
      this.random = new Random(seed);
      this.feed = new WindowFeed(fixture);
      this.between = between;
    }

    void feed() {
      for (int step = 0; step < END; step++) {
        for (int number = 0; number < FEATURES; number++) {
          windows(number, step);
        }
        // Some steps close with the next.
        if (step < WARM || random.nextInt(3) > 0) {
          feed.close(WindowFeed.step(step + 1));
        }
      }
      feed.close(WindowFeed.step(END));
      feed.close(WindowFeed.step(END + 12));
    }

    private void windows(int number, int step) {
      boolean isHit = step >= WARM + number && (step - WARM - number) % 20 < 6;
      boolean isSilent = step >= WARM && random.nextInt(6) == 0;
      double cost = (3 + 0.1 * random.nextGaussian()) * (isHit ? 8 : 1);
      int late = step - 1 - random.nextInt(6);
      boolean isLate = step >= WARM && random.nextInt(2) == 0;
      if (!isSilent) {
        send(window(number, step, cost, 1));
      }
      if (isLate) {
        send(window(random.nextInt(FEATURES + 1), late, cost + 1, 1 + random.nextInt(3)));
      }
    }

    private void send(Window window) {
      between.run();
      feed.send(window);
    }
  }

  private record Said(List<String> anomalies, List<Alert> alerts, Map<String, Long> counts) {}

  /** What is said when slices are let through by chance. */
  private Said run(int judgedAtOnce, int maxSeries, long slices) {
    try (TopologyFixture fixture = fixture(judgedAtOnce, maxSeries)) {
      Random clock = new Random(slices);
      Runnable between =
          () -> {
            if (clock.nextInt(3) == 0) {
              fixture.advance(SLICE);
            }
          };
      new Log(seed, fixture, between).feed();
      for (int i = 0; i < 100; i++) {
        fixture.advance(SLICE);
      }
      new ConservationCheck(fixture.meters(), "anomaly").assertHolds();
      Map<String, Long> counts =
          Map.of(
              "taken", fixture.count(MetricNames.SENT_PRIMARY),
              "dropped", fixture.count(MetricNames.DROPPED),
              "judged", fixture.count(AnomalyMetrics.SERIES_JUDGED));
      return new Said(
          fixture.rawOutput(Topics.ANOMALIES).readRecordsToList().stream()
              .map(SlicedStepsTest::text)
              .toList(),
          fixture.values(Topics.ALERTS),
          counts);
    }
  }

  private static String text(TestRecord<byte[], byte[]> each) {
    Base64.Encoder text = Base64.getEncoder();
    return text.encodeToString(each.key())
        + ' '
        + each.timestamp()
        + ' '
        + text.encodeToString(each.value());
  }

  @Test
  void slices_anyTiming_sameBytes() {
    Said whole = run(1_000, FEATURES + 1, 0);

    List<Said> sliced = new ArrayList<>();
    for (int judgedAtOnce : new int[] {1, 4}) {
      sliced.add(run(judgedAtOnce, FEATURES + 1, seed + judgedAtOnce));
    }

    assertThat(whole.anomalies()).as("seed %d", seed).hasSizeGreaterThan(40);
    assertThat(whole.alerts()).as("seed %d", seed).isNotEmpty();
    assertThat(sliced).as("seed %d", seed).allSatisfy(each -> assertThat(each).isEqualTo(whole));
  }

  /** Where some series are refused, they are refused whatever was judged by then. */
  @Test
  void slices_moreSeriesThanAllowed_sameBytes() {
    Said whole = run(1_000, FEATURES - 2, 0);
    Said sliced = run(1, FEATURES - 2, seed);

    assertThat(whole.anomalies()).as("seed %d", seed).isNotEmpty();
    assertThat(sliced).as("seed %d", seed).isEqualTo(whole);
  }

  @Test
  void close_manySeries_judgesSoManyAtOnce() {
    try (TopologyFixture fixture = fixture(10, 1_000)) {
      WindowFeed feed = new WindowFeed(fixture);
      for (int number = 0; number < 35; number++) {
        feed.send(window(number, 0, 3, 1));
      }

      feed.close(WindowFeed.step(1));
      List<Long> judged = new ArrayList<>();
      for (int slice = 0; slice < 5; slice++) {
        judged.add(fixture.count(AnomalyMetrics.SERIES_JUDGED));
        fixture.advance(SLICE);
      }

      assertThat(judged).containsExactly(10L, 20L, 30L, 35L, 35L);
    }
  }

  /** A window of the next step is taken while the one before is judged. */
  @Test
  void nextStep_whileTheOneBeforeIsJudged_isTaken() {
    try (TopologyFixture fixture = fixture(1, 1_000)) {
      WindowFeed feed = new WindowFeed(fixture);
      for (int number = 0; number < 5; number++) {
        feed.send(window(number, 0, 3, 1));
      }
      feed.close(WindowFeed.step(1));

      feed.send(window(4, 1, 3, 1));
      feed.send(window(4, 0, 4, 2));
      feed.close(WindowFeed.step(2));
      for (int slice = 0; slice < 10; slice++) {
        fixture.advance(SLICE);
      }

      assertThat(fixture.count(AnomalyMetrics.SERIES_JUDGED)).isEqualTo(6);
      assertThat(fixture.count(MetricNames.DROPPED)).isEqualTo(1);
    }
  }
}
