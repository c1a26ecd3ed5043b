package dev.tributary.anomaly.core.watch;

import dev.tributary.anomaly.core.PolicyException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A policy for queues of evaluations, as published.
 *
 * @param id name, unique per tenant
 * @param metric what it is for
 * @param selectors values that the queue must have: environment, team, evaluator, route
 * @param isEnabled false: what it selects is not watched
 * @param limit above which it is too much, seconds or jobs; NaN: as it was
 * @param sustain how long it must be too much, or no more; null: as it was
 */
public record QueuePolicy(
    String id,
    QueueMetric metric,
    Map<String, String> selectors,
    boolean isEnabled,
    double limit,
    @Nullable Duration sustain) {
  private static final List<String> SELECTORS =
      List.of("environment", "evaluator", "route", "team");
  private static final List<String> ROUTES = List.of("fast", "judge", "human");
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,99}");
  private static final Pattern DURATION = Pattern.compile("([0-9]{1,6})([smhd])");
  private static final Duration LONGEST = Duration.ofDays(1);

  public QueuePolicy {
    selectors = new TreeMap<>(selectors);
  }

  /** Whether a mapping is such a policy: its metric says so. */
  public static boolean is(Map<?, ?> mapping) {
    return QueueMetric.ofLabel(mapping.get("metric")) != null;
  }

  /**
   * Reads the mapping of a policy.
   *
   * @param source where it is from, for messages
   * @throws PolicyException naming source, key, value and what is allowed
   */
  public static QueuePolicy read(String source, Map<?, ?> mapping) {
    Map<String, Object> left = new TreeMap<>();
    mapping.forEach((key, value) -> left.put(String.valueOf(key), value));
    Object id = left.remove("id");
    if (id == null || !ID.matcher(id.toString()).matches()) {
      throw new PolicyException(source + ": id is " + id + "; allowed: letters, digits, _ . -");
    }
    String at = source + ": policy " + id;
    QueueMetric metric = QueueMetric.ofLabel(left.remove("metric"));
    if (metric == null) {
      throw new PolicyException(at + ": metric is none of a queue of evaluations");
    }
    Map<String, String> selectors = new TreeMap<>();
    for (String selector : SELECTORS) {
      Object value = left.remove(selector);
      if (value != null) {
        selectors.put(selector, value.toString());
      }
    }
    String route = selectors.get("route");
    if (route != null && !ROUTES.contains(route)) {
      throw refused(at, "route", route, String.join(", ", ROUTES));
    }
    Object enabled = left.remove("enabled");
    if (enabled != null && !(enabled instanceof Boolean)) {
      throw refused(at, "enabled", enabled, "true, false");
    }
    double limit = limit(at, left.remove("limit"));
    Duration sustain = sustain(at, left.remove("sustain"));
    if (!left.isEmpty()) {
      throw new PolicyException(
          at
              + ": unknown "
              + left.keySet()
              + "; allowed of "
              + metric.label()
              + ": environment, evaluator, route, team, enabled, limit, sustain");
    }
    boolean isEnabled = !Boolean.FALSE.equals(enabled);
    boolean statesRule = !Double.isNaN(limit) || sustain != null;
    if (isEnabled != statesRule) {
      throw new PolicyException(
          at
              + (isEnabled ? ": states nothing" : ": contradicts itself")
              + "; allowed: enabled: false alone, or limit, sustain");
    }
    return new QueuePolicy(id.toString(), metric, selectors, isEnabled, limit, sustain);
  }

  private static double limit(String at, @Nullable Object value) {
    if (value == null) {
      return Double.NaN;
    }
    if (value instanceof Number number && number.doubleValue() > 0 && number.doubleValue() <= 1e9) {
      return number.doubleValue();
    }
    throw refused(at, "limit", value, "above 0, at most 1000000000");
  }

  private static @Nullable Duration sustain(String at, @Nullable Object value) {
    if (value == null) {
      return null;
    }
    Matcher matcher = DURATION.matcher(value.toString());
    if (matcher.matches()) {
      long amount = Long.parseLong(matcher.group(1));
      Duration duration =
          switch (matcher.group(2)) {
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
          };
      if (duration.compareTo(LONGEST) <= 0) {
        return duration;
      }
    }
    throw refused(at, "sustain", value, "0s to 1d, as 90s, 30m, 24h");
  }

  private static PolicyException refused(String at, String key, Object value, String allowed) {
    return new PolicyException(at + ": " + key + " is " + value + "; allowed: " + allowed);
  }

  /** What it selects; two policies of equal selection contradict each other. */
  String selection() {
    return metric + "|" + selectors;
  }

  /** How narrowly it selects: the narrower policy wins. */
  int narrowness() {
    return selectors.size();
  }

  boolean matches(QueueMetric of, Map<String, String> queue) {
    return metric == of
        && selectors.entrySet().stream()
            .allMatch(wanted -> wanted.getValue().equals(queue.get(wanted.getKey())));
  }

  /** The fields as they are published. */
  public Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("type", "anomaly");
    map.put("id", id);
    map.put("metric", metric.label());
    map.putAll(selectors);
    if (!isEnabled) {
      map.put("enabled", false);
    }
    if (!Double.isNaN(limit)) {
      map.put("limit", limit);
    }
    if (sustain != null) {
      map.put("sustain", sustain.toSeconds() + "s");
    }
    return map;
  }
}
