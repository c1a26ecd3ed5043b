package dev.tributary.attribution.core;

import static dev.tributary.attribution.core.TestSpans.agent;
import static dev.tributary.attribution.core.TestSpans.carrying;
import static dev.tributary.attribution.core.TestSpans.feature;
import static dev.tributary.attribution.core.TestSpans.id;
import static dev.tributary.attribution.core.TestSpans.llm;
import static dev.tributary.attribution.core.TestSpans.span;
import static dev.tributary.attribution.core.TestSpans.trace;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.schemas.LedgerLine;
import dev.tributary.schemas.Provenance;
import dev.tributary.schemas.SpanKind;
import dev.tributary.schemas.TraceSummary;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How long what is kept, and what it costs. */
class JoinStateTest {
  private static final long SECOND = TimeUnit.SECONDS.toMicros(1);
  private static final long MINUTE = 60 * SECOND;
  private static final long HOUR = 60 * MINUTE;

  @Test
  void close_costsWhatCloses() {
    JoinHarness few = harness(JoinLimits.DEFAULT);
    JoinHarness many = harness(JoinLimits.DEFAULT);
    for (int i = 2; i < 5_000; i++) {
      many.send(llm(i, 1).setTraceId(trace(i)).build());
    }
    assertThat(writesToClose(many)).isEqualTo(writesToClose(few));
  }

  private static long writesToClose(JoinHarness harness) {
    harness.advance(2 * SECOND);
    harness.send(span(SpanKind.WORKFLOW, 1, 0).setTraceId(trace(1)).build());
    for (int i = 0; i < 49; i++) {
      harness.advance(SECOND / 10);
    }
    // The open ones are looked at once when their first deadline comes; this is after it.
    long before = harness.deadlines.writes() + harness.traces.writes() + harness.lines.writes();
    harness.advance(SECOND / 5);
    assertThat(harness.count(JoinEvent.CLOSED)).isEqualTo(1);
    return harness.deadlines.writes() + harness.traces.writes() + harness.lines.writes() - before;
  }

  @Test
  void sameIdAgain_isADuplicateOrAConflict() {
    JoinHarness harness = harness(JoinLimits.DEFAULT);
    harness.send(llm(3, 1).build());
    harness.send(llm(3, 1).build());
    assertThat(harness.count(JoinEvent.DUPLICATE)).isEqualTo(1);
    assertThat(harness.count(JoinEvent.CONFLICT)).isZero();
    harness.send(llm(3, 1).setEndTimeUs(TestSpans.T0 + 9_000).build());
    harness.send(llm(3, 1).setHasEnd(false).build());
    assertThat(harness.count(JoinEvent.CONFLICT)).isEqualTo(2);
    harness.advance(2 * MINUTE);
    assertThat(harness.ledger.line(id(3)).getEventTimeUs()).isEqualTo(TestSpans.T0 + 9_000);
    assertThat(harness.summaries.get(0).getDuplicates()).isEqualTo(3);
  }

  @Test
  void everything_isForgottenInTheEnd() {
    JoinHarness harness = harness(JoinLimits.DEFAULT);
    for (int i = 1; i < 40; i++) {
      harness.send(llm(1, 0).setTraceId(trace(i)).build());
      harness.send(llm(2, 1).setTraceId(trace(i)).build());
    }
    harness.advance(6 * SECOND);
    assertThat(harness.count(JoinEvent.CLOSED)).isEqualTo(39);
    harness.advance(16 * MINUTE);
    assertThat(harness.spans.size()).isZero();
    assertThat(harness.lines.size()).isZero();
    assertThat(harness.stubs.size()).isEqualTo(2 * 39);
    harness.advance(6 * HOUR + MINUTE);
    assertThat(harness.stubs.size() + harness.traces.size() + harness.deadlines.size()).isZero();
  }

  @Test
  void backlog_isWorkedOffInTicks() {
    JoinHarness harness = harness(JoinLimits.DEFAULT);
    for (int i = 1; i <= 4_500; i++) {
      harness.send(span(SpanKind.TOOL, 1, 0).setTraceId(trace(i)).build());
    }
    harness.advance(MINUTE);
    assertThat(harness.count(JoinEvent.CLOSED)).isEqualTo(2_000);
    harness.crash();
    harness.advance(0);
    harness.advance(0);
    assertThat(harness.count(JoinEvent.CLOSED)).isEqualTo(4_500);
  }

