package dev.tributary.attribution.core;

import static dev.tributary.attribution.core.TestSpans.agent;
import static dev.tributary.attribution.core.TestSpans.carrying;
import static dev.tributary.attribution.core.TestSpans.failed;
import static dev.tributary.attribution.core.TestSpans.id;
import static dev.tributary.attribution.core.TestSpans.llm;
import static dev.tributary.attribution.core.TestSpans.span;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.schemas.LedgerLine;
import dev.tributary.schemas.PriceStatus;
import dev.tributary.schemas.Span;
import dev.tributary.schemas.SpanKind;
import dev.tributary.schemas.SpanStatus;
import dev.tributary.schemas.UsageQuality;
import dev.tributary.schemas.UsageScope;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class UsageRulesTest {
  @Test
  void aggregate_withoutCarryingDescendants_owns() {
    Map<Long, LedgerLine> lines =
        book(carrying(agent(1, 0), 500, 20), span(SpanKind.TOOL, 2, 1), failed(llm(3, 1)));
    assertThat(lines.get(1L).getUsageScope()).isEqualTo(UsageScope.AGGREGATE);
    assertThat(lines.get(1L).getCalls()).isZero();
    assertThat(lines.get(3L).getPriceStatus()).isEqualTo(PriceStatus.NO_USAGE);
    assertThat(lines.get(3L).getCost()).isNull();
  }

  @Test
  void aggregate_aboveALeaf_ownsNothing() {
    Map<Long, LedgerLine> lines = book(carrying(agent(1, 0), 9_000, 20), agent(2, 1), llm(3, 2));
    assertThat(lines.get(1L).getUsageScope()).isEqualTo(UsageScope.NONE);
    assertThat(lines.get(1L).getPriceStatus()).isEqualTo(PriceStatus.NOT_BILLABLE);
    assertThat(lines.get(1L).getCost()).isNull();
    assertThat(lines.get(3L).getUsageScope()).isEqualTo(UsageScope.LEAF);
  }

  @Test
  void call_aboveACarryingCall_isAWrapper() {
    Map<Long, LedgerLine> lines = book(llm(1, 0), llm(2, 1));
    assertThat(lines.get(1L).getUsageScope()).isEqualTo(UsageScope.NONE);
    assertThat(lines.get(1L).getCalls()).isZero();
    assertThat(lines.get(2L).getCalls()).isEqualTo(1);
  }

  @Test
  void reportedParent_beatsOnlyEstimatedDescendants() {
    Map<Long, LedgerLine> lines =
        book(
            carrying(agent(1, 0), 41, 12),
            llm(2, 1).setUsageQuality(UsageQuality.ESTIMATED),
            llm(3, 1).setUsageQuality(UsageQuality.ESTIMATED));
    assertThat(lines.get(1L).getUsageScope()).isEqualTo(UsageScope.AGGREGATE);
    assertThat(lines.get(2L).getUsageScope()).isEqualTo(UsageScope.NONE);
    assertThat(lines.get(2L).getPriceReason()).isEqualTo("an ancestor owns the usage");
    assertThat(lines.get(3L).getUsageScope()).isEqualTo(UsageScope.NONE);
  }

  @Test
  void reportedParent_doesNotBeatAReportedDescendant() {
    Map<Long, LedgerLine> lines =
        book(
            carrying(agent(1, 0), 41, 12),
            llm(2, 1).setUsageQuality(UsageQuality.ESTIMATED),
            llm(3, 1));
    assertThat(lines.get(1L).getUsageScope()).isEqualTo(UsageScope.NONE);
    assertThat(lines.get(2L).getUsageScope()).isEqualTo(UsageScope.LEAF);
    assertThat(lines.get(3L).getUsageScope()).isEqualTo(UsageScope.LEAF);
  }

  @Test
  void derivedParent_doesNotBeatEstimates() {
    Map<Long, LedgerLine> lines =
        book(
            carrying(agent(1, 0), 41, 12).setUsageQuality(UsageQuality.DERIVED),
            llm(2, 1).setUsageQuality(UsageQuality.ESTIMATED));
    assertThat(lines.get(1L).getUsageScope()).isEqualTo(UsageScope.NONE);
    assertThat(lines.get(2L).getUsageScope()).isEqualTo(UsageScope.LEAF);
  }

  @Test
  void orphan_hangsBelowTheRoot() {
    Map<Long, LedgerLine> lines = book(carrying(agent(1, 0), 9_000, 20), llm(3, 777));
    assertThat(lines.get(1L).getUsageScope()).isEqualTo(UsageScope.NONE);
    assertThat(lines.get(3L).getUsageScope()).isEqualTo(UsageScope.LEAF);
  }

  @Test
  void equalResponseIds_countOnce() {
    Map<Long, LedgerLine> lines =
        book(
            agent(1, 0),
            llm(2, 1).setResponseId("r-1").setUsageQuality(UsageQuality.DERIVED),
            llm(3, 1).setResponseId("r-1"));
    assertThat(lines.get(2L).getUsageScope()).isEqualTo(UsageScope.NONE);
    assertThat(lines.get(2L).getPriceReason()).isEqualTo("double reported");
    assertThat(lines.get(2L).getCalls()).isZero();
    assertThat(lines.get(3L).getUsageScope()).isEqualTo(UsageScope.LEAF);
    assertThat(lines.get(0L).getTrace().getDoubleReported()).isEqualTo(1);
  }

  /** The parent states what its only call states, and that is counted elsewhere. */
  @Test
  void reportedParent_ofADouble_ownsNothing() {
    Map<Long, LedgerLine> lines =
        book(
            agent(1, 0),
            carrying(agent(2, 1), 1_203, 45),
            llm(3, 2).setResponseId("r-1").setUsageQuality(UsageQuality.ESTIMATED),
            llm(4, 1).setResponseId("r-1"));
    assertThat(lines.get(2L).getUsageScope()).isEqualTo(UsageScope.NONE);
    assertThat(lines.get(3L).getPriceReason()).isEqualTo("double reported");
    assertThat(lines.get(4L).getUsageScope()).isEqualTo(UsageScope.LEAF);
    assertThat(lines.get(0L).getTrace().getDoubleReported()).isEqualTo(1);
  }

  /** Both records are below the parent, so it may overrule both. */
  @Test
  void reportedParent_ofBothRecords_stillBeatsEstimates() {
    Map<Long, LedgerLine> lines =
        book(
            carrying(agent(1, 0), 1_203, 45),
            llm(2, 1).setResponseId("r-1").setUsageQuality(UsageQuality.ESTIMATED),
            llm(3, 1).setResponseId("r-1").setUsageQuality(UsageQuality.ESTIMATED));
    assertThat(lines.get(1L).getUsageScope()).isEqualTo(UsageScope.AGGREGATE);
    assertThat(lines.get(2L).getUsageScope()).isEqualTo(UsageScope.NONE);
    assertThat(lines.get(3L).getUsageScope()).isEqualTo(UsageScope.NONE);
  }

  /** Nobody but the double kept its parent from owning; its siblings are counted again. */
  @Test
  void double_givesItsSiblingsBack() {
    Map<Long, LedgerLine> lines =
        book(
            agent(1, 0),
            carrying(agent(2, 1), 5_000, 45),
            llm(3, 2).setResponseId("r-1").setUsageQuality(UsageQuality.ESTIMATED),
            llm(4, 2).setUsageQuality(UsageQuality.ESTIMATED),
            llm(5, 1).setResponseId("r-1"));
    assertThat(lines.get(2L).getUsageScope()).isEqualTo(UsageScope.NONE);
    assertThat(lines.get(4L).getUsageScope()).isEqualTo(UsageScope.LEAF);
    assertThat(lines.get(5L).getUsageScope()).isEqualTo(UsageScope.LEAF);
  }

  /** The record that is kept first says nothing, and the one that is counted comes last. */
  @Test
  void parentOfADouble_ownsNothing_whenABetterRecordIsKeptInTheEnd() {
    Map<Long, LedgerLine> lines =
        book(
            agent(1, 0),
            unstated(llm(2, 1)).setResponseId("r-1"),
            carrying(agent(3, 1), 1_203, 45),
            unstated(llm(4, 3)).setResponseId("r-1"),
            llm(5, 1).setResponseId("r-1"));
    assertThat(lines.get(3L).getUsageScope()).isEqualTo(UsageScope.NONE);
    assertThat(lines.get(5L).getUsageScope()).isEqualTo(UsageScope.LEAF);
    assertThat(lines.get(0L).getTrace().getDoubleReported()).isEqualTo(2);
  }

  /** What the parent states is neither record's, so it is not lost for their being two. */
  @Test
  void parentOfBothRecordsWithoutUsage_owns() {
    Map<Long, LedgerLine> lines =
        book(
            carrying(agent(1, 0), 1_203, 45).setUsageQuality(UsageQuality.ESTIMATED),
            unstated(llm(2, 1)).setResponseId("r-1"),
            unstated(llm(3, 1)).setResponseId("r-1"));
    assertThat(lines.get(1L).getUsageScope()).isEqualTo(UsageScope.AGGREGATE);
    assertThat(lines.get(0L).getTrace().getDoubleReported()).isEqualTo(1);
  }

  /** Each agent has a record of both calls; one of them counts both. */
  @Test
  void agentsAroundTheSameCalls_countThemOnce() {
    Map<Long, LedgerLine> lines =
        book(
            agent(1, 0),
            carrying(agent(2, 1), 2_000, 90),
            carrying(agent(3, 1), 2_000, 90),
            unstated(llm(4, 2)).setResponseId("r-1"),
            unstated(llm(5, 3)).setResponseId("r-1"),
            unstated(llm(6, 3)).setResponseId("r-2"),
            unstated(llm(7, 2)).setResponseId("r-2"));
    assertThat(lines.get(2L).getUsageScope()).isEqualTo(UsageScope.AGGREGATE);
    assertThat(lines.get(3L).getUsageScope()).isEqualTo(UsageScope.NONE);
  }

  /** Nobody counts the record that is kept; of the agents around the others one does. */
  @Test
  void agentsAroundRecordsOfACallThatIsKeptElsewhere_countItOnce() {
    Map<Long, LedgerLine> lines =
        book(
            agent(1, 0),
            unstated(llm(2, 1)).setResponseId("r-1"),
            carrying(agent(3, 1), 1_203, 45),
            unstated(llm(4, 3)).setResponseId("r-1"),
            carrying(agent(5, 1), 1_203, 45),
            unstated(llm(6, 5)).setResponseId("r-1"));
    assertThat(lines.get(3L).getUsageScope()).isEqualTo(UsageScope.AGGREGATE);
    assertThat(lines.get(5L).getUsageScope()).isEqualTo(UsageScope.NONE);
    assertThat(lines.get(0L).getTrace().getDoubleReported()).isEqualTo(2);
  }

  /** The record outside of the parent was kept only until there was a better one inside. */
  @Test
  void reportedParent_ofTheRecordThatIsKeptInTheEnd_beatsItsEstimate() {
    Map<Long, LedgerLine> lines =
        book(
            agent(1, 0),
            unstated(llm(2, 1)).setResponseId("r-1"),
            carrying(agent(3, 1), 1_203, 45),
            unstated(llm(4, 3)).setResponseId("r-1"),
            llm(5, 3).setResponseId("r-1").setUsageQuality(UsageQuality.ESTIMATED));
    assertThat(lines.get(3L).getUsageScope()).isEqualTo(UsageScope.AGGREGATE);
    assertThat(lines.get(5L).getUsageScope()).isEqualTo(UsageScope.NONE);
  }

  private static Span.Builder unstated(Span.Builder call) {
    return call.setUsage(null).setUsageQuality(UsageQuality.MISSING);
  }

  @Test
  void shadowService_isNeverCounted() {
    Map<Long, LedgerLine> lines =
        book(agent(1, 0), llm(2, 1), llm(3, 2).setServiceName("mirror-gateway"));
    assertThat(lines.get(2L).getUsageScope()).isEqualTo(UsageScope.LEAF);
    assertThat(lines.get(2L).getCalls()).isEqualTo(1);
    assertThat(lines.get(3L).getPriceReason()).isEqualTo("shadow service");
    assertThat(lines.get(3L).getCalls()).isZero();
  }

  @Test
  void failedAttempts_belowACall_areOneCall() {
    Map<Long, LedgerLine> lines =
        book(
            carrying(agent(1, 0), 1, 1),
            wrapper(2, 1),
            failed(llm(3, 2)),
            failed(llm(4, 2)),
            llm(5, 2));
    assertThat(lines.values().stream().mapToInt(LedgerLine::getCalls).sum()).isEqualTo(1);
    assertThat(lines.get(5L).getCalls()).isEqualTo(1);
    assertThat(lines.get(0L).getTrace().getRetries()).isEqualTo(2);
  }

  @Test
  void failedCall_thatNobodyRepeated_isACall() {
    Map<Long, LedgerLine> lines = book(agent(1, 0), failed(llm(2, 1)), llm(3, 1));
    assertThat(lines.get(2L).getCalls()).isEqualTo(1);
    assertThat(lines.get(2L).getError()).isTrue();
    assertThat(lines.get(3L).getCalls()).isEqualTo(1);
  }

  @Test
  void invalidUsage_isNotZero() {
    Map<Long, LedgerLine> lines = book(failed(llm(2, 0)).setUsageError("SUBSET_ABOVE_TOTAL"));
    assertThat(lines.get(2L).getPriceStatus()).isEqualTo(PriceStatus.INVALID_USAGE);
    assertThat(lines.get(2L).getPriceReason()).isEqualTo("SUBSET_ABOVE_TOTAL");
    assertThat(lines.get(2L).getCost()).isNull();
  }

  @Test
  void explicitZero_isZero() {
    Map<Long, LedgerLine> lines = book(carrying(llm(2, 0), 0, 0));
    assertThat(lines.get(2L).getCost()).isEqualByComparingTo(BigDecimal.ZERO);
    assertThat(lines.get(2L).getPriceStatus()).isEqualTo(PriceStatus.PRICED);
  }

  @Test
  void bucketWithoutRate_isPartial() {
    Span.Builder span = llm(2, 0);
    span.getUsage().setCacheRead(70L);
    Map<Long, LedgerLine> lines = book(span);
    assertThat(lines.get(2L).getPriceStatus()).isEqualTo(PriceStatus.PARTIAL);
    assertThat(lines.get(2L).getUnpricedTokens()).isEqualTo(70);
    assertThat(lines.get(2L).getCostLines()).hasSize(3);
    assertThat(lines.get(2L).getCostLines().get(2).getRateAmount()).isNull();
  }

  @Test
  void cycle_isCutAtItsFirstSpan() {
    Map<Long, LedgerLine> lines = book(llm(1, 3), agent(2, 1), agent(3, 2), llm(4, 3));
    assertThat(lines.get(4L).getUsageScope()).isEqualTo(UsageScope.LEAF);
    assertThat(lines.get(1L).getUsageScope()).isEqualTo(UsageScope.NONE);
    assertThat(lines.get(0L).getTrace().getOrphans()).isEqualTo(1);
  }

  private static Span.Builder wrapper(long number, long parent) {
    return llm(number, parent)
        .setUsage(null)
        .setUsageQuality(UsageQuality.MISSING)
        .setStatus(SpanStatus.OK);
  }

  /** Lines by span number; 0 is the trace's own. */
  private static Map<Long, LedgerLine> book(Span.Builder... spans) {
    List<Span> built = java.util.Arrays.stream(spans).map(Span.Builder::build).toList();
    Map<Long, LedgerLine> lines = new TreeMap<>();
    Book.book(built, TestViews.FIRST, BookOptions.closed(TestViews.FIRST))
        .forEachLine(
            line ->
                lines.put(
                    line.getItem().equals("trace") ? 0 : Long.parseLong(line.getItem(), 16), line));
    assertThat(lines).hasSize(spans.length + 1);
    assertThat(lines.get(0L).getItem()).isNotEqualTo(id(0));
    return lines;
  }
}
