package dev.tributary.anomaly.core.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.anomaly.scenario.Noise;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Counts of few after a forecast in parts of one, and the share of a change that is none. */
class ForecastCountsTest {
  private static final long SEED = 2_000;

  private static List<Slice> search(double mean, double factor, double others, long seed) {
    Random random = new Random(seed);
    CellTable table = new CellTable(List.of("region", "model", "feature"), false);
    for (int i = 0; i < 5 * 6 * 7; i++) {
      List<String> cell = List.of("r" + i % 5, "m" + i / 5 % 6, "f" + i / 30);
      double forecast = mean * Math.exp(random.nextGaussian());
      table.add(false, cell, forecast, 0);
      double by = i / 5 % 6 == 1 ? factor : others;
      table.add(true, cell, Noise.poisson(random, forecast * by), 0);
    }
    return SliceSearch.search(table);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.3, 0.5, 1.5, 5})
  void search_countsAsForecast_nameNothing(double mean) {
    for (long seed = SEED; seed < SEED + 20; seed++) {
      assertThat(search(mean, 1, 1, seed)).as("seed %d", seed).isEmpty();
    }
  }

  @Test
  void search_countsOfOneValueTreble_nameIt() {
    for (long seed = SEED; seed < SEED + 5; seed++) {
      Slice first = search(5, 3, 1, seed).get(0);

      assertThat(first.values()).isEqualTo(Map.of("model", "m1"));
      assertThat(first.share()).isBetween(0.6, 1.6);
    }
  }

  /** What one value gains the others have lost: a hundredfold of nearly nothing says nothing. */
  @Test
  void search_wholeStaysAsItWas_hasNoShare() {
    CellTable table = new CellTable(List.of("region", "model"), false);
    Random random = new Random(SEED);
    for (int i = 0; i < 6 * 6; i++) {
      List<String> cell = List.of("r" + i % 6, "m" + i / 6);
      double factor = i / 6 == 1 ? 1.5 : i / 6 == 2 ? 0.5 : 1;
      table.add(false, cell, 100, 0);
      table.add(true, cell, 100 * factor * (1 + 0.03 * random.nextGaussian()), 0);
    }

    List<Slice> found = SliceSearch.search(table);

    assertThat(found).isNotEmpty().allMatch(slice -> Double.isNaN(slice.share()));
  }
}
