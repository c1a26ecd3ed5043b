package dev.tributary.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.schemas.Measures;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class WatchedSeriesTest {
  private static final long START_US = 1_772_409_600_000_000L;

  private final WatchedSeries series = new WatchedSeries(1, 250, 100);

  @Test
  void features_haveNamesOfTheirOwnAndShareKinds() {
    assertThat(series.windows()).isEqualTo(250);
    assertThat(series.kindOf(3)).isEqualTo(series.kindOf(103)).isNotEqualTo(series.kindOf(4));
    assertThat(WatchedSeries.key(3).text()).isNotEqualTo(WatchedSeries.key(103).text());
  }

  @Test
  void trouble_isTenTimesTheSpendOfTheSameCalls() {
    Measures usual = series.measures(0, START_US, 60_000_000, 1, new SplittableRandom(1));
    Measures dear = series.measures(0, START_US, 60_000_000, 10, new SplittableRandom(1));

    assertThat(dear.getCalls()).isEqualTo(usual.getCalls()).isPositive();
    assertThat(dear.getCost().doubleValue() / usual.getCost().doubleValue())
        .isBetween(9.999, 10.001);
  }

  /** A week of every kind shows the metrics that series are counted by, and no trouble. */
  @Test
  void week_isQuiet() {
    WatchedSeries few = new WatchedSeries(1, 3, 3);

    WarmStates states = WarmStates.learn(few, 1, START_US);

    assertThat(states).isNotNull();
  }
}
