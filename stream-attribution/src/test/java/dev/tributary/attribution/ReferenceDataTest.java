package dev.tributary.attribution;

import static dev.tributary.attribution.TestReference.card;
import static dev.tributary.attribution.TestReference.row;
import static dev.tributary.attribution.TestReference.searchTeam;
import static dev.tributary.attribution.core.TestSpans.TENANT;
import static dev.tributary.attribution.core.TestSpans.complete;
import static dev.tributary.attribution.core.TestSpans.id;
import static dev.tributary.attribution.core.TestSpans.llm;
import static dev.tributary.attribution.core.TestSpans.trace;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.attribution.core.OpenTracePolicy;
import dev.tributary.schemas.LedgerLine;
import dev.tributary.schemas.PriceStatus;
import dev.tributary.schemas.Reference;
import dev.tributary.schemas.ReferenceRow;
import dev.tributary.schemas.Signal;
import dev.tributary.schemas.Span;
import dev.tributary.schemas.Topics;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.TestInputTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReferenceDataTest {
  private static final BigDecimal OLD = new BigDecimal("0.003457500000000000");
  private static final BigDecimal NEW = new BigDecimal("0.004284000000000000");

  @Test
  void nothingLoaded_isUnknownAndNotZero() {
    try (AttributionFixture topology = new AttributionFixture(Map.of())) {
      LedgerLine line = book(topology, llm(3, 0).build());
      assertThat(line.getPriceStatus()).isEqualTo(PriceStatus.UNKNOWN_SURFACE);
      assertThat(line.getCost()).isNull();
      assertThat(line.getUnpricedTokens()).isEqualTo(1_248);
      assertThat(line.getReferenceVersion()).isZero();
    }
  }

  @Test
  void rowsWithoutTheirManifest_areNotUsed() {
    try (AttributionFixture topology = AttributionFixture.withPrices()) {
      TestInputTopic<String, Reference> references = topology.topology().input(Topics.REF);
      TestReference.second().rows().forEach(references::pipeInput);
      assertThat(book(topology, llm(3, 0).build()).getCost()).isEqualTo(OLD);
      topology.load(TestReference.second());
      assertThat(book(topology, llm(4, 0).setTraceId(trace(2)).build()).getCost()).isEqualTo(NEW);
    }
  }

  @Test
  void manifestBeforeItsRows_keepsTheVersionBefore() {
    try (AttributionFixture topology = AttributionFixture.withPrices()) {
      TestInputTopic<String, Reference> references = topology.topology().input(Topics.REF);
      TestReference incomplete =
          TestReference.second().rules("more", TestReference.searchTeam("x", 2, null));
      incomplete
          .all()
          .forEach(
              (key, value) -> {
                if (!key.endsWith("|more")) {
                  references.pipeInput(key, value);
                }
              });
      LedgerLine line = book(topology, llm(3, 0).build());
      assertThat(line.getCost()).isEqualTo(OLD);
      assertThat(line.getReferenceVersion()).isEqualTo(1);
      assertThat(topology.topology().count(AttributionMetrics.REFERENCE_REFUSED)).isEqualTo(1);
    }
  }

  @Test
  void openTrace_keepsTheVersionOfItsFirstBooking() {
    try (AttributionFixture topology = AttributionFixture.withPrices()) {
      book(topology, llm(3, 1).build());
      topology.load(TestReference.second());
      assertThat(book(topology, llm(4, 1).build()).getCost()).isEqualTo(OLD);
      assertThat(topology.ledger.line(id(3)).getCost()).isEqualTo(OLD);
    }
  }

  /**
   * After a restart only the refused manifest is there; the rows of the version before still are.
   */
  @Test
  void refusedManifest_withoutTheOneBefore_leavesTheLastGoodInForce() {
    try (AttributionFixture topology = new AttributionFixture(Map.of())) {
      TestReference broken =
          TestReference.second()
              .rules("broken", TestReference.row("{\"id\":\"broken\",\"priority\":1}", 2, null));
      topology.load(broken);
      LedgerLine line = book(topology, llm(3, 0).build());
      assertThat(line.getCost()).isEqualTo(OLD);
      assertThat(line.getReferenceVersion()).isEqualTo(1);
      assertThat(topology.topology().count(AttributionMetrics.REFERENCE_REFUSED)).isEqualTo(1);
    }
  }

  /** As one that a newer version of the command has written. */
  @Test
  void rateCardThatCannotBeRead_leavesTheVersionBeforeInForce_untilItIsWithdrawn() {
    ReferenceRow first = row(card("card-1", "2.5", "10"), 1, null);
    for (String broken : List.of("{", "{\"id\":\"card-2\",\"colour\":\"red\"}")) {
      try (AttributionFixture topology = AttributionFixture.withPrices()) {
        topology.load(new TestReference(2).cards(first, row(broken, 2, null)));
        assertThat(book(topology, llm(3, 0).build()).getReferenceVersion()).isEqualTo(1);
        assertThat(topology.topology().count(AttributionMetrics.REFERENCE_REFUSED)).isEqualTo(1);
      }
      try (AttributionFixture topology = AttributionFixture.withPrices()) {
        topology.load(new TestReference(3).cards(first, row(broken, 2, 3L)));
        assertThat(book(topology, llm(3, 0).build()).getReferenceVersion()).isEqualTo(3);
      }
    }
  }

  /** Whoever published a row that cannot be read has to be able to take it back. */
  @Test
  void rowThatCannotBeRead_isWithdrawn_andHoldsNothingUp() {
    try (AttributionFixture topology = AttributionFixture.withPrices()) {
      TestReference withdrawn =
          new TestReference(3)
              .cards(
                  row(card("card-1", "2.5", "10"), 1, 3L), row(card("card-3", "3", "15"), 3, null))
              .rules("search-team", searchTeam("discovery", 1, null))
              .rules("broken", row("{\"id\":\"broken\",\"priority\":1}", 2, 3L))
              .policy("garbled", "{\"type\"", 2, 3L);
      topology.load(withdrawn);
      LedgerLine line = book(topology, llm(3, 0).build());
      assertThat(line.getReferenceVersion()).isEqualTo(3);
      assertThat(line.getCost()).isEqualTo(NEW);
      assertThat(topology.topology().count(AttributionMetrics.REFERENCE_REFUSED)).isZero();
      assertThat(withdrawn.index().isReadable(2)).isFalse();
      assertThat(withdrawn.index().isReadable(1)).isTrue();
    }
  }

  /** Its number is known, its rows are not: nothing is booked again as if it had held less. */
  @Test
  void versionWithARowThatCannotBeRead_isNotLoaded() {
    TestReference withdrawn =
        new TestReference(3).rules("broken", row("{\"id\":\"broken\",\"priority\":1}", 2, 3L));
    LoadedReferences loaded = new LoadedReferences(Duration.ZERO);
    loaded.swap(TENANT, withdrawn.index());
    assertThat(loaded.find(TENANT, 2)).isNull();
    assertThat(loaded.find(TENANT, 3)).isNotNull();
    assertThat(loaded.find(TENANT, 1)).isNotNull();
  }

  @Test
  void olderManifest_isRefused() {
    try (AttributionFixture topology = AttributionFixture.withPrices()) {
      topology.load(TestReference.second());
      topology.load(TestReference.first());
      assertThat(book(topology, llm(3, 0).build()).getReferenceVersion()).isEqualTo(2);
      assertThat(topology.topology().count(AttributionMetrics.REFERENCE_REFUSED)).isEqualTo(1);
    }
  }

  @Test
  void openTracePolicy_isReadAndOthersAreLeftAlone() {
    TestReference reference =
        TestReference.first()
            .policy(
                "runaway",
                "{\"type\":\"open_trace\",\"feature\":\"sea*\",\"environment\":\"prod*\",\"runaway_cost\":\"0.003\","
                    + "\"tool_loop\":5,\"stalled_handoff\":\"45s\"}")
            .policy("evals", "{\"type\":\"eval\",\"rate\":0.1}");
    assertThat(reference.index().view(1).openTraces())
        .containsExactly(
            new OpenTracePolicy(
                "runaway", 0, "sea*", "prod*", new BigDecimal("0.003"), 5L, 45_000_000L));
    try (AttributionFixture topology = new AttributionFixture(Map.of())) {
      topology.load(reference);
      topology.send(llm(3, 1).setTags(complete("search")).build());
      List<Signal> signals = topology.topology().values(Topics.SIGNALS);
      assertThat(signals).hasSize(1);
      assertThat(signals.get(0).getKind()).isEqualTo("runaway_cost");
      topology.closeAll();
      signals = topology.topology().values(Topics.SIGNALS);
      assertThat(signals).extracting(Signal::getActive).containsExactly(false);
      assertThat(topology.topology().count(AttributionMetrics.CALLS)).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\":\"open_trace\"}",
        "{\"type\":\"open_trace\",\"tool_loop\":2}",
        "{\"type\":\"open_trace\",\"runaway_cost\":\"-1\"}",
        "{\"type\":\"open_trace\",\"stalled_handoff\":\"soon\"}",
        "{\"type\":\"open_trace\",\"stalled_handoff\":\"99999999999h\"}",
        "{\"type\":\"open_trace\",\"runaway_cost\":\"0.0000000000000000001\"}",
        "{\"type\":\"open_trace\",\"runaway\":\"1\"}",
        "{\"type\""
      })
  void openTracePolicy_thatSaysNothing_isRefused(String json) {
    TestReference reference = TestReference.first().policy("broken", json);
    assertThatThrownBy(reference::index)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("POLICY broken: ");
  }

  private static LedgerLine book(AttributionFixture topology, Span span) {
    topology.send(span);
    topology.closeAll();
    topology.entries();
    LedgerLine line = topology.ledger.line(span.getSpanId());
    assertThat(line).isNotNull();
    return line;
  }
}
