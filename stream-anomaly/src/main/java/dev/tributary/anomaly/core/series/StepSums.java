package dev.tributary.anomaly.core.series;

import dev.tributary.anomaly.core.StateReader;
import dev.tributary.anomaly.core.StateWriter;
import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/** The sums of the windows of a series that make a step. */
public final class StepSums {
  /** Weighted sums of a score: its mean is value over weight. */
  private record ScoreSum(long count, double weight, double squares, double value) {
    ScoreSum plus(ScoreSum more) {
      return new ScoreSum(
          count + more.count, weight + more.weight, squares + more.squares, value + more.value);
    }

    ScoreSum withSquares(double known) {
      return new ScoreSum(count, weight, known, value);
    }
  }

  /** Behind everything else: windows that older versions kept end before it. */
  private static final Tally ADDED_LATER = Tally.OUTPUT_TOKENS;

  private final Map<Tally, Long> counts = new EnumMap<>(Tally.class);
  private final Map<String, Buckets> distributions = new TreeMap<>();
  private final Map<String, ScoreSum> scores = new TreeMap<>();
  private BigDecimal cost = BigDecimal.ZERO;

  /** Adds to a count. */
  public void add(Tally tally, long count) {
    counts.merge(tally, count, Long::sum);
  }

  public void addCost(BigDecimal amount) {
    cost = cost.add(amount);
  }

  /**
   * Adds scores that weigh the same.
   *
   * @param name source and name, as {@code evaluator.faithfulness}
   * @param weight of all of them together
   */
  public void addScore(String name, long count, double weight, double weightedValue) {
    addScore(name, count, weight, weight * weight / count, weightedValue);
  }

  /**
   * Adds weighted scores.
   *
   * @param name source and name, as {@code evaluator.faithfulness}
   * @param weight sum of their weights
   * @param squares sum of the squares of their weights
   */
  public void addScore(
      String name, long count, double weight, double squares, double weightedValue) {
    scores.merge(name, new ScoreSum(count, weight, squares, weightedValue), ScoreSum::plus);
  }

  /** The distribution of a name, to add to or to read. */
  public Buckets distribution(String name) {
    return distributions.computeIfAbsent(name, key -> new Buckets());
  }

  /** A count. */
  public long count(Tally tally) {
    return counts.getOrDefault(tally, 0L);
  }

  public BigDecimal cost() {
    return cost;
  }

  /** Its tokens as {@link WeighedTokens} weighs them. */
  double weighedTokens() {
    return WeighedTokens.of(
        count(Tally.INPUT_TOKENS), count(Tally.CACHE_READ_TOKENS), count(Tally.OUTPUT_TOKENS));
  }

  Iterable<String> scoreNames() {
    return scores.keySet();
  }

  /** As many scores that weigh the same would be as sure; 0 where there is none. */
  double scoreSamples(String name) {
    ScoreSum sum = scores.get(name);
    return sum == null || sum.count() <= 0
        ? 0
        : EqualSamples.of((double) sum.count(), sum.weight(), sum.squares());
  }

  /** How many a score's values stand for: each weighs one over the chance that it was taken. */
  double scoreWeight(String name) {
    ScoreSum sum = scores.get(name);
    return sum == null ? 0 : sum.weight();
  }

  /** Mean of a score; NaN where there is none. */
  double scoreMean(String name) {
    ScoreSum sum = scores.get(name);
    return sum == null || !(sum.weight() > 0) ? Double.NaN : sum.value() / sum.weight();
  }

  /** Adds the other's sums. */
  public void merge(StepSums other) {
    other.counts.forEach(this::add);
    cost = cost.add(other.cost);
    other.distributions.forEach((name, buckets) -> distribution(name).merge(buckets));
    other.scores.forEach((name, sum) -> scores.merge(name, sum, ScoreSum::plus));
  }

  /** Writes the sums. */
  public void save(StateWriter to) {
    for (Tally tally : Tally.values()) {
      if (tally != ADDED_LATER) {
        to.whole(count(tally));
      }
    }
    to.amount(cost).whole(distributions.size());
    distributions.forEach((name, buckets) -> buckets.save(to.text(name)));
    to.whole(scores.size());
    scores.forEach(
        (name, sum) -> to.text(name).whole(sum.count()).number(sum.weight()).number(sum.value()));
    to.whole(count(ADDED_LATER));
    scores.values().forEach(sum -> to.number(sum.squares()));
  }

  /** Reads what {@link #save} wrote. */
  public static StepSums load(StateReader from) {
    StepSums sums = new StepSums();
    for (Tally tally : Tally.values()) {
      if (tally != ADDED_LATER) {
        sums.add(tally, from.whole());
      }
    }
    sums.cost = from.amount();
    for (long i = from.whole(); i > 0; i--) {
      sums.distribution(from.text()).load(from);
    }
    for (long i = from.whole(); i > 0; i--) {
      sums.addScore(from.text(), from.whole(), from.number(), from.number());
    }
    if (from.hasMore()) {
      sums.add(ADDED_LATER, from.whole());
    }
    if (from.hasMore()) { // older versions took all of a window to weigh the same
      sums.scores.replaceAll((name, sum) -> sum.withSquares(from.number()));
    }
    return sums;
  }
}
