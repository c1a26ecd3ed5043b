package dev.tributary.anomaly.core.watch;

import dev.tributary.anomaly.core.PolicyException;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The rules of a tenant for its queues: the defaults, and the policies over them. */
public final class QueueRules {
  /** The rules without any policy. */
  public static final QueueRules DEFAULTS = new QueueRules(List.of());

  /** Two looks at a queue are a minute apart: five of them are no hiccup of a worker. */
  private static final Duration SUSTAIN = Duration.ofMinutes(5);

  /**
   * The rule of a queue.
   *
   * @param most what is just not too much, seconds or jobs
   * @param sustainUs how long it must be too much before it is told, and no more before it is over
   */
  public record Limit(double most, long sustainUs) {}

  private final List<QueuePolicy> policies;

  /**
   * @throws PolicyException when two policies select the same
   */
  public QueueRules(List<QueuePolicy> policies) {
    Map<String, String> seen = new HashMap<>();
    for (QueuePolicy policy : policies) {
      String before = seen.put(policy.selection(), policy.id());
      if (before != null) {
        throw new PolicyException(
            "policies " + before + " and " + policy.id() + " select the same queues and metric");
      }
    }
    this.policies =
        policies.stream()
            .sorted(Comparator.comparingInt(QueuePolicy::narrowness).thenComparing(QueuePolicy::id))
            .toList();
  }

  /**
   * The rule of a queue; null: it is not watched.
   *
   * @param queue its environment, team, evaluator and route
   */
  public @Nullable Limit limit(QueueMetric metric, Map<String, String> queue) {
    double most = metric.limit(queue.get("route"));
    Duration sustain = SUSTAIN;
    for (QueuePolicy policy : policies) {
      if (policy.matches(metric, queue)) {
        if (!policy.isEnabled()) {
          return null;
        }
        most = Double.isNaN(policy.limit()) ? most : policy.limit();
        sustain = policy.sustain() == null ? sustain : policy.sustain();
      }
    }
    return Double.isNaN(most) ? null : new Limit(most, sustain.toMillis() * 1_000);
  }
}
