package dev.tributary.anomaly.core.series;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.anomaly.core.StateReader;
import dev.tributary.anomaly.core.StateWriter;
import java.math.BigDecimal;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class StepSumsTest {
  /** Of a score that weighs one and a score that weighs nine. */
  private static final double SQUARES = 82;

  @Test
  void save_everything_isReadBack() {
    StepSums read = StepSums.load(new StateReader(saved(500)));

    assertThat(read.count(Tally.CALLS)).isEqualTo(7);
    assertThat(read.count(Tally.OUTPUT_TOKENS)).isEqualTo(500);
    assertThat(read.cost()).isEqualByComparingTo("1.25");
    assertThat(read.distribution("latency_us").total()).isEqualTo(7);
    assertThat(read.scoreMean("evaluator.faithfulness")).isEqualTo(0.5);
    assertThat(read.scoreSamples("evaluator.faithfulness")).isEqualTo(100 / SQUARES);
  }

  /** Windows that a version kept which knew nothing of squares go on as it counted. */
  @Test
  void load_savedWithoutSquares_countsScores() {
    byte[] bytes = saved(500);
    int added = new StateWriter().number(SQUARES).toBytes().length;
    StepSums read = StepSums.load(new StateReader(Arrays.copyOf(bytes, bytes.length - added)));

    assertThat(read.count(Tally.OUTPUT_TOKENS)).isEqualTo(500);
    assertThat(read.scoreSamples("evaluator.faithfulness")).isEqualTo(2);
  }

  @Test
  void scoreSamples_mergedOfUnequalWeights_areAsManyEqualOnesAsAreAsSure() {
    StepSums sums = new StepSums();
    sums.addScore("evaluator.tone", 220, 220, 110);
    StepSums one = new StepSums();
    one.addScore("evaluator.tone", 1, 100, 0);
    sums.merge(one);

    assertThat(sums.scoreSamples("evaluator.tone")).isEqualTo(320.0 * 320 / (220 + 10_000));
    assertThat(sums.scoreSamples("evaluator.none")).isZero();
  }

  /** Whatever the chance was that they were taken with, and however sums of it are rounded. */
  @Test
  void scoreSamples_ofEqualWeights_areTheScores() {
    for (double chance : new double[] {1, 0.3, 0.1, 0.07, 1e-6}) {
      StepSums sums = new StepSums();
      for (int count = 1; count <= 30; count++) {
        double weight = count / chance;
        double squares = count / chance / chance;
        StepSums window = new StepSums();
        window.addScore("evaluator.tone", count, weight, squares, weight / 2);
        sums.merge(window);
      }
      assertThat(sums.scoreSamples("evaluator.tone")).as("%s", chance).isEqualTo(465);
    }
  }

  /** Windows that a version kept which did not count output have all the rest. */
  @Test
  void load_savedByAnOlderVersion_hasNoOutput() {
    byte[] bytes = saved(0);
    int added = new StateWriter().whole(0).number(SQUARES).toBytes().length;
    StepSums read = StepSums.load(new StateReader(Arrays.copyOf(bytes, bytes.length - added)));

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
    sums.addScore("evaluator.faithfulness", 2, 10, SQUARES, 5);
    StateWriter to = new StateWriter();
    sums.save(to);
    return to.toBytes();
  }
}
