package dev.tributary.attribution.core;

import static dev.tributary.attribution.core.TestSpans.agent;
import static dev.tributary.attribution.core.TestSpans.carrying;
import static dev.tributary.attribution.core.TestSpans.feature;
import static dev.tributary.attribution.core.TestSpans.id;
import static dev.tributary.attribution.core.TestSpans.llm;
import static dev.tributary.attribution.core.TestSpans.span;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.schemas.LedgerLine;
import dev.tributary.schemas.Provenance;
import dev.tributary.schemas.SpanKind;
import dev.tributary.schemas.UsageScope;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What is left of a trace when its spans are forgotten, and what late spans find in it. */
class StubTest {
  private static final long SECOND = TimeUnit.SECONDS.toMicros(1);
  private static final long MINUTE = 60 * SECOND;
  private static final long HOUR = 60 * MINUTE;

  @Test
  void thatKeepsGettingSpans_hasSmallEntries() {
    JoinHarness harness = harness(JoinLimits.DEFAULT);
    harness.send(span(SpanKind.WORKFLOW, 1, 0).build());
    harness.advance(6 * SECOND);
    harness.advance(16 * MINUTE);
    for (int i = 2; i <= 3_000; i++) {
      harness.send(llm(i, i % 2 == 0 ? 1 : 77_777).build());
    }
    assertThat(harness.ledger.net()).hasSize(3_001);
    assertThat(harness.stubs.largestValue()).isLessThan(1_000);
    assertThat(harness.traces.largestValue()).isLessThan(20_000);
    harness.advance(7 * HOUR);
    assertThat(harness.stubs.size() + harness.traces.size() + harness.deadlines.size()).isZero();
  }

  /** Memory counts from the last span: whatever was booked and comes again is known or refused. */
  @Test
  void livesOnWithItsLateSpans() {
    JoinHarness harness = harness(JoinLimits.DEFAULT);
    harness.send(span(SpanKind.WORKFLOW, 1, 0).build());
    harness.advance(6 * SECOND);
    for (int hour = 1; hour <= 20; hour++) {
      harness.advance(HOUR);
      harness.send(llm(1 + hour, 1).setEndTimeUs(harness.clockUs()).build());
    }
    assertThat(harness.count(JoinEvent.CLOSED)).as("one life").isEqualTo(1);
    assertThat(harness.ledger.net()).as("20 calls, the root, one trace").hasSize(22);
    long lastEnd = harness.clockUs();
    harness.advance(6 * HOUR + 14 * MINUTE);
    harness.send(llm(21, 1).setEndTimeUs(lastEnd).build());
    assertThat(harness.count(JoinEvent.STUB_DUPLICATE)).isEqualTo(1);
    harness.advance(2 * MINUTE);
    assertThat(harness.stubs.size() + harness.traces.size() + harness.deadlines.size()).isZero();
    harness.send(llm(21, 1).setEndTimeUs(lastEnd).build());
    assertThat(harness.rejected).as("beyond memory").hasSize(1);
    assertThat(harness.ledger.net()).hasSize(22);
  }

  @Test
  void givesTheRootsTags_andDropsWhatItKnows() {
    JoinHarness harness = harness(JoinLimits.DEFAULT);
    harness.send(span(SpanKind.WORKFLOW, 1, 0).setTags(feature("search")).build());
    harness.send(llm(2, 1).build());
    harness.advance(6 * SECOND);
    harness.advance(16 * MINUTE);
    harness.send(llm(2, 1).build());
    harness.send(llm(2, 1).setErrorType("other").build());
    assertThat(harness.count(JoinEvent.STUB_DUPLICATE)).isEqualTo(2);
    harness.send(llm(3, 1).build());
    LedgerLine late = harness.ledger.line(id(3));
    assertThat(late.getAttribution().getFeature().getValue()).isEqualTo("search");
    assertThat(late.getAttribution().getFeature().getProvenance()).isEqualTo(Provenance.STUB);
    assertThat(late.getAttribution().getTeam().getValue()).isEqualTo("discovery");
    assertThat(late.getCost()).isNotNull();
  }

  /** 5 is counted; the calls above it come late, the lowest of them last but one. */
  @Test
  void whoseLateSpansComeInAnyOrder_countsOneOfAPath() {
    JoinHarness harness = harness(JoinLimits.DEFAULT);
    harness.send(llm(5, 4).build());
    harness.send(span(SpanKind.TOOL, 3, 2).build());
    harness.advance(HOUR);
    harness.advance(HOUR);
    harness.advance(5 * HOUR);
    assertThat(harness.spans.size()).as("spans beside the stub").isZero();

    harness.send(llm(2, 1).build());
    harness.send(span(SpanKind.TOOL, 1, 6).build());
    harness.send(span(SpanKind.TOOL, 4, 3).build());
    harness.send(llm(6, 0).build());

    assertThat(harness.ledger.line(id(5)).getUsageScope()).isEqualTo(UsageScope.LEAF);
    assertThat(harness.ledger.line(id(2)).getUsageScope()).isEqualTo(UsageScope.NONE);
    assertThat(harness.ledger.line(id(6)).getUsageScope()).isEqualTo(UsageScope.NONE);
  }

