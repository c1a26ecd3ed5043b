package dev.tributary.standalone.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.anomaly.core.Reading;
import dev.tributary.anomaly.core.SeriesDetector;
import dev.tributary.anomaly.core.SeriesStatus;
import dev.tributary.anomaly.core.series.SeriesMetric;
import dev.tributary.anomaly.core.series.WeighedTokens;
import dev.tributary.runtime.testing.Generator;
import dev.tributary.runtime.testing.Seeds;
import dev.tributary.schemas.Measures;
import dev.tributary.schemas.TokenSums;
import dev.tributary.schemas.Window;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Three weeks that foretell the demo's two hours, whatever the day and hour of the demo. */
class HistoryTest {
  private static final int WEEKS = 3 * 7 * 288;
  private static final int LIVE = 24;
  private static final int RELEASED = 10;
  private static final long SOME_TIME_US = 1_772_409_600_000_000L;

  /** The demo's default: 150,000 traces in 24 steps. */
  private static final double TRACES_PER_STEP = 6_250;

  private static final double HOURS = 12;

  static Stream<Long> seeds() {
    return Seeds.many(4);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void threeWeeks_openNothing_andTheReleaseOpensOne(long seed) {
    Generator generator = new Generator(seed);
    long nowUs = SOME_TIME_US + generator.between(0, 2_016) * History.STEP_US;
    Map<String, SeriesDetector> detectors = new HashMap<>();
    Set<String> opened = new TreeSet<>();
    List<History.Rate> rates = History.company(seed, TRACES_PER_STEP);
    // As the demo does: the season is that of the middle of the release.
    History history = new History(seed, nowUs + (LIVE - RELEASED / 2) * History.STEP_US);

    for (int step = -WEEKS; step < 0; step++) {
      long startUs = nowUs + step * History.STEP_US;
      add(history.step(startUs, rates), startUs, detectors, opened);
    }
    assertThat(opened).as("over three weeks, seed %d", seed).isEmpty();

    // The demo's traffic has no season: a flat history is what it looks like.
    List<History.Rate> released = released(rates, seed);
    List<Double> factors = new ArrayList<>();
    for (int step = 0; step < LIVE; step++) {
      long startUs = nowUs + step * History.STEP_US;
      List<History.Rate> live = step < LIVE - RELEASED ? rates : released;
      Map<String, Double> ratios =
          add(new History(seed + step, startUs).step(startUs, live), startUs, detectors, opened);
      if (step == LIVE - RELEASED - 1) {
        assertThat(opened).as("before the release, seed %d", seed).isEmpty();
      } else if (step >= LIVE - RELEASED) {
        factors.add(ratios.get("support-answer"));
      }
    }

    assertThat(opened).as("seed %d", seed).containsExactly("support-answer");
    // Of the release, not of one of its windows, which differ by chance.
    factors.sort(null);
    double factor = factors.get(RELEASED / 2);
    assertThat(factor).as("seed %d", seed).isBetween(2.0, 3.4);
  }

  private static List<History.Rate> released(List<History.Rate> rates, long seed) {
    Feature after = Release.verbosePrompt(0).feature();
    List<History.Rate> changed = new ArrayList<>(rates);
    changed.replaceAll(
        rate ->
            rate.trace().feature().equals(after.name())
                ? new History.Rate(
                    UsualTrace.of(after, new SplittableRandom(seed)), rate.tracesPerStep())
                : rate);
    return changed;
  }

  private static Map<String, Double> add(
      List<Window> windows,
      long startUs,
      Map<String, SeriesDetector> detectors,
      Set<String> opened) {
    Map<String, Double> ratios = new HashMap<>();
    for (Window window : windows) {
      String feature = window.getDimensions().get("feature");
      Measures measures = window.getMeasures();
      Reading reading =
          detectors
              .computeIfAbsent(
                  feature,
                  name -> new SeriesDetector(SeriesMetric.SPEND_PER_HOUR.policy(), History.STEP_US))
              .add(
                  startUs,
                  measures.getCost().doubleValue() * HOURS,
                  (double) measures.getCalls(),
                  tokens(measures.getTokens()));
      ratios.put(feature, reading.ratio());
      if (reading.status() == SeriesStatus.OPEN) {
        opened.add(feature);
      }
    }
    return ratios;
  }

  private static double tokens(TokenSums sums) {
    long input = sums.getInputUncached() + sums.getCacheRead();
    return WeighedTokens.of(input, sums.getCacheRead(), sums.getOutputText()) * HOURS;
  }

  @Test
  void sameSeed_sameWindows() {
    List<Window> once = windows(7);

    assertThat(windows(7)).isEqualTo(once);
    assertThat(windows(8)).isNotEqualTo(once);
    assertThat(once).hasSize(Company.FEATURES.size());
  }

  @Test
  void window_addsUp() {
    for (Window window : windows(3)) {
      Measures m = window.getMeasures();
      assertThat(m.getPricedCalls() + m.getUnpricedCalls())
          .as(window.getSeries())
          .isEqualTo(m.getCalls());
      assertThat(m.getCostByBucket().values().stream().reduce(BigDecimal.ZERO, BigDecimal::add))
          .isEqualByComparingTo(m.getCost());
      boolean isOwnModel = window.getDimensions().get("feature").equals("lead-scoring");
      assertThat(m.getUnpricedCalls() > m.getCallsWithoutUsage())
          .as(window.getSeries())
          .isEqualTo(isOwnModel);
    }
  }

  private static List<Window> windows(long seed) {
    return new History(seed, SOME_TIME_US)
        .step(SOME_TIME_US, History.company(seed, TRACES_PER_STEP));
  }
}
