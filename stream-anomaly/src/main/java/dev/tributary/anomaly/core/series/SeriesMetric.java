package dev.tributary.anomaly.core.series;

import dev.tributary.anomaly.core.Direction;
import dev.tributary.anomaly.core.Policy;
import dev.tributary.anomaly.core.ValueKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What is watched of a series, with the defaults of its rule. The order is the order of leading: of
 * two episodes of one series and one family the earlier metric speaks for both.
 */
public enum SeriesMetric {
  /** Known cost per hour. A dollar an hour is worth a message; five calls make a spend. */
  SPEND_PER_HOUR(Family.COST, ValueKind.AMOUNT, Direction.RISE, 1, 5),
  /** Cost of a call; a p95 needs 100 of them. */
  COST_PER_CALL_P95(Family.COST, ValueKind.AMOUNT, Direction.RISE, 0.001, 100),
  INPUT_TOKENS_PER_CALL_P95(Family.COST, ValueKind.AMOUNT, Direction.RISE, 500, 100),
  OUTPUT_TOKENS_PER_CALL_P95(Family.COST, ValueKind.AMOUNT, Direction.RISE, 200, 100),
  /** Share of input tokens read from the cache. */
  CACHE_HIT_RATIO(Family.COST, ValueKind.SHARE, Direction.DROP, 0.1, 30),
  /** Tool loops over closed traces. */
  TOOL_LOOP_SHARE(Family.COST, ValueKind.AMOUNT, Direction.RISE, 0.05, 30),
  CALLS(Family.COST, ValueKind.AMOUNT, Direction.RISE, 50, 0),
  ERROR_SHARE(Family.ERRORS, ValueKind.SHARE, Direction.RISE, 0.05, 30),
  FALLBACK_SHARE(Family.ERRORS, ValueKind.SHARE, Direction.RISE, 0.05, 30),
  RETRY_SHARE(Family.ERRORS, ValueKind.SHARE, Direction.RISE, 0.05, 30),
  TOOL_FAILURE_SHARE(Family.ERRORS, ValueKind.SHARE, Direction.RISE, 0.05, 30),
  LATENCY_US_P95(Family.LATENCY, ValueKind.AMOUNT, Direction.RISE, 500_000, 100),
  TTFT_US_P95(Family.LATENCY, ValueKind.AMOUNT, Direction.RISE, 200_000, 100),
  REFUSAL_SHARE(Family.ANSWERS, ValueKind.SHARE, Direction.RISE, 0.05, 30),
  LENGTH_SHARE(Family.ANSWERS, ValueKind.SHARE, Direction.RISE, 0.05, 30),
  CONTENT_FILTER_SHARE(Family.ANSWERS, ValueKind.SHARE, Direction.RISE, 0.05, 30),
  EMPTY_RETRIEVAL_SHARE(Family.ANSWERS, ValueKind.SHARE, Direction.RISE, 0.05, 30),
  /** Mean of a score, by the hour; the name continues with source and name of the score. */
  SCORE(Family.QUALITY, ValueKind.SHARE, Direction.DROP, 0.05, 10),
  UNTAGGED_SHARE(Family.COVERAGE, ValueKind.SHARE, Direction.RISE, 0.05, 30),
  UNPRICED_SHARE(Family.COVERAGE, ValueKind.SHARE, Direction.RISE, 0.05, 30);

  private static final double HOUR_US = 3_600e6;
  private static final int P95 = 95;

  private final Family family;

  @SuppressWarnings("ImmutableEnumChecker") // a record of numbers, durations and enums
  private final Policy policy;

  private final String label = name().toLowerCase(Locale.ROOT);

  SeriesMetric(
      Family family, ValueKind values, Direction direction, double floor, double minimumSamples) {
    this.family = family;
    Policy d = Policy.DEFAULT;
    this.policy =
        new Policy(
            values,
            direction,
            d.factor(),
            d.suddenFactor(),
            d.resolveFactor(),
            d.resolveWindows(),
            d.breaches(),
            d.outOf(),
            floor,
            minimumSamples,
            d.surprise(),
            d.warmup(),
            d.season(),
            d.levelShiftAfter(),
            d.levelMemory(),
            d.reopenWithin());
  }

  /** What moves together with it. */
  public Family family() {
    return family;
  }

  /** The rule unless a policy says otherwise. */
  public Policy policy() {
    return policy;
  }

  /** The name in records and policies. */
  public String label() {
    return label;
  }

  /** Whether the value is compared by its distance, not its ratio, when it is told. */
  public boolean isShare() {
    return policy.values() == ValueKind.SHARE;
  }

  /** Steps that make one value: scores are few, so they are gathered by the hour. */
  long gatheredUs(long stepUs) {
    return this == SCORE ? Math.max(stepUs, (long) HOUR_US) : stepUs;
  }

