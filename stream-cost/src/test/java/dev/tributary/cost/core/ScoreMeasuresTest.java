package dev.tributary.cost.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.tributary.cost.LedgerEntries;
import dev.tributary.schemas.Distribution;
import dev.tributary.schemas.Score;
import dev.tributary.schemas.ScoreSource;
import dev.tributary.schemas.ScoreStatus;
import dev.tributary.schemas.ScoreSums;
import dev.tributary.schemas.Window;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What one score adds to a window. */
class ScoreMeasuresTest {

  private static Window window(Score... scores) {
    ScoreCells cells = new ScoreCells(List.of(GroupingSet.of("feature", Dimension.FEATURE)));
    CombinedPart part = new CombinedPart();
    for (Score score : scores) {
      cells.read(score);
      cells.addTo(part);
    }
    return Windows.toRecord(
        cells.key(0).recordKey(), cells.key(0).startUs(), 1, false, part.sums());
  }

  private static Score score(Double value, Double probability) {
    return LedgerEntries.score("s", LedgerEntries.BASE_US, value, probability);
  }

  /** A share of failed evaluations must not hold those that nobody wanted. */
  @ParameterizedTest
  @CsvSource({
    "SCORED, 1, 0, 0, 0",
    "FAILED, 0, 1, 0, 0",
    "EXPIRED, 0, 1, 0, 0",
    "REFUSED, 0, 1, 0, 0",
    "NOT_SAMPLED, 0, 0, 0, 1"
  })
  void status_isCountedApart(
      ScoreStatus status, long scored, long failed, long unvalued, long notSampled) {
    Score score = score(0.5, null);
    score.setStatus(status);

    ScoreSums sums = window(score).getScores().get(0);

    assertThat(sums.getN()).isEqualTo(scored);
    assertThat(sums.getFailed()).isEqualTo(failed);
    assertThat(sums.getUnvalued()).isEqualTo(unvalued);
    assertThat(sums.getNotSampled()).isEqualTo(notSampled);
    assertThat(sums.getWeight()).isEqualTo(scored);
  }

  @Test
  void labelAlone_isUnvalued_andInNoDistribution() {
    Window window = window(score(null, null));

    assertThat(window.getScores().get(0).getUnvalued()).isEqualTo(1);
    assertThat(window.getScores().get(0).getN()).isZero();
    assertThat(window.getDistributions()).isEmpty();
  }

  /** The distribution holds the values as they are, whatever they weigh. */
  @Test
  void distribution_isOfValues_unweighted() {
    Score thumb = score(0.0, null);
    thumb.setSource(ScoreSource.USER);
    List<Distribution> distributions =
        window(score(0.8, 0.01), score(0.8, null), thumb).getDistributions();

    assertThat(distributions)
        .extracting(Distribution::getMetric)
        .containsExactly("score.evaluator.faithfulness", "score.user.faithfulness");
    assertThat(distributions.get(0).getCounts()).containsExactly(2L);
    assertThat(SketchMapping.value(distributions.get(0).getIndexes().get(0)).doubleValue())
        .isCloseTo(0.8, withinPercentage(1));
    assertThat(distributions.get(1).getZeroCount()).isEqualTo(1);
    assertThat(distributions.get(1).getCounts()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.000001, 1.000001, Double.NaN, Double.POSITIVE_INFINITY})
  void value_outOfBounds_refused(double value) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> window(score(value, null)))
        .withMessageContaining("score");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -0.5, 1.000001, Double.NaN})
  void probability_outOfBounds_refused(double probability) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> window(score(0.5, probability)))
        .withMessageContaining("score");
  }

  /** What never was a value is not looked at: a failed evaluation states none that holds. */
  @Test
  void valueOfAFailedOne_isNotLookedAt() {
    Score failed = score(7.0, 3.0);
    failed.setStatus(ScoreStatus.FAILED);

    assertThat(window(failed).getScores().get(0).getFailed()).isEqualTo(1);
  }
}
