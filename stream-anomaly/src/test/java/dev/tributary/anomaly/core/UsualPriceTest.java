package dev.tributary.anomaly.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Spend of few calls, one in twenty of which is twenty times as dear: its tokens are surer. */
class UsualPriceTest {
  private static final long SEED = Long.getLong("tributary.seed", 20261122);
  private static final long START_US = 1_772_409_600_000_000L;
  private static final long STEP_US = 300_000_000L;
  private static final int CALLS = 25;
  private static final int TEN_DAYS = 2880;
  private static final double DEAR = 20;
  private static final double USUAL = CALLS * (0.95 + 0.05 * DEAR);

  @Test
  void add_twiceTheTokensAndTwiceTheSpend_opensWithTheSecondWindow() {
    SeriesDetector detector = usual(true);

    assertThat(add(detector, 2.3, 2.3)).isEqualTo(SeriesStatus.OK);
    assertThat(add(detector, 2.3, 2.3)).isEqualTo(SeriesStatus.OPEN);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.7, 1, 1.4})
  void add_twiceTheSpendOfAsManyTokens_mayBeChanceYet(double volume) {
    SeriesDetector detector = usual(true);

    assertThat(add(detector, 2.3, volume)).isEqualTo(SeriesStatus.OK);
    assertThat(add(detector, 2.3, volume)).isEqualTo(SeriesStatus.OK);
  }

  /** The negative control: without the tokens the same spend is no more than chance. */
  @Test
  void add_volumeNeverKnown_mayBeChanceYet() {
    SeriesDetector detector = usual(false);

    assertThat(add(detector, 2.3, Double.NaN)).isEqualTo(SeriesStatus.OK);
    assertThat(add(detector, 2.3, Double.NaN)).isEqualTo(SeriesStatus.OK);
  }

  /** Five times the tokens of a cheap model are no spend. */
  @Test
  void add_manyTokensAndTheUsualSpend_staysClosed() {
    SeriesDetector detector = usual(true);

    for (int window = 0; window < 12; window++) {
      assertThat(add(detector, 1.2, 5)).isEqualTo(SeriesStatus.OK);
    }
  }

  /** What is not known when it matters is not missed either: the spend is judged by itself. */
  @Test
  void add_volumeUnknownWhenTheSpendRises_judgesTheSpendAlone() {
    SeriesDetector detector = usual(true);

    assertThat(add(detector, 4, Double.NaN)).isEqualTo(SeriesStatus.OK);
    assertThat(add(detector, 4, 0)).isEqualTo(SeriesStatus.OPEN);
  }

  @Test
  void add_halfTheTokensAndHalfTheSpend_opensWhereDropsMatter() {
    Policy drops = PolicyYaml.parse("test", "{direction: drop}").policy();
    SeriesDetector detector = usual(drops, true);

    assertThat(add(detector, 0.35, 0.35)).isEqualTo(SeriesStatus.OK);
    assertThat(add(detector, 0.35, 0.35)).isEqualTo(SeriesStatus.OPEN);
    SeriesDetector unknown = usual(drops, false);
    add(unknown, 0.35, Double.NaN);
    assertThat(add(unknown, 0.35, Double.NaN)).isEqualTo(SeriesStatus.OK);
  }

  private static SeriesDetector usual(boolean isVolumeKnown) {
    return usual(Policy.DEFAULT, isVolumeKnown);
  }

  /** A detector after ten days of calls that chance makes dear. */
  private static SeriesDetector usual(Policy policy, boolean isVolumeKnown) {
    Random random = new Random(SEED);
    SeriesDetector detector = new SeriesDetector(policy, STEP_US);
    for (int window = 0; window < TEN_DAYS; window++) {
      double spend = 0;
      double volume = 0;
      for (int call = 0; call < CALLS; call++) {
        double tokens = Math.exp(0.4 * random.nextGaussian() - 0.08);
        volume += tokens;
        spend += tokens * (random.nextInt(20) == 0 ? DEAR : 1);
      }
      double known = isVolumeKnown ? volume : Double.NaN;
      detector.add(START_US + window * STEP_US, spend, CALLS, known);
    }
    return detector;
  }

  private static SeriesStatus add(SeriesDetector detector, double spend, double volume) {
    return detector.add(detector.lastUs() + STEP_US, spend * USUAL, CALLS, volume * CALLS).status();
  }
}