  @Test
  void memory_reachesBackToItsFirstMoment() {
    JoinHarness harness = harness(JoinLimits.DEFAULT);
    long from = harness.clockUs() - JoinTimes.DEFAULT.memoryUs();
    harness.send(llm(1, 0).setTraceId(trace(1)).setEndTimeUs(from).build());
    assertThat(harness.rejected).isEmpty();
    harness.send(llm(1, 0).setTraceId(trace(2)).setEndTimeUs(from - 1).build());
    assertThat(harness.rejected).hasSize(1);

    // An aggregate may repeat what was counted since it began.
    harness.send(carrying(agent(1, 0), 5, 5).setTraceId(trace(3)).setStartTimeUs(from).build());
    assertThat(harness.rejected).hasSize(1);
    harness.send(carrying(agent(1, 0), 5, 5).setTraceId(trace(4)).setStartTimeUs(from - 1).build());
    assertThat(harness.rejected).hasSize(2);
  }

  /** The root of what ran for hours has the tags of all its spans, and repeats nothing. */
  @Test
  void aggregateWithoutUsageThatBeganBeforeMemory_isJoined() {
    JoinHarness harness = harness(JoinLimits.DEFAULT);
    long from = harness.clockUs() - JoinTimes.DEFAULT.memoryUs();
    harness.send(agent(1, 0).setStartTimeUs(from - HOUR).build());

    assertThat(harness.rejected).isEmpty();
    assertThat(harness.count(JoinEvent.HELD)).isEqualTo(1);
  }

  @Test
  void close_exactlyWhenItsTimeIsOver() {
    JoinHarness harness = harness(JoinLimits.DEFAULT);
    harness.send(llm(1, 0).setTraceId(trace(1)).build());
    harness.send(llm(2, 1).setTraceId(trace(2)).build());
    harness.advance(5 * SECOND - 1);
    assertThat(harness.count(JoinEvent.CLOSED)).isZero();
    harness.advance(1);
    assertThat(harness.summaries)
        .extracting(TraceSummary::getCloseReason)
        .containsExactly("settled");
    harness.advance(55 * SECOND - 1);
    assertThat(harness.count(JoinEvent.CLOSED)).isEqualTo(1);
    harness.advance(1);
    assertThat(harness.summaries)
        .extracting(TraceSummary::getCloseReason)
        .containsExactly("settled", "idle");
  }

  @Test
  void close_bySettling_theRestIsLate() {
    JoinHarness harness = harness(JoinLimits.DEFAULT);
    harness.send(llm(2, 1).setTraceId(trace(1)).build());
    harness.advance(5 * SECOND);
    harness.advance(SECOND);
    harness.send(span(SpanKind.WORKFLOW, 1, 0).setTraceId(trace(1)).build());
    harness.advance(5 * SECOND);
    assertThat(harness.summaries)
        .extracting(TraceSummary::getCloseReason)
        .containsExactly("settled");
    harness.send(llm(3, 1).setTraceId(trace(1)).build());
    harness.advance(SECOND);
    assertThat(harness.summaries.get(1).getCloseReason()).isEqualTo("late");
  }

  /** Other content of a span that came long ago is due before what was looked at last. */
  @Test
  void deadline_thatIsOverWhenItIsMade_isMet() {
    JoinHarness harness = harness(JoinLimits.DEFAULT);
    harness.send(llm(2, 1).build());
    harness.advance(20 * SECOND);
    harness.send(llm(3, 1).build());
    harness.advance(20 * SECOND);
    harness.send(llm(2, 1).setEndTimeUs(TestSpans.T0 + 9_000).build());
    harness.advance(MINUTE);
    assertThat(harness.count(JoinEvent.CLOSED)).isEqualTo(1);
  }

