package dev.tributary.attribution;

import static dev.tributary.attribution.core.TestSpans.TRACE;
import static dev.tributary.attribution.core.TestSpans.llm;
import static dev.tributary.attribution.core.TestSpans.trace;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.attribution.core.TestSpans;
import dev.tributary.runtime.metrics.MetricNames;
import dev.tributary.runtime.testing.ConservationCheck;
import dev.tributary.schemas.Correction;
import dev.tributary.schemas.CorrectionCommand;
import dev.tributary.schemas.Rejected;
import dev.tributary.schemas.Span;
import dev.tributary.schemas.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;

/**
 * {@code received + taken_over = sent_primary + rejected + dead_lettered + dropped + in_state},
 * every way out.
 */
class AttributionConservationTest {
  @Test
  void everyWayOut_isCounted() {
    try (AttributionFixture topology =
        AttributionFixture.withPrices(Map.of("tributary.attribution.trace-span-limit", "3"))) {
      ConservationCheck check =
          new ConservationCheck(topology.topology().meters(), AttributionTopology.MODULE);
      Span first = llm(3, 1).build();
      topology.send(first, first, Span.newBuilder(first).setErrorType("other").build());
      check.assertHolds();
      topology.send(llm(4, 1).build(), llm(5, 1).build(), llm(6, 1).build(), llm(6, 1).build());
      check.assertHolds();
      topology.closeAll();
      check.assertHolds();

      // Beyond memory: the clock runs on for longer than a stub is kept.
      topology.advance(Duration.ofMinutes(16));
      topology.advance(Duration.ofHours(7));
      topology.send(llm(9, 1).setTraceId(trace(77)).build());
      List<TestRecord<String, Rejected>> records = topology.topology().records(Topics.REJECTED);
      assertThat(records).hasSize(1);
      // Kafka keeps it from the refusal on, however old its span is.
      assertThat(records.get(0).timestamp()).isEqualTo(topology.topology().clock().millis());
      List<Rejected> rejected = List.of(records.get(0).value());
      assertThat(rejected.get(0).getReason()).isEqualTo("BEYOND_MEMORY");
      assertThat(rejected.get(0).getWouldBeCost()).isEqualByComparingTo("0.0034575");
      assertThat(rejected.get(0).getSpan().getSpanId()).isEqualTo(TestSpans.id(9));

      topology.send(
          Correction.newBuilder()
              .setTenant(TestSpans.TENANT)
              .setRunId("nobody-opened-this")
              .setCommand(CorrectionCommand.REPRICE)
              .setSource(TRACE)
              .setItem(TestSpans.id(3))
              .setExpectedRevision(1L)
              .setIssuedAtUs(TestSpans.T0)
              .build());
      assertThat(topology.rejected())
          .extracting(Rejected::getReason)
          .containsExactly("RUN_NOT_OPEN");
      check.assertHolds();
      assertThat(check.received()).isEqualTo(9);
      assertThat(topology.topology().count(MetricNames.SENT_PRIMARY)).isEqualTo(4);
      assertThat(topology.topology().count(MetricNames.DROPPED)).isEqualTo(3);
      assertThat(topology.topology().count(MetricNames.REJECTED)).isEqualTo(2);
    }
  }
}
