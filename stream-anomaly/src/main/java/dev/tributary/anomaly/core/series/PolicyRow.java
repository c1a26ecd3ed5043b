package dev.tributary.anomaly.core.series;

import dev.tributary.anomaly.core.Policy;
import dev.tributary.anomaly.core.PolicyException;
import dev.tributary.anomaly.core.PolicyYaml;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A policy as published: what it selects, and what it changes there.
 *
 * @param id name, unique per tenant
 * @param metric metric it is for, or one of {@link #SIGHTS}; null: all metrics
 * @param environment environment it is for; null: all
 * @param groupingSet grouping set it is for; null: all
 * @param dimensions values that the series must have, by label
 * @param isOfLimits whether it is for the fixed rules, not for those against a baseline
 * @param isEnabled false: what it selects is not watched
 * @param limit limit of the fixed rule; NaN: as it was
 * @param fields fields of the rule that it states
 */
public record PolicyRow(
    String id,
    @Nullable String metric,
    @Nullable String environment,
    @Nullable String groupingSet,
    Map<String, String> dimensions,
    boolean isOfLimits,
    boolean isEnabled,
    double limit,
    Map<String, Object> fields) {
  /** First sights that are alarms by themselves; a policy can only switch them off. */
  public static final Set<String> SIGHTS = Set.of("returned_model", "unpriced_model");

  private static final Set<String> SIGHT_DIMENSIONS = Set.of("feature", "model");

  private static final Set<String> DIMENSIONS =
      Set.of(
          "agent",
          "cost_center",
          "experiment",
          "feature",
          "mcp_server",
          "model",
          "project",
          "prompt_name",
          "prompt_version",
          "provider",
          "region",
          "retrieval_source",
          "service",
          "surface",
          "team",
          "tool",
          "user_tier",
          "workspace");

  /**
   * Reads the mapping of a policy.
   *
   * @param source where it is from, for messages
   * @throws PolicyException naming source, key, value and what is allowed
   */
  public static PolicyRow read(String source, Map<?, ?> mapping) {
    Map<String, Object> left = new TreeMap<>();
    mapping.forEach((key, value) -> left.put(String.valueOf(key), value));
    String id = text(left, "id");
    if (id == null || !id.matches("[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")) {
      throw new PolicyException(source + ": id is " + id + "; allowed: letters, digits, _ . -");
    }
    String at = source + ": policy " + id;
    String metric = text(left, "metric");
    SeriesMetric known = metric == null ? null : SeriesMetric.ofName(metric);
    boolean isSight = metric != null && SIGHTS.contains(metric);
    if (metric != null && known == null && !isSight) {
      throw new PolicyException(at + ": metric is " + metric + "; allowed: " + names());
    }
    String environment = text(left, "environment");
    String groupingSet = text(left, "grouping_set");
    Map<String, String> dimensions = new TreeMap<>();
    for (String label : DIMENSIONS) {
      String value = text(left, label);
      if (value != null) {
        dimensions.put(label, value);
      }
    }
    boolean isEnabled = flag(at, left, "enabled");
    if (isSight) {
      boolean isWhole = groupingSet == null && SIGHT_DIMENSIONS.containsAll(dimensions.keySet());
      if (isEnabled || !isWhole || !left.isEmpty()) {
        throw new PolicyException(
            at + ": of " + metric + " is allowed: enabled: false, environment, feature, model");
      }
    }
    boolean isOfLimits = left.containsKey("limit") || "limit".equals(left.get("rule"));
    Object rule = left.remove("rule");
    boolean isKnown = rule == null || Set.of("limit", "baseline").contains(rule.toString());
    if (!isKnown || (isOfLimits && "baseline".equals(rule))) {
      throw new PolicyException(
          at + ": rule is " + rule + "; allowed: baseline, limit (with limit)");
    }
    double limit = limit(at, left.remove("limit"), known);
    Policy base = known == null ? Policy.DEFAULT : known.policy();
    if (left.containsKey("values")) {
      throw new PolicyException(at + ": values cannot be changed: the metric says what they are");
    }
    PolicyYaml.over(at, base, left);
    if (isEnabled && left.isEmpty() && Double.isNaN(limit)) {
      throw new PolicyException(
          at + ": states nothing; allowed: enabled: false, limit, or a field");
    }
    return new PolicyRow(
        id, metric, environment, groupingSet, dimensions, isOfLimits, isEnabled, limit, left);
  }

  /** What it selects; two policies of equal selection contradict each other. */
  public String selection() {
    return metric + "|" + environment + "|" + groupingSet + "|" + dimensions + "|" + isOfLimits;
  }

  /** How narrowly it selects: the narrower policy wins. */
  int narrowness() {
    return (metric == null ? 0 : 1)
        + (environment == null ? 0 : 1)
        + (groupingSet == null ? 0 : 1)
        + dimensions.size();
  }

  /** Whether a metric of a series can be selected by both. */
  boolean meets(PolicyRow other) {
    return isOfLimits == other.isOfLimits
        && agree(metric, other.metric)
        && agree(environment, other.environment)
        && agree(groupingSet, other.groupingSet)
        && dimensions.entrySet().stream()
            .allMatch(wanted -> agree(wanted.getValue(), other.dimensions.get(wanted.getKey())));
  }

  private static boolean agree(@Nullable String one, @Nullable String other) {
    return one == null || other == null || one.equals(other);
  }

  boolean matches(SeriesKey key, String metricName, boolean isLimit) {
    return isOfLimits == isLimit
        && (metric == null || metric.equals(metricName))
        && (environment == null || environment.equals(key.environment()))
        && (groupingSet == null || groupingSet.equals(key.groupingSet()))
        && dimensions.entrySet().stream()
            .allMatch(wanted -> wanted.getValue().equals(key.dimensions().get(wanted.getKey())));
  }

  boolean matchesSight(String sight, String of, Map<String, String> values) {
    return sight.equals(metric)
        && (environment == null || environment.equals(of))
        && values.entrySet().containsAll(dimensions.entrySet());
  }

  /** The fields as they are published. */
  public Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("type", "anomaly");
    map.put("id", id);
    put(map, "metric", metric);
    put(map, "environment", environment);
    put(map, "grouping_set", groupingSet);
    map.putAll(dimensions);
    if (isOfLimits) {
      map.put("rule", "limit");
    }
    if (!isEnabled) {
      map.put("enabled", false);
    }
    if (!Double.isNaN(limit)) {
      map.put("limit", limit);
    }
    map.putAll(fields);
    return map;
  }

  private static void put(Map<String, Object> map, String key, @Nullable String value) {
    if (value != null) {
      map.put(key, value);
    }
  }

  private static @Nullable String text(Map<String, Object> left, String key) {
    Object value = left.remove(key);
    return value == null ? null : value.toString();
  }

  private static boolean flag(String at, Map<String, Object> left, String key) {
    Object value = left.remove(key);
    if (value == null || value instanceof Boolean) {
      return !Boolean.FALSE.equals(value);
    }
    throw new PolicyException(at + ": " + key + " is " + value + "; allowed: true, false");
  }

  private static double limit(String at, @Nullable Object value, @Nullable SeriesMetric metric) {
    if (value == null) {
      return Double.NaN;
    }
    if (metric == null || !metric.isShare()) {
      throw new PolicyException(at + ": limit needs a metric that is a share or a score");
    }
    if (value instanceof Number number && number.doubleValue() > 0 && number.doubleValue() < 1) {
      return number.doubleValue();
    }
    throw new PolicyException(at + ": limit is " + value + "; allowed: above 0, below 1");
  }

  private static String names() {
    StringBuilder names = new StringBuilder();
    for (SeriesMetric metric : SeriesMetric.values()) {
      names.append(names.isEmpty() ? "" : ", ").append(metric.label());
      names.append(metric == SeriesMetric.SCORE ? ".<source>.<name>" : "");
    }
    return names.toString();
  }
}