  /** The metric of a name in a policy; null: none. */
  public static @Nullable SeriesMetric ofName(String name) {
    if (name.startsWith(SCORE.label + '.')) {
      return SCORE;
    }
    for (SeriesMetric metric : values()) {
      if (metric.label.equals(name)) {
        return metric;
      }
    }
    return null;
  }

  /** All that the sums of a step can say, in the order of the metrics. */
  static List<Measured> measure(StepSums sums, long stepUs) {
    List<Measured> all = new ArrayList<>();
    for (SeriesMetric metric : values()) {
      metric.addTo(all, sums, stepUs);
    }
    return all;
  }

  private void addTo(List<Measured> all, StepSums sums, long stepUs) {
    switch (this) {
      case SPEND_PER_HOUR -> {
        double perHour = sums.cost().doubleValue() * HOUR_US / stepUs;
        if (perHour != 0 || sums.count(Tally.CALLS) > 0) {
          long calls = sums.count(Tally.CALLS);
          double tokens = sums.weighedTokens() * HOUR_US / stepUs;
          all.add(new Measured(this, label, perHour, (double) calls, 1, tokens));
        }
      }
      case CALLS -> {
        if (sums.count(Tally.CALLS) > 0) {
          amount(all, (double) sums.count(Tally.CALLS), sums.count(Tally.CALLS));
        }
      }
      case COST_PER_CALL_P95 -> percentile(all, sums, "cost_usd");
      case INPUT_TOKENS_PER_CALL_P95 -> percentile(all, sums, "input_tokens");
      case OUTPUT_TOKENS_PER_CALL_P95 -> percentile(all, sums, "output_tokens");
      case LATENCY_US_P95 -> percentile(all, sums, "latency_us");
      case TTFT_US_P95 -> percentile(all, sums, "ttft_us");
      case CACHE_HIT_RATIO -> cacheHits(all, sums);
      case TOOL_LOOP_SHARE -> share(all, sums, Tally.TOOL_LOOPS, Tally.TRACES);
      case ERROR_SHARE -> share(all, sums, Tally.ERRORS, Tally.CALLS);
      case RETRY_SHARE -> share(all, sums, Tally.RETRIES, Tally.CALLS);
      case FALLBACK_SHARE -> share(all, sums, Tally.FALLBACKS, Tally.CALLS);
      case TOOL_FAILURE_SHARE -> share(all, sums, Tally.TOOL_FAILURES, Tally.TOOL_CALLS);
      case REFUSAL_SHARE -> share(all, sums, Tally.REFUSALS, Tally.FINISHED_CALLS);
      case LENGTH_SHARE -> share(all, sums, Tally.LENGTH_STOPS, Tally.FINISHED_CALLS);
      case CONTENT_FILTER_SHARE -> share(all, sums, Tally.CONTENT_FILTERS, Tally.FINISHED_CALLS);
      case EMPTY_RETRIEVAL_SHARE ->
          share(all, sums, Tally.EMPTY_RETRIEVALS, Tally.COUNTED_RETRIEVALS);
      case UNTAGGED_SHARE -> share(all, sums, Tally.UNTAGGED_CALLS, Tally.CALLS);
      case UNPRICED_SHARE -> share(all, sums, Tally.UNPRICED_CALLS, Tally.CALLS);
      case SCORE -> scores(all, sums);
    }
  }

  private void amount(List<Measured> all, double value, long samples) {
    all.add(new Measured(this, label, value, (double) samples, 1));
  }

  private void percentile(List<Measured> all, StepSums sums, String distribution) {
    Buckets buckets = sums.distribution(distribution);
    long total = buckets.total();
    if (total > 0) {
      all.add(new Measured(this, label, buckets.percentile(P95), (double) total, (double) total));
    }
  }

  private void share(List<Measured> all, StepSums sums, Tally part, Tally of) {
    long whole = sums.count(of);
    if (whole > 0) {
      double share = sums.count(part) / (double) whole;
      all.add(new Measured(this, label, share, (double) whole, (double) whole));
    }
  }

  /** Shares of tokens, but as sure as there are calls. */
  private void cacheHits(List<Measured> all, StepSums sums) {
    long tokens = sums.count(Tally.INPUT_TOKENS);
    if (tokens > 0) {
      double share = sums.count(Tally.CACHE_READ_TOKENS) / (double) tokens;
      all.add(new Measured(this, label, share, (double) sums.count(Tally.CALLS), (double) tokens));
    }
  }

  private void scores(List<Measured> all, StepSums sums) {
    for (String name : sums.scoreNames()) {
      double samples = sums.scoreSamples(name);
      double mean = sums.scoreMean(name);
      if (samples > 0 && !Double.isNaN(mean)) {
        double weight = sums.scoreWeight(name);
        all.add(new Measured(this, label + '.' + name, mean, samples, weight));
      }
    }
  }
}