  @Test
  void withABookedAggregate_rejectsUsage() {
    JoinHarness harness = harness(JoinLimits.DEFAULT);
    harness.send(carrying(agent(1, 0), 500, 5).build());
    harness.advance(6 * SECOND);
    harness.advance(16 * MINUTE);
    harness.send(llm(3, 1).build());
    assertThat(harness.rejected).hasSize(1);
    harness.send(span(SpanKind.TOOL, 4, 1).build());
    assertThat(harness.ledger.line(id(4))).isNotNull();
    assertThat(harness.ledger.line(id(3))).isNull();
  }

  /** Refusing it would show money as missing that was never to be counted. */
  @Test
  void withABookedAggregate_booksWhatOwnsNothingAnyway() {
    JoinHarness harness = harness(JoinLimits.DEFAULT);
    harness.send(carrying(agent(1, 0), 500, 5).build());
    harness.advance(6 * SECOND);
    harness.advance(16 * MINUTE);
    harness.send(llm(3, 1).setServiceName("mirror-gateway").build());
    assertThat(harness.rejected).isEmpty();
    assertThat(harness.ledger.line(id(3)).getPriceReason()).isEqualTo("shadow service");
    assertThat(harness.ledger.line(id(3)).getUsageScope()).isEqualTo(UsageScope.NONE);
  }

  /** The stub knows that the response was counted: no aggregate could hold it as well. */
  @Test
  void withABookedAggregate_booksTheDoubleOfACallThatIsCounted() {
    JoinHarness harness = harness(JoinLimits.DEFAULT);
    harness.send(span(SpanKind.WORKFLOW, 1, 0).build());
    harness.send(carrying(agent(2, 1), 500, 5).build());
    harness.send(llm(3, 1).setResponseId("r-1").build());
    harness.advance(6 * SECOND);
    harness.advance(16 * MINUTE);

    harness.send(llm(4, 1).setResponseId("r-1").build());

    assertThat(harness.rejected).isEmpty();
    assertThat(harness.ledger.line(id(4)).getPriceReason()).isEqualTo("double reported");
  }

  /** Late 10 was counted; then the tool between it and 5 tells that it is above 5. */
  @Test
  void whoseLateCallTurnsOutToBeAboveACountedOne_takesItsUsageBack() {
    JoinHarness harness = harness(JoinLimits.DEFAULT);
    harness.send(llm(5, 11).build());
    harness.advance(HOUR);
    harness.advance(HOUR);
    harness.advance(5 * HOUR);
    harness.send(llm(10, 0).build());
    assertThat(harness.ledger.line(id(10)).getUsageScope()).isEqualTo(UsageScope.LEAF);

    harness.send(span(SpanKind.TOOL, 11, 10).build());

    LedgerLine above = harness.ledger.line(id(10));
    assertThat(above.getUsageScope()).isEqualTo(UsageScope.NONE);
    assertThat(above.getCalls()).isZero();
    assertThat(harness.ledger.cost()).isEqualByComparingTo("0.0034575");
    assertThat(harness.count(JoinEvent.REVISED)).isEqualTo(1);
    harness.crash();
    harness.send(llm(10, 0).build());
    assertThat(harness.count(JoinEvent.STUB_DUPLICATE)).isEqualTo(1);
    harness.send(llm(12, 10).build());
    assertThat(harness.ledger.line(id(12)).getUsageScope())
        .as("beside 5, below what owns nothing any more")
        .isEqualTo(UsageScope.LEAF);
  }

  /** Late 20 was counted; then the tool above it tells that it is below 5. */
  @Test
  void whoseLateCallTurnsOutToBeBelowACountedOne_takesItsUsageBack() {
    JoinHarness harness = harness(JoinLimits.DEFAULT);
    harness.send(span(SpanKind.WORKFLOW, 1, 0).build());
    harness.send(llm(5, 1).build());
    harness.advance(6 * SECOND);
    harness.advance(16 * MINUTE);
    harness.send(llm(20, 21).build());
    assertThat(harness.ledger.line(id(20)).getUsageScope()).isEqualTo(UsageScope.LEAF);

    harness.send(span(SpanKind.TOOL, 21, 5).build());

    assertThat(harness.ledger.line(id(20)).getUsageScope()).isEqualTo(UsageScope.NONE);
    assertThat(harness.ledger.line(id(5)).getUsageScope()).isEqualTo(UsageScope.LEAF);
    assertThat(harness.ledger.cost()).isEqualByComparingTo("0.0034575");
  }

