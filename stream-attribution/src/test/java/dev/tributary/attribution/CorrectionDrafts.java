package dev.tributary.attribution;

import static dev.tributary.attribution.core.TestSpans.TENANT;
import static dev.tributary.attribution.core.TestSpans.TRACE;
import static dev.tributary.attribution.core.TestSpans.feature;
import static dev.tributary.attribution.core.TestSpans.id;
import static dev.tributary.attribution.core.TestSpans.llm;
import static dev.tributary.attribution.core.TestSpans.span;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.attribution.core.TestSpans;
import dev.tributary.schemas.Correction;
import dev.tributary.schemas.CorrectionCommand;
import dev.tributary.schemas.SpanKind;
import java.math.BigDecimal;
import java.time.Duration;

/** A trace to correct, and the commands to do it with. */
final class CorrectionDrafts {
  static final BigDecimal BEFORE = new BigDecimal("0.003457500000000000");
  static final BigDecimal AFTER = new BigDecimal("0.004284000000000000");

  private CorrectionDrafts() {}

  /** A booked trace of two spans, both reference versions loaded after it, and so much time. */
  static AttributionFixture booked(Duration age) {
    AttributionFixture topology = AttributionFixture.withPrices();
    topology.send(
        llm(3, 1).build(), span(SpanKind.WORKFLOW, 1, 0).setTags(feature("search")).build());
    topology.closeAll();
    topology.load(TestReference.second());
    topology.advance(age);
    if (age.compareTo(Duration.ofHours(1)) > 0) {
      topology.advance(age);
    }
    topology.entries();
    assertThat(topology.ledger.line(id(3)).getCost()).isEqualTo(BEFORE);
    return topology;
  }

  static Correction run(String runId, long number, CorrectionCommand command) {
    return Correction.newBuilder()
        .setTenant(TENANT)
        .setRunId(runId)
        .setRunNumber(number)
        .setCommand(command)
        .setIssuedAtUs(TestSpans.T0)
        .build();
  }

  static Correction.Builder command(
      String runId, CorrectionCommand command, Long expectedRevision) {
    return Correction.newBuilder()
        .setTenant(TENANT)
        .setRunId(runId)
        .setCommand(command)
        .setSource(TRACE)
        .setItem(id(3))
        .setExpectedRevision(expectedRevision)
        .setIssuedAtUs(TestSpans.T0);
  }
}
