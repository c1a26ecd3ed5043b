package dev.tributary.anomaly.core.series;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.anomaly.core.StateReader;
import dev.tributary.anomaly.core.StateWriter;
import java.math.BigDecimal;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class StepSumsTest {
  @Test
  void save_everything_isReadBack() {
    StepSums read = StepSums.load(new StateReader(saved(500)));

    assertThat(read.count(Tally.CALLS)).isEqualTo(7);
    assertThat(read.count(Tally.OUTPUT_TOKENS)).isEqualTo(500);
    assertThat(read.cost()).isEqualByComparingTo("1.25");
    assertThat(read.distribution("latency_us").total()).isEqualTo(7);
    assertThat(read.scoreMean("evaluator.faithfulness")).isEqualTo(0.5);
  }

  /** Windows that a version kept which did not count output have all the rest. */
  @Test
  void load_savedByAnOlderVersion_hasNoOutput() {
    byte[] bytes = saved(0);
    StepSums read = StepSums.load(new StateReader(Arrays.copyOf(bytes, bytes.length - 1)));

    assertThat(read.count(Tally.OUTPUT_TOKENS)).isZero();
    assertThat(read.count(Tally.CACHE_READ_TOKENS)).isEqualTo(400);
    assertThat(read.scoreMean("evaluator.faithfulness")).isEqualTo(0.5);
  }

  @Test
  void weighedTokens_cachedOnesWeighATenthAndOutputFiveTimes() {
    assertThat(StepSums.load(new StateReader(saved(100))).weighedTokens())
        .isEqualTo(10 * 600 + 400 + 50 * 100);
  }

  @Test
  void merge_addsTokens() {
    StepSums sums = StepSums.load(new StateReader(saved(100)));
    sums.merge(StepSums.load(new StateReader(saved(0))));

    assertThat(sums.weighedTokens()).isEqualTo(2 * (10 * 600 + 400) + 50 * 100);
  }

  private static byte[] saved(long output) {
    StepSums sums = new StepSums();
    sums.add(Tally.CALLS, 7);
    sums.add(Tally.INPUT_TOKENS, 1_000);
    sums.add(Tally.CACHE_READ_TOKENS, 400);
    sums.add(Tally.OUTPUT_TOKENS, output);
    sums.addCost(new BigDecimal("1.25"));
    sums.distribution("latency_us").add(3, 7);
    sums.addScore("evaluator.faithfulness", 2, 2, 1);
    StateWriter to = new StateWriter();
    sums.save(to);
    return to.toBytes();
  }
}