  /** However many spans lie between, early or late, and wherever the one that counts came from. */
  @Test
  void whoseLateCallsAreBelowCountedOnes_countsThemThere() {
    JoinHarness harness = harness(JoinLimits.DEFAULT);
    harness.send(span(SpanKind.WORKFLOW, 1, 0).build());
    harness.send(llm(5, 1).build());
    harness.send(span(SpanKind.TOOL, 6, 5).build());
    harness.advance(6 * SECOND);
    harness.advance(16 * MINUTE);

    harness.send(span(SpanKind.TOOL, 7, 6).build());
    harness.send(llm(8, 7).build());
    harness.send(llm(10, 1).build());
    harness.send(span(SpanKind.TOOL, 11, 10).build());
    harness.send(llm(12, 11).build());

    assertThat(harness.ledger.line(id(8)).getPriceReason()).isEqualTo("an ancestor owns the usage");
    assertThat(harness.ledger.line(id(10)).getUsageScope()).isEqualTo(UsageScope.LEAF);
    assertThat(harness.ledger.line(id(12)).getPriceReason())
        .isEqualTo("an ancestor owns the usage");
    assertThat(harness.ledger.cost()).isEqualByComparingTo("0.006915");
  }

  @Test
  void ofARootThatOwns_countsNoOrphan() {
    JoinHarness harness = harness(JoinLimits.DEFAULT);
    harness.send(llm(1, 0).build());
    harness.advance(6 * SECOND);
    harness.advance(16 * MINUTE);

    harness.send(llm(9, 77).build());

    assertThat(harness.ledger.line(id(9)).getPriceReason()).isEqualTo("an ancestor owns the usage");
    assertThat(harness.ledger.cost()).isEqualByComparingTo("0.0034575");
  }

  /** Or money would be lost: a tool that came late has nothing below it that is counted. */
  @Test
  void whoseLateToolHasNothingBelow_countsTheCallAboveIt() {
    JoinHarness harness = harness(JoinLimits.DEFAULT);
    harness.send(span(SpanKind.WORKFLOW, 1, 0).build());
    harness.advance(6 * SECOND);
    harness.advance(16 * MINUTE);

    harness.send(span(SpanKind.TOOL, 4, 3).build());
    harness.send(llm(3, 1).build());

    assertThat(harness.ledger.line(id(3)).getUsageScope()).isEqualTo(UsageScope.LEAF);
    assertThat(harness.ledger.line(id(3)).getCalls()).isEqualTo(1);
  }

  /** What an agent states may be counted on its calls, and a tool spends nothing. */
  @Test
  void whoseLateAgentsAndToolsStateUsage_countsNoneOfIt() {
    JoinHarness harness = harness(JoinLimits.DEFAULT);
    harness.send(span(SpanKind.WORKFLOW, 1, 0).build());
    harness.advance(6 * SECOND);
    harness.advance(16 * MINUTE);

    harness.send(carrying(agent(3, 1), 500, 5).build());
    harness.send(carrying(span(SpanKind.TOOL, 4, 1), 500, 5).build());

    assertThat(harness.ledger.line(id(3)).getPriceReason()).isEqualTo("descendants may still come");
    assertThat(harness.ledger.line(id(4)).getPriceReason()).isEqualTo("kind owns no usage");
    assertThat(harness.ledger.cost()).isEqualByComparingTo("0");
    assertThat(harness.ledger.line(id(3)).getCalls()).isZero();
  }

  /** A stub is kept for its time from when it was made, however long it had waited for a root. */
  @Test
  void ofATraceWithoutARoot_knowsItsSpansForAsLongAsAnyOther() {
    JoinHarness harness = harness(JoinLimits.DEFAULT);
    harness.send(llm(2, 1).build());
    harness.advance(2 * MINUTE);
    harness.advance(20 * MINUTE);
    assertThat(harness.spans.size()).as("kept whole while no root has come").isEqualTo(1);
    harness.advance(6 * HOUR);
    assertThat(harness.spans.size()).isZero();

    harness.advance(5 * HOUR + 59 * MINUTE);
    harness.send(llm(2, 1).build());

    assertThat(harness.count(JoinEvent.STUB_DUPLICATE)).isEqualTo(1);
    assertThat(harness.rejected).isEmpty();
  }

  /** Its span is within memory for as long as its end is: else it would be booked again. */
  @Test
  void ofASpanThatEndsAheadOfTheClock_isKeptUntilThatIsBeyondMemory() {
    JoinHarness harness = harness(JoinLimits.DEFAULT);
    harness.send(span(SpanKind.WORKFLOW, 1, 0).build());
    harness.advance(6 * SECOND);
    harness.advance(16 * MINUTE);
    long endUs = harness.clockUs() + MINUTE;
    harness.send(llm(3, 1).setEndTimeUs(endUs).build());
    harness.advance(6 * HOUR + 15 * MINUTE + 30 * SECOND);

    harness.send(llm(3, 1).setEndTimeUs(endUs).build());

    assertThat(harness.count(JoinEvent.STUB_DUPLICATE)).isEqualTo(1);
    assertThat(harness.ledger.net()).hasSize(3);
  }

  private static JoinHarness harness(JoinLimits limits) {
    return new JoinHarness(JoinTimes.DEFAULT, limits, TestViews.BOTH);
  }
}
