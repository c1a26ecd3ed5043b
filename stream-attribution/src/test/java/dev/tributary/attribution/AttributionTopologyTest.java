package dev.tributary.attribution;

import static dev.tributary.attribution.core.TestSpans.agent;
import static dev.tributary.attribution.core.TestSpans.carrying;
import static dev.tributary.attribution.core.TestSpans.complete;
import static dev.tributary.attribution.core.TestSpans.feature;
import static dev.tributary.attribution.core.TestSpans.id;
import static dev.tributary.attribution.core.TestSpans.llm;
import static dev.tributary.attribution.core.TestSpans.span;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.schemas.LedgerEntry;
import dev.tributary.schemas.LedgerLine;
import dev.tributary.schemas.PriceStatus;
import dev.tributary.schemas.Provenance;
import dev.tributary.schemas.SessionSummary;
import dev.tributary.schemas.SpanKind;
import dev.tributary.schemas.TraceSummary;
import dev.tributary.schemas.UsageScope;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AttributionTopologyTest {
  private static final BigDecimal CALL = new BigDecimal("0.003457500000000000");

  @Test
  void close_pricesAndAttributesEverySpan() {
    try (AttributionFixture topology = AttributionFixture.withPrices()) {
      topology.send(
          llm(3, 2).build(),
          span(SpanKind.TOOL, 4, 2).setToolName("lookup").build(),
          agent(2, 1).build(),
          span(SpanKind.WORKFLOW, 1, 0)
              .setTags(feature("search"))
              .setSessionId("session-9")
              .build());
      assertThat(topology.entries()).isEmpty();
      topology.closeAll();
      topology.entries();

      assertThat(topology.ledger.net()).hasSize(5);
      LedgerLine call = topology.ledger.line(id(3));
      assertThat(call.getCost()).isEqualTo(CALL);
      assertThat(call.getUsageScope()).isEqualTo(UsageScope.LEAF);
      assertThat(call.getRateCardId()).isEqualTo("card-1");
      assertThat(call.getCatalogueVersion()).isEqualTo("1");
      assertThat(call.getAttribution().getFeature().getValue()).isEqualTo("search");
      assertThat(call.getAttribution().getFeature().getProvenance()).isEqualTo(Provenance.ANCESTOR);
      assertThat(call.getAttribution().getTeam().getValue()).isEqualTo("discovery");
      assertThat(topology.ledger.line(id(4)).getPriceStatus()).isEqualTo(PriceStatus.NOT_BILLABLE);
      assertThat(topology.ledger.line("trace").getTrace().getSpans()).isEqualTo(4);

      List<TraceSummary> traces = topology.traces();
      assertThat(traces).hasSize(1);
      assertThat(traces.get(0).getCost()).isEqualTo(CALL);
      assertThat(traces.get(0).getCloseReason()).isEqualTo("settled");
      List<SessionSummary> sessions = topology.sessions();
      assertThat(sessions).hasSize(1);
      assertThat(sessions.get(0).getSessionId()).isEqualTo("session-9");
      assertThat(sessions.get(0).getCost()).isEqualTo(CALL);
      assertThat(topology.rejected()).isEmpty();
    }
  }

  @Test
  void session_isSaidToBeOver_afterItsGap() {
    try (AttributionFixture topology = AttributionFixture.withPrices()) {
      topology.send(llm(3, 0).setSessionId("session-9").build());
      topology.closeAll();
      assertThat(topology.sessions()).extracting(SessionSummary::getEnded).containsExactly(false);
      topology.advance(Duration.ofMinutes(28));
      assertThat(topology.sessions()).isEmpty();
      topology.advance(Duration.ofMinutes(3));
      List<SessionSummary> ended = topology.sessions();
      assertThat(ended).extracting(SessionSummary::getEndReason).containsExactly("inactive");
      assertThat(ended.get(0).getCost()).isEqualTo(CALL);
    }
  }

  @Test
  void ownTags_bookAtOnce() {
    try (AttributionFixture topology = AttributionFixture.withPrices()) {
      topology.send(llm(3, 2).setTags(complete("search")).build());
      List<LedgerEntry> entries = topology.entries();
      assertThat(entries).hasSize(1);
      assertThat(entries.get(0).getLine().getCost()).isEqualTo(CALL);
    }
  }

  @Test
  void aggregateWithOwnTags_waitsForItsDescendants() {
    try (AttributionFixture topology = AttributionFixture.withPrices()) {
      topology.send(carrying(agent(2, 1), 99, 9).setTags(complete("search")).build());
      assertThat(topology.entries()).isEmpty();
    }
  }

  @Test
  void bookAfter_booksWhatIsStillOpen() {
    try (AttributionFixture topology =
        AttributionFixture.withPrices(Map.of("tributary.attribution.idle-close", "10m"))) {
      topology.send(llm(3, 2).build());
      topology.advance(Duration.ofSeconds(11));
      topology.advance(Duration.ofSeconds(28));
      assertThat(topology.entries()).isEmpty();
      topology.advance(Duration.ofSeconds(2));
      assertThat(topology.entries()).hasSize(1);
      assertThat(topology.traces()).isEmpty();
    }
  }

  @Test
  void lateRoot_reattributesItsChildren() {
    try (AttributionFixture topology = AttributionFixture.withPrices()) {
      topology.send(llm(3, 1).build(), llm(4, 1).setTags(feature("chat")).build());
      topology.closeAll();
      topology.entries();
      Map<String, BigDecimal> before = featureCosts(topology);
      assertThat(before).isEqualTo(Map.of("null", CALL, "chat", CALL));

      topology.send(span(SpanKind.WORKFLOW, 1, 0).setTags(feature("search")).build());
      topology.entries();

      assertThat(featureCosts(topology)).isEqualTo(Map.of("search", CALL, "chat", CALL));
      assertThat(topology.ledger.cost()).isEqualTo(CALL.add(CALL));
    }
  }

  private static Map<String, BigDecimal> featureCosts(AttributionFixture topology) {
    return topology.ledger.costBy(line -> line.getAttribution().getFeature().getValue());
  }
}
