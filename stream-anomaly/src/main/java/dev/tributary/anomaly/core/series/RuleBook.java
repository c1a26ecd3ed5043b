package dev.tributary.anomaly.core.series;

import dev.tributary.anomaly.core.Direction;
import dev.tributary.anomaly.core.Policy;
import dev.tributary.anomaly.core.PolicyException;
import dev.tributary.anomaly.core.PolicyYaml;
import dev.tributary.anomaly.core.ValueKind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The rules of a tenant: the defaults, and the policies over them, the narrower ones last. */
public final class RuleBook {
  /** The rules without any policy. */
  public static final RuleBook DEFAULTS = new RuleBook(List.of());

  /** An hour of five-minute steps, over which a score must not sink. */
  private static final double FAITHFULNESS = 0.85;

  private static final int HOUR_OF_SCORES = 1;
  private static final int QUARTER = 3;

  /** Bounds of a tail probability, which are some ten times what they bound at few samples. */
  private static final double LIMIT_SURPRISE = 1e-3;

  private static final double HOURLY_SURPRISE = 0.05;

  /** Endpoints swing more than features: the field asks for three times their spend. */
  private static final String ENDPOINTS = "provider_surface_model";

  private static final double ENDPOINT_FACTOR = 3;

  private static final Policy ENDPOINT_SPEND =
      PolicyYaml.over(
          "endpoints", SeriesMetric.SPEND_PER_HOUR.policy(), Map.of("factor", ENDPOINT_FACTOR));

  private final List<PolicyRow> rows;

  /**
   * @throws PolicyException when two policies select the same
   */
  public RuleBook(List<PolicyRow> rows) {
    Map<String, String> seen = new HashMap<>();
    for (PolicyRow row : rows) {
      String before = seen.put(row.selection(), row.id());
      if (before != null) {
        throw new PolicyException(
            "policies " + before + " and " + row.id() + " select the same series and metric");
      }
    }
    refuseContradictions(rows);
    this.rows =
        rows.stream()
            .sorted(Comparator.comparingInt(PolicyRow::narrowness).thenComparing(PolicyRow::id))
            .toList();
  }

  /** Each policy over the defaults of each metric it is for, and every two that meet together. */
  private static void refuseContradictions(List<PolicyRow> rows) {
    for (SeriesMetric metric : SeriesMetric.values()) {
      for (PolicyRow first : rows) {
        for (PolicyRow second : rows) {
          if (isFor(first, metric)
              && isFor(second, metric)
              && first.meets(second)
              && first.narrowness() <= second.narrowness()) {
            Policy base = first.isOfLimits() ? limitPolicy(metric) : metric.policy();
            Policy one = PolicyYaml.over("policy " + first.id(), base, first.fields());
            PolicyYaml.over("policy " + second.id() + " over " + first.id(), one, second.fields());
          }
        }
      }
    }
  }

  private static boolean isFor(PolicyRow row, SeriesMetric metric) {
    return row.metric() == null || SeriesMetric.ofName(row.metric()) == metric;
  }

  /**
   * The rule of a metric against its baseline; null: a policy says it is not watched.
   *
   * @param name of the metric, as {@link Measured#name}
   */
  public @Nullable Rule baseline(SeriesKey key, SeriesMetric metric, String name) {
    Policy policy = metric.policy();
    if (metric == SeriesMetric.SPEND_PER_HOUR && key.groupingSet().equals(ENDPOINTS)) {
      policy = ENDPOINT_SPEND;
    }
    for (PolicyRow row : rows) {
      if (row.matches(key, name, false)) {
        if (!row.isEnabled()) {
          return null;
        }
        policy = over(row, policy);
      }
    }
    return Rule.baseline(policy);
  }

  /** The fixed rule of a metric; null: it has none. */
  public @Nullable Rule limit(SeriesKey key, SeriesMetric metric, String name) {
    double limit = defaultLimit(key, metric, name);
    Policy policy = limitPolicy(metric);
    for (PolicyRow row : rows) {
      if (row.matches(key, name, true)) {
        if (!row.isEnabled()) {
          return null;
        }
        policy = over(row, policy);
        limit = Double.isNaN(row.limit()) ? limit : row.limit();
      }
    }
    int windows = metric == SeriesMetric.SCORE ? HOUR_OF_SCORES : QUARTER;
    return Double.isNaN(limit) ? null : new Rule(policy, limit, windows);
  }

  /**
   * Whether a first sight that is an alarm is told.
   *
   * @param sight one of {@link PolicyRow#SIGHTS}
   * @param dimensions feature and model of it, by label
   */
  public boolean isTold(String sight, String environment, Map<String, String> dimensions) {
    return rows.stream().noneMatch(row -> row.matchesSight(sight, environment, dimensions));
  }

  /** Fixed rules are of features: other sets show the same calls again. */
  private static double defaultLimit(SeriesKey key, SeriesMetric metric, String name) {
    if (metric == SeriesMetric.TOOL_FAILURE_SHARE) {
      return key.groupingSet().equals("tool") ? 0.2 : Double.NaN;
    }
    // Untagged is what has no feature, so by feature it is all or nothing.
    if (metric == SeriesMetric.UNTAGGED_SHARE) {
      return key.groupingSet().equals("service") ? 0.2 : Double.NaN;
    }
    if (!key.groupingSet().equals("feature")) {
      return Double.NaN;
    }
    return switch (metric) {
      case LENGTH_SHARE -> 0.05;
      case REFUSAL_SHARE -> 0.1;
      case UNPRICED_SHARE -> 0.05;
      case SCORE -> name.endsWith(".faithfulness") ? FAITHFULNESS : Double.NaN;
      default -> Double.NaN;
    };
  }

  /**
   * Evidence of fixed rules. A share's means over a quarter of an hour have to persist as anything
   * else; a mean over an hour of scores has waited long enough.
   */
  private static Policy limitPolicy(SeriesMetric metric) {
    Policy d = metric.policy();
    boolean isHourly = metric == SeriesMetric.SCORE;
    return new Policy(
        ValueKind.SHARE,
        isHourly ? Direction.DROP : d.direction(),
        d.factor(),
        d.suddenFactor(),
        d.resolveFactor(),
        d.resolveWindows(),
        isHourly ? 1 : d.breaches(),
        isHourly ? 1 : d.outOf(),
        0,
        d.minimumSamples(),
        isHourly ? HOURLY_SURPRISE : LIMIT_SURPRISE,
        d.warmup(),
        d.season(),
        d.levelShiftAfter(),
        d.levelMemory(),
        d.reopenWithin());
  }

  /** What contradicts the broader policies it comes after is left out: it was refused alone. */
  private static Policy over(PolicyRow row, Policy base) {
    try {
      return PolicyYaml.over("policy " + row.id(), base, row.fields());
    } catch (PolicyException e) {
      return base;
    }
  }

  /** The policies, narrowest last. */
  public List<PolicyRow> rows() {
    return new ArrayList<>(rows);
  }
}
