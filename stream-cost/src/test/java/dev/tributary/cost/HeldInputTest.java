package dev.tributary.cost;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.runtime.metrics.InputMetrics;
import dev.tributary.runtime.metrics.MetricNames;
import dev.tributary.runtime.testing.ConservationCheck;
import dev.tributary.schemas.TopicNames;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A driver of topologies commits after each record, so nothing is ever held there when it ends. */
class HeldInputTest {
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final InputMetrics input = new CostMetrics(meters, TopicNames.PLAIN).ledger(0);
  private final HeldInput held = new HeldInput(input);

  @AfterEach
  void everyRecord_isAccountedForOnce() {
    new ConservationCheck(meters, "cost").assertHolds();
  }

  @Test
  void whatTheCommitDrained_isSent_andTheTaskLeavesNothing() {
    take(3);
    held.sent();
    held.abandon();

    assertThat(counted()).containsExactly(3, 0, 0);
  }

  @Test
  void whatWasNotCommitted_isDroppedWithItsTask_andReadAgain() {
    take(2);
    held.sent();
    take(3);
    assertThat(counted()).containsExactly(2, 0, 3);

    held.abandon();
    held.abandon();

    assertThat(counted()).containsExactly(2, 3, 0);
  }

  private void take(int records) {
    for (int i = 0; i < records; i++) {
      input.received();
      held.took();
    }
  }

  /** Sent, dropped as reassigned, in state. */
  private double[] counted() {
    return new double[] {
      sum(MetricNames.SENT_PRIMARY),
      meters.find(MetricNames.DROPPED).tag(MetricNames.REASON, "REASSIGNED").counters().stream()
          .mapToDouble(counter -> counter.count())
          .sum(),
      meters.find(MetricNames.IN_STATE).gauges().stream().mapToDouble(gauge -> gauge.value()).sum()
    };
  }

  private double sum(String name) {
    return meters.find(name).counters().stream().mapToDouble(counter -> counter.count()).sum();
  }
}
