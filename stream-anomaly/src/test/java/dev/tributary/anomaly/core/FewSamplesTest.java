package dev.tributary.anomaly.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.anomaly.core.series.SeriesMetric;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Percentiles of windows that never have the samples that the rule asks for. */
class FewSamplesTest {
  private static final long SEED = Long.getLong("tributary.seed", 20261121);
  private static final long START_US = 1_772_409_600_000_000L;
  private static final long STEP_US = 300_000_000L;
  private static final int WEEK = 2016;
  private static final int SERIES = 10;
  private static final int WEEKS = 2;

  /** The metric asks for 100. */
  private static final Policy LATENCY = SeriesMetric.LATENCY_US_P95.policy();

  @ParameterizedTest
  @CsvSource({"65, 2", "40, 3", "26, 4"})
  void add_tenTimesAsSlow_opensWhenTheWindowsHaveTheSamplesTogether(int calls, int windows) {
    Random random = new Random(SEED);
    SeriesDetector detector = usual(random, calls);

    for (int window = 1; window <= windows; window++) {
      SeriesStatus status = add(detector, random, calls, 10);
      SeriesStatus expected = window < windows ? SeriesStatus.OK : SeriesStatus.OPEN;
      assertThat(status).as("seed %d, window %d", SEED, window).isEqualTo(expected);
    }
  }

  @Test
  void add_fewerThanAQuarterOfTheSamples_neverOpens() {
    Random random = new Random(SEED);
    SeriesDetector detector = usual(random, 24);

    for (int window = 0; window < 12; window++) {
      assertThat(add(detector, random, 24, 10)).isEqualTo(SeriesStatus.OK);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {26, 40, 65})
  void add_noiseOfFewCalls_opensAtMostOnceInAMonth(int calls) {
    Random random = new Random(SEED);
    int opened = 0;
    for (int series = 0; series < SERIES; series++) {
      SeriesDetector detector = new SeriesDetector(LATENCY, STEP_US);
      SeriesStatus before = SeriesStatus.OK;
      for (int window = 0; window < WEEKS * WEEK; window++) {
        int count = calls / 2 + random.nextInt(calls);
        SeriesStatus status =
            detector.add(START_US + window * STEP_US, p95(random, count, 1), count).status();
        opened += status == SeriesStatus.OPEN && before != SeriesStatus.OPEN ? 1 : 0;
        before = status;
      }
    }

    assertThat(opened)
        .as("seed %d: in %d weeks", SEED, SERIES * WEEKS)
        .isLessThanOrEqualTo(SERIES * WEEKS / 4);
  }

  /** A detector after ten days. */
  private static SeriesDetector usual(Random random, int calls) {
    SeriesDetector detector = new SeriesDetector(LATENCY, STEP_US);
    for (int window = 0; window < 10 * 288; window++) {
      detector.add(START_US + window * STEP_US, p95(random, calls, 1), calls);
    }
    return detector;
  }

  private static SeriesStatus add(
      SeriesDetector detector, Random random, int calls, double factor) {
    return detector.add(detector.lastUs() + STEP_US, p95(random, calls, factor), calls).status();
  }

  /** Of calls that take two seconds, now and then five, in microseconds. */
  private static double p95(Random random, int calls, double factor) {
    double[] all = new double[calls];
    for (int i = 0; i < calls; i++) {
      all[i] = 2e6 * factor * Math.exp(0.6 * random.nextGaussian());
    }
    Arrays.sort(all);
    return all[(int) Math.ceil(0.95 * calls) - 1];
  }
}
