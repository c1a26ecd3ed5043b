package dev.tributary.cost.core;

import dev.tributary.cost.core.ScoreTotals.Sum;
import dev.tributary.cost.core.ScoreTotals.Tally;
import dev.tributary.schemas.Score;
import dev.tributary.schemas.ScoreDirection;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;

/**
 * What one score adds to a window, worked out once and then added to the window of every grouping
 * set. Reused from score to score, for one thread.
 */
final class ScoreMeasures {
  /** Least inclusion probability: below it the squared weight would leave 128 bits in sums. */
  private static final BigDecimal LEAST_PROBABILITY = new BigDecimal("0.000001");

  private ScoreKey key = new ScoreKey("", "");
  private Tally tally = Tally.SCORED;
  private final long[] sums = new long[2 * Sum.SIZE];
  private boolean isZero;
  private int bucket;

  /**
   * Works out a score.
   *
   * @throws IllegalArgumentException when its value is not from 0 to 1, or its inclusion
   *     probability not from 0.000001 to 1
   */
  void read(Score score) {
    key = new ScoreKey(score.getName(), score.getSource().name().toLowerCase(Locale.ROOT));
    tally =
        switch (score.getStatus()) {
          case SCORED -> hasMeaning(score) ? Tally.SCORED : Tally.UNVALUED;
          case FAILED, EXPIRED, REFUSED, UNKNOWN -> Tally.FAILED;
          case NOT_SAMPLED -> Tally.NOT_SAMPLED;
        };
    if (tally == Tally.SCORED) {
      BigDecimal value = decimal(score.getValue());
      if (value.signum() < 0 || value.compareTo(BigDecimal.ONE) > 0) {
        throw new IllegalArgumentException(
            "value of score " + key.name() + " must be from 0 to 1: " + value);
      }
      readValue(value, weight(score));
    }
  }

  /** Whether it has a value, and it is known which end of it is good. */
  private static boolean hasMeaning(Score score) {
    return score.getValue() != null && score.getDirection() != ScoreDirection.UNKNOWN;
  }

  /** What was not sampled but came anyway, as users' scores do, stands for itself. */
  private static BigDecimal weight(Score score) {
    if (score.getInclusionProbability() == null) {
      return BigDecimal.ONE;
    }
    BigDecimal probability = decimal(score.getInclusionProbability());
    if (probability.compareTo(LEAST_PROBABILITY) < 0 || probability.compareTo(BigDecimal.ONE) > 0) {
      throw new IllegalArgumentException(
          "inclusion probability of score "
              + score.getName()
              + " must be from 0.000001 to 1: "
              + probability);
    }
    return BigDecimal.ONE.divide(probability, Int128.SCALE, RoundingMode.HALF_EVEN);
  }

  private static BigDecimal decimal(Double number) {
    if (number.isNaN() || number.isInfinite()) {
      throw new IllegalArgumentException("a score is a number: " + number);
    }
    return new BigDecimal(number.toString());
  }

  private void readValue(BigDecimal value, BigDecimal weight) {
    BigDecimal squared = weight.multiply(weight);
    set(Sum.W, weight);
    set(Sum.WW, squared);
    set(Sum.WX, weight.multiply(value));
    set(Sum.WXX, weight.multiply(value).multiply(value));
    set(Sum.WWX, squared.multiply(value));
    set(Sum.WWXX, squared.multiply(value).multiply(value));
    long[] unweighted = new long[2];
    Int128.set(unweighted, 0, value.setScale(Int128.SCALE, RoundingMode.HALF_EVEN));
    isZero = Int128.isZero(unweighted, 0);
    bucket = isZero ? 0 : SketchMapping.indexOfAmount(unweighted[0], unweighted[1]);
  }

  private void set(Sum sum, BigDecimal amount) {
    Int128.set(sums, sum.at(), amount.setScale(Int128.SCALE, RoundingMode.HALF_EVEN));
  }

  void addTo(PartialWindow window) {
    ScoreTotals totals = window.score(key);
    totals.count(tally, 1);
    if (tally != Tally.SCORED) {
      return;
    }
    for (Sum sum : Sum.values()) {
      totals.add(sum, sums[2 * sum.at()], sums[2 * sum.at() + 1]);
    }
    if (isZero) {
      totals.values().addZero(1);
    } else {
      totals.values().add(bucket, 1);
    }
  }
}
