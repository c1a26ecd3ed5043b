package dev.tributary.anomaly.core.watch;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is watched of a queue of evaluations, with the limits that hold without a policy. */
public enum QueueMetric {
  /**
   * How long the oldest job waits. Deterministic evaluators answer in seconds; a judge has half an
   * hour before its job goes out again, so half of that is the time to look.
   */
  LAG("eval_lag_s", Map.of("fast", 300.0, "judge", 900.0)),
  /**
   * How many jobs wait. From 2 000 of a judge on dispatch lowers its rates: samples get smaller
   * without anybody having decided that.
   */
  JOBS("eval_queue_jobs", Map.of("fast", 10_000.0, "judge", 2_000.0));

  private final String label;
  private final Map<String, Double> limits;

  QueueMetric(String label, Map<String, Double> limits) {
    this.label = label;
    this.limits = limits;
  }

  /** Its name in policies and episodes, unit last. */
  public String label() {
    return label;
  }

  /** The limit of a route without a policy; NaN: none. People answer when they can. */
  double limit(@Nullable String route) {
    return route == null ? Double.NaN : limits.getOrDefault(route, Double.NaN);
  }

  /** The metric of a name; null: it is none of a queue. */
  public static @Nullable QueueMetric ofLabel(@Nullable Object label) {
    for (QueueMetric metric : values()) {
      if (metric.label.equals(label)) {
        return metric;
      }
    }
    return null;
  }
}