  /** The first arrival counts: a span that is sent again and again is booked all the same. */
  @Test
  void bookAfter_countsFromTheFirstArrivalOfAnId() {
    JoinHarness harness = harness(JoinLimits.DEFAULT);
    for (int i = 0; i < 3; i++) {
      harness.send(llm(2, 1).setEndTimeUs(TestSpans.T0 + 9_000 + i).build());
      harness.advance(10 * SECOND);
    }
    assertThat(harness.ledger.line(id(2))).isNotNull();
    assertThat(harness.count(JoinEvent.CLOSED)).isZero();
  }

  @Test
  void limit_isTheLastSpanThatIsJoined() {
    JoinHarness harness = harness(new JoinLimits(2, 1_000, 100, JoinLimits.DEFAULT.requiredTags()));
    harness.send(llm(1, 0).build());
    harness.send(llm(2, 1).build());
    assertThat(harness.ledger.net()).isEmpty();
    harness.send(llm(3, 1).build());
    assertThat(harness.ledger.line(id(3)).getAttribution().getEnvironment().getProvenance())
        .isEqualTo(Provenance.UNATTRIBUTED);
    assertThat(harness.ledger.line(id(3))).isNotNull();
  }

  /** A span that ended ahead of the clock is remembered until the clock has left it behind. */
  @Test
  void spanAheadOfTheClock_isRememberedForLonger() {
    JoinHarness harness = harness(JoinLimits.DEFAULT);
    long ahead = harness.clockUs() + 3 * HOUR;
    harness.send(llm(1, 0).setEndTimeUs(ahead).build());
    harness.advance(6 * SECOND);
    harness.advance(16 * MINUTE);
    harness.advance(7 * HOUR);
    harness.send(llm(1, 0).setEndTimeUs(ahead).build());
    assertThat(harness.count(JoinEvent.STUB_DUPLICATE)).isEqualTo(1);
    harness.advance(3 * HOUR);
    assertThat(harness.traces.size()).isZero();
    harness.send(llm(1, 0).setEndTimeUs(ahead).build());
    assertThat(harness.rejected).hasSize(1);
    assertThat(harness.ledger.net()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void rootless_isKeptWithinTheBudget_oldestGoFirst(boolean isRestarted) {
    JoinLimits limits = new JoinLimits(20_000, 3_000, 100, JoinLimits.DEFAULT.requiredTags());
    JoinHarness harness = harness(limits);
    for (int i = 1; i <= 20; i++) {
      harness.send(llm(3, 2).setTraceId(trace(i)).build());
      harness.advance(SECOND);
    }
    if (isRestarted) {
      harness.crash();
    }
    harness.advance(16 * MINUTE);
    harness.advance(16 * MINUTE);
    long evicted = harness.count(JoinEvent.ROOTLESS_EVICTED);
    assertThat(evicted).isBetween(1L, 19L);
    assertThat(harness.spans.size()).isEqualTo(20 - (int) evicted);
    assertThat(harness.spans.bytes()).isLessThan(6_000);

    // The oldest is a stub, the youngest is still whole: a late root re-attributes it.
    harness.send(root(1));
    harness.send(root(20));
    assertThat(provenance(harness, 1)).isEqualTo(Provenance.UNATTRIBUTED);
    assertThat(provenance(harness, 20)).isEqualTo(Provenance.ANCESTOR);
  }

  /** What came last is booked before the trace becomes a stub. */
  @Test
  void rootless_thatHasToGoWhileALateSpanWaits_isBookedFirst() {
    JoinLimits limits = new JoinLimits(20_000, 25_000, 100, JoinLimits.DEFAULT.requiredTags());
    JoinHarness harness = harness(limits);
    for (int i = 3; i <= 103; i++) { // more than are booked with every late span
      harness.send(llm(i, 2).setTraceId(trace(1)).build());
    }
    harness.advance(MINUTE);
    for (int i = 3; i <= 62; i++) {
      harness.send(llm(i, 2).setTraceId(trace(2)).build());
    }
    harness.advance(14 * MINUTE);
    harness.advance(MINUTE - SECOND / 20);
    assertThat(harness.count(JoinEvent.ROOTLESS_EVICTED)).isZero();
    harness.send(llm(104, 2).setTraceId(trace(1)).build());
    harness.send(llm(105, 2).setTraceId(trace(1)).build());
    assertThat(harness.ledger.net()).doesNotContainKey(trace(1) + "|" + id(105));
    harness.advance(SECOND / 20);
    assertThat(harness.count(JoinEvent.ROOTLESS_EVICTED)).isEqualTo(1);
    assertThat(harness.ledger.net()).containsKey(trace(1) + "|" + id(105));
  }

  /** Or it would go before those that still wait for theirs. */
  @Test
  void rootless_whoseRootComes_isNoLongerInTheBudget() {
    JoinHarness harness = harness(JoinLimits.DEFAULT);
    harness.send(llm(3, 2).setTraceId(trace(1)).build());
    harness.advance(MINUTE);
    harness.advance(16 * MINUTE);
    int kept = harness.deadlines.size();
    harness.send(root(1));
    assertThat(kept - harness.deadlines.size()).isEqualTo(1);
  }

  private static dev.tributary.schemas.Span root(int trace) {
    return span(SpanKind.WORKFLOW, 2, 0).setTraceId(trace(trace)).setTags(feature("chat")).build();
  }

  private static Provenance provenance(JoinHarness harness, int trace) {
    LedgerLine line = harness.ledger.net().get(trace(trace) + "|" + id(3));
    return line.getAttribution().getFeature().getProvenance();
  }

  @Test
  void beyondMemory_saysWhatItWouldCost_nothingWhereItIsNeverCounted() {
    JoinHarness harness = harness(JoinLimits.DEFAULT);
    long before = harness.clockUs() - JoinTimes.DEFAULT.memoryUs() - 1;
    harness.send(llm(1, 0).setTraceId(trace(1)).setEndTimeUs(before).build());
    harness.send(
        llm(1, 0)
            .setTraceId(trace(2))
            .setEndTimeUs(before)
            .setServiceName("mirror-gateway")
            .build());
    assertThat(harness.wouldBeCosts.get(0)).isEqualByComparingTo("0.0034575");
    assertThat(harness.wouldBeCosts.get(1)).isNull();
  }

  @Test
  void aggregate_isBookedAfterBookAfter_andRetractedByALateLeaf() {
    JoinTimes slow = new JoinTimes(5 * SECOND, 30 * SECOND, 10 * MINUTE, HOUR, 15 * MINUTE, HOUR);
    JoinHarness harness = new JoinHarness(slow, JoinLimits.DEFAULT, TestViews.BOTH);
    harness.send(carrying(agent(2, 1), 500, 5).setTags(TestSpans.complete("search")).build());
    harness.advance(29 * SECOND);
    assertThat(harness.entries).isEmpty();
    harness.advance(2 * SECOND);
    assertThat(harness.ledger.line(id(2)).getUsage()).isNotNull();
    harness.send(llm(3, 2).build());
    harness.advance(31 * SECOND);
    assertThat(harness.ledger.line(id(2)).getUsage()).isNull();
    assertThat(harness.ledger.line(id(3)).getCost()).isNotNull();
    assertThat(harness.count(JoinEvent.CLOSED)).isZero();
  }

  @Test
  void maxAge_closesATraceThatNeverRests() {
    JoinHarness harness = harness(JoinLimits.DEFAULT);
    for (int i = 2; i < 450; i++) {
      harness.send(span(SpanKind.TOOL, i, 1).build());
      harness.advance(50 * SECOND);
    }
    TraceSummary summary = harness.summaries.get(0);
    assertThat(summary.getCloseReason()).isEqualTo("max_age");
    assertThat(summary.getSpans()).isBetween(425L, 440L);
  }

  @Test
  void session_ofATraceThatMoves_isLeft() {
    JoinHarness harness = harness(JoinLimits.DEFAULT);
    harness.send(llm(3, 1).setSessionId("first").build());
    harness.advance(2 * MINUTE);
    assertThat(harness.sessions.keySet()).hasSize(1);
    harness.send(span(SpanKind.WORKFLOW, 1, 0).setSessionId("second").build());
    harness.advance(SECOND);
    assertThat(harness.sessions).hasSize(2);
    harness
        .sessions
        .values()
        .forEach(summary -> assertThat(summary.getSessionId()).isEqualTo("second"));
  }

  private static JoinHarness harness(JoinLimits limits) {
    return new JoinHarness(JoinTimes.DEFAULT, limits, TestViews.BOTH);
  }
}
