package dev.tributary.anomaly.core.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.anomaly.core.PolicyException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** From which limit on a queue is too much. */
class QueueRulesTest {
  private static final long MINUTE_US = 60_000_000L;

  private static Map<String, String> queue(String route) {
    return Map.of("environment", "production", "team", "blue", "evaluator", "tone", "route", route);
  }

  private static QueuePolicy policy(String id, String metric, Object... fields) {
    Map<String, Object> mapping = new HashMap<>(Map.of("id", id, "metric", metric));
    for (int i = 0; i < fields.length; i += 2) {
      mapping.put(fields[i].toString(), fields[i + 1]);
    }
    return QueuePolicy.read("p.yaml", mapping);
  }

  private static QueueRules.Limit limit(double most, long minutes) {
    return new QueueRules.Limit(most, minutes * MINUTE_US);
  }

  /** The limits that the README names. */
  @Test
  void defaults_areByRoute_andPeopleHaveNone() {
    QueueRules rules = QueueRules.DEFAULTS;

    assertThat(rules.limit(QueueMetric.LAG, queue("fast"))).isEqualTo(limit(300, 5));
    assertThat(rules.limit(QueueMetric.LAG, queue("judge"))).isEqualTo(limit(900, 5));
    assertThat(rules.limit(QueueMetric.JOBS, queue("fast"))).isEqualTo(limit(10_000, 5));
    assertThat(rules.limit(QueueMetric.JOBS, queue("judge"))).isEqualTo(limit(2_000, 5));
    assertThat(rules.limit(QueueMetric.LAG, queue("human"))).isNull();
    assertThat(rules.limit(QueueMetric.JOBS, queue("human"))).isNull();
  }

  @Test
  void policy_givesPeopleALimit() {
    QueueRules rules =
        new QueueRules(List.of(policy("p", "eval_lag_s", "route", "human", "limit", 86_400)));

    assertThat(rules.limit(QueueMetric.LAG, queue("human"))).isEqualTo(limit(86_400, 5));
    assertThat(rules.limit(QueueMetric.JOBS, queue("human"))).isNull();
    assertThat(rules.limit(QueueMetric.LAG, queue("judge"))).isEqualTo(limit(900, 5));
  }

  /** Whatever the order and the names they are published in. */
  @Test
  void narrowerPolicy_winsFieldByField() {
    List<QueuePolicy> policies =
        new ArrayList<>(
            List.of(
                policy("z", "eval_lag_s", "limit", 60, "sustain", "1h"),
                policy("b", "eval_lag_s", "team", "blue", "limit", 120),
                policy("a", "eval_lag_s", "team", "blue", "route", "judge", "sustain", "90s")));
    for (int i = 0; i < policies.size(); i++) {
      QueueRules rules = new QueueRules(policies);
      assertThat(rules.limit(QueueMetric.LAG, queue("judge")))
          .isEqualTo(new QueueRules.Limit(120, 90_000_000L));
      assertThat(rules.limit(QueueMetric.LAG, queue("fast"))).isEqualTo(limit(120, 60));
      assertThat(rules.limit(QueueMetric.LAG, Map.of("route", "fast"))).isEqualTo(limit(60, 60));
      Collections.rotate(policies, 1);
    }
  }

  @Test
  void disabled_isNotWatched_whereItSelects() {
    QueueRules rules =
        new QueueRules(
            List.of(policy("p", "eval_queue_jobs", "environment", "staging", "enabled", false)));

    assertThat(rules.limit(QueueMetric.JOBS, Map.of("environment", "staging", "route", "fast")))
        .isNull();
    assertThat(rules.limit(QueueMetric.JOBS, queue("fast"))).isEqualTo(limit(10_000, 5));
  }

  /** What is published is what was written: a policy is read again from there. */
  @Test
  void policy_isReadAsItIsPublished() {
    for (QueuePolicy policy :
        List.of(
            policy("a", "eval_lag_s", "route", "fast", "limit", 1.5, "sustain", "2h"),
            policy("b", "eval_lag_s", "team", "blue", "sustain", "1d"),
            policy("c", "eval_queue_jobs", "evaluator", "tone", "enabled", false))) {
      Map<String, Object> published = policy.toMap();
      assertThat(published).containsEntry("type", "anomaly");
      published.remove("type");

      assertThat(QueuePolicy.is(published)).isTrue();
      assertThat(QueuePolicy.read("p.yaml", published)).isEqualTo(policy);
    }
  }

  @Test
  void sustain_isWrittenInSecondsToDays() {
    assertThat(sustained("0s")).isZero();
    assertThat(sustained("90s")).isEqualTo(90);
    assertThat(sustained("15m")).isEqualTo(900);
    assertThat(sustained("24h")).isEqualTo(86_400);
    assertThat(sustained("1d")).isEqualTo(86_400);
    assertThatThrownBy(() -> sustained("25h"))
        .isInstanceOf(PolicyException.class)
        .hasMessage("p.yaml: policy p: sustain is 25h; allowed: 0s to 1d, as 90s, 30m, 24h");
  }

  private static long sustained(String text) {
    QueueRules rules = new QueueRules(List.of(policy("p", "eval_lag_s", "sustain", text)));
    QueueRules.Limit limit = rules.limit(QueueMetric.LAG, queue("judge"));
    assertThat(limit).isNotNull();
    return limit.sustainUs() / 1_000_000;
  }
}
