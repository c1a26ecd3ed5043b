package dev.tributary.runtime.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.runtime.testing.ConservationCheck;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.junit.jupiter.api.Test;

class ModuleMetricsTest {
  private enum Reason {
    TOO_OLD
  }

  @Test
  void input_everyOutcome_satisfiesTheEquation() {
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    InputMetrics input = new ModuleMetrics(meters, "cost").input("in", 3);
    for (int i = 0; i < 15; i++) {
      input.received();
    }
    input.sentPrimary();
    input.sentPrimary(4);
    input.rejected(Reason.TOO_OLD);
    input.deadLettered();
    input.dropped("DUPLICATE");
    input.inState(9);
    input.inState(-2);

    new ConservationCheck(meters, "cost").assertHolds();
    assertThat(
            meters
                .counter(
                    MetricNames.REJECTED,
                    "module",
                    "cost",
                    "topic",
                    "in",
                    "partition",
                    "3",
                    "reason",
                    "TOO_OLD")
                .count())
        .isEqualTo(1.0);
  }

  /** What a task finds in its state was received by somebody else, or before a restart. */
  @Test
  void input_recordsTakenOver_satisfyTheEquation() {
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    InputMetrics input = new ModuleMetrics(meters, "cost").input("in", 3);
    input.tookOver(5);
    input.received();
    input.inState(1);
    input.inState(-4);
    input.sentPrimary(4);
    new ConservationCheck(meters, "cost").assertHolds();

    // the task goes, and leaves what waits in its state
    input.tookOver(-2);

    new ConservationCheck(meters, "cost").assertHolds();
    assertThat(meters.get(MetricNames.IN_STATE).gauge().value()).isZero();
    assertThat(meters.get(MetricNames.TAKEN_OVER).gauge().value()).isEqualTo(3);
  }

  /** What left a state that nobody counted would hide as many records that were lost. */
  @Test
  void conservation_moreLeftTheStateThanCame_isFound() {
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    InputMetrics input = new ModuleMetrics(meters, "cost").input("in", 0);
    input.received();
    input.inState(-1);
    input.sentPrimary(2);

    assertThatThrownBy(() -> new ConservationCheck(meters, "cost").assertHolds())
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("in_state -1");
  }

  /** A check that could not fail would prove nothing. */
  @Test
  void conservation_lostRecord_isFound() {
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    InputMetrics input = new ModuleMetrics(meters, "cost").input("in", 0);
    input.received();
    input.received();
    input.sentPrimary();

    assertThatThrownBy(() -> new ConservationCheck(meters, "cost").assertHolds())
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("received 2, taken_over 0, sent_primary 1");
  }

  /** The error routes keep counters of their own beside the topology's; both must be seen. */
  @Test
  void inState_secondInstance_keepsTheFirstGauge() {
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    InputMetrics routes = new ModuleMetrics(meters, "cost").input("in", 0);
    InputMetrics topology = new ModuleMetrics(meters, "cost").input("in", 0);

    routes.received();
    routes.deadLettered();
    topology.received();
    topology.inState(1);

    new ConservationCheck(meters, "cost").assertHolds();
    assertThat(new ConservationCheck(meters, "cost").received()).isEqualTo(2);
  }

  @Test
  void scrape_prometheus_namesAsDocumented() {
    PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    ModuleMetrics metrics = new ModuleMetrics(meters, "cost");
    metrics.input("in", 0).received();
    metrics.sent("out");
    metrics.error("serialize");
    metrics.recordAge("out", 1500);

    assertThat(meters.scrape())
        .contains("tributary_received_total{module=\"cost\",partition=\"0\",topic=\"in\"} 1.0")
        .contains("tributary_sent_total{module=\"cost\",topic=\"out\"} 1.0")
        .contains("tributary_errors_total{module=\"cost\",stage=\"serialize\"} 1.0")
        .contains("tributary_record_age_ms{module=\"cost\",topic=\"out\"} 1500.0");
  }
}
