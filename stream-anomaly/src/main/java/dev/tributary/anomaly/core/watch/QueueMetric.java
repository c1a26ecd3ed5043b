package dev.tributary.anomaly.core.watch;

import org.jspecify.annotations.Nullable;

/** What is watched of a queue of evaluations, with the limits that hold without a policy. */
public enum QueueMetric {
  /**
   * How long the oldest job waits. Deterministic evaluators answer in seconds; a judge has half an
   * hour before its job goes out again, so half of that is the time to look.
   */
  LAG("eval_lag_s", 300, 900),
  /**
   * How many jobs wait. From 2 000 of a judge on dispatch lowers its rates: samples get smaller
   * without anybody having decided that.
   */
  JOBS("eval_queue_jobs", 10_000, 2_000);

  private final String label;
  private final double fastLimit;
  private final double judgeLimit;

  QueueMetric(String label, double fastLimit, double judgeLimit) {
    this.label = label;
    this.fastLimit = fastLimit;
    this.judgeLimit = judgeLimit;
  }

  /** Its name in policies and episodes, unit last. */
  public String label() {
    return label;
  }

  /** The limit of a route without a policy; NaN: none. People answer when they can. */
  double limit(@Nullable String route) {
    if ("fast".equals(route)) {
      return fastLimit;
    }
    return "judge".equals(route) ? judgeLimit : Double.NaN;
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
