package dev.tributary.attribution.core;

import static dev.tributary.attribution.core.TestSpans.id;
import static dev.tributary.attribution.core.TestSpans.llm;
import static dev.tributary.attribution.core.TestSpans.span;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.schemas.LedgerLine;
import dev.tributary.schemas.Span;
import dev.tributary.schemas.SpanKind;
import dev.tributary.schemas.TraceSummary;
import dev.tributary.schemas.UsageQuality;
import dev.tributary.schemas.UsageScope;
import java.math.BigDecimal;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Calls that come when their trace has reached its limit: one of a path is counted. */
class OverLimitTest {
  private static final long MINUTE = TimeUnit.MINUTES.toMicros(1);
  private static final BigDecimal CALL = new BigDecimal("0.0034575");

  private final Span root = span(SpanKind.WORKFLOW, 1, 0).build();

  @Test
  void callThatComesAfterTheOneBelowIt_isAWrapper() {
    JoinHarness harness = full(root);
    harness.send(llm(3, 2).build());
    harness.send(llm(2, 1).build());

    assertThat(owners(harness, 2, 3)).containsExactly(UsageScope.NONE, UsageScope.LEAF);
    assertThat(harness.ledger.line(id(2)).getPriceReason()).isEqualTo("descendants own the usage");
    assertSums(harness, 1);
  }

  @Test
  void callThatComesAfterTheOneAboveIt_isCountedThere() {
    JoinHarness harness = full(root);
    harness.send(llm(2, 1).build());
    harness.send(llm(3, 2).build());

    assertThat(owners(harness, 2, 3)).containsExactly(UsageScope.LEAF, UsageScope.NONE);
    assertThat(harness.ledger.line(id(3)).getPriceReason()).isEqualTo("an ancestor owns the usage");
    assertSums(harness, 1);
  }

  /** 2 and 4 are counted, until the tool between them tells that 2 is above 4. */
  @Test
  void callThatTurnsOutToBeAboveAnother_takesItsUsageBackOnce() {
    JoinHarness harness = full(root);
    harness.send(llm(2, 1).build());
    harness.send(llm(4, 3).build());
    assertThat(owners(harness, 2, 4)).containsOnly(UsageScope.LEAF);

    harness.send(span(SpanKind.TOOL, 3, 2).build());

    assertThat(owners(harness, 2, 4)).containsExactly(UsageScope.NONE, UsageScope.LEAF);
    harness.crash();
    harness.send(llm(6, 5).build());
    harness.send(span(SpanKind.TOOL, 5, 2).build());
    assertThat(owners(harness, 2, 4, 6))
        .containsExactly(UsageScope.NONE, UsageScope.LEAF, UsageScope.LEAF);
    assertSums(harness, 2);
  }

  /** The joined call was counted, until a tool over the limit tells that it is above another. */
  @Test
  void joinedCallThatTurnsOutToBeAboveAnother_takesItsUsageBack() {
    JoinHarness harness = full(root, llm(2, 1).build());
    harness.send(llm(5, 4).build());
    harness.send(span(SpanKind.TOOL, 4, 2).build());

    assertThat(owners(harness, 2, 5)).containsExactly(UsageScope.NONE, UsageScope.LEAF);
    assertSums(harness, 1);
    harness.crash();
    harness.send(llm(7, 1).build());
    assertThat(owners(harness, 2, 5, 7))
        .as("booked again after a crash, 2 is still above 5")
        .containsExactly(UsageScope.NONE, UsageScope.LEAF, UsageScope.LEAF);
    assertSums(harness, 2);
  }

  @Test
  void callBelowAJoinedOne_isCountedThere() {
    JoinHarness harness = full(root, llm(2, 1).build());
    harness.send(span(SpanKind.TOOL, 4, 2).build());
    harness.send(llm(5, 4).build());

    assertThat(owners(harness, 2, 5)).containsExactly(UsageScope.LEAF, UsageScope.NONE);
    assertSums(harness, 1);
  }

  /** A span whose parent never came hangs below the root. */
  @Test
  void orphan_isCountedByARootThatOwns_andElseItself() {
    JoinHarness owning = full(llm(1, 0).build());
    owning.send(llm(9, 77).build());
    assertThat(owners(owning, 1, 9)).containsExactly(UsageScope.LEAF, UsageScope.NONE);
    assertSums(owning, 1);

    JoinHarness harness = full(root, llm(2, 1).build());
    harness.send(llm(9, 77).build());
    assertThat(owners(harness, 2, 9)).containsOnly(UsageScope.LEAF);
    assertSums(harness, 2);
  }

  /** The joined call below had no usage when the one above it was counted. */
  @Test
  void callAboveAJoinedOneThatGainsUsage_takesItsUsageBack() {
    Span unstated = llm(2, 9).setUsage(null).setUsageQuality(UsageQuality.MISSING).build();
    JoinHarness harness = full(root, unstated);
    harness.send(llm(9, 1).build());
    assertThat(owners(harness, 2, 9)).containsExactly(UsageScope.NONE, UsageScope.LEAF);

    harness.send(llm(2, 9).build());
    harness.advance(2 * MINUTE);

    assertThat(owners(harness, 2, 9)).containsExactly(UsageScope.LEAF, UsageScope.NONE);
    assertSums(harness, 1);
  }

  @Test
  void sameIdAgain_isADuplicateOrAConflict_andOneLine() {
    JoinHarness harness = full(root);
    harness.send(llm(2, 1).build());
    harness.send(llm(2, 1).build());
    harness.send(llm(2, 1).setErrorType("other").build());

    assertThat(harness.count(JoinEvent.DUPLICATE)).isEqualTo(1);
    assertThat(harness.count(JoinEvent.CONFLICT)).isEqualTo(1);
    assertThat(harness.count(JoinEvent.OVER_LIMIT)).isEqualTo(1);
    assertSums(harness, 1);
    assertThat(last(harness).getDuplicates()).isEqualTo(2);
  }

  /** What the stub keeps of them: the tool lies below a call that is counted. */
  @Test
  void callThatComesLateBelowThem_isCountedWhereTheyAre() {
    JoinHarness harness = full(root, llm(2, 1).build());
    harness.send(span(SpanKind.TOOL, 4, 2).build());
    harness.advance(2 * MINUTE);
    harness.advance(16 * MINUTE);
    assertThat(harness.spans.size()).as("spans beside the stub").isZero();

    harness.send(llm(9, 4).build());

    assertThat(owners(harness, 2, 9)).containsExactly(UsageScope.LEAF, UsageScope.NONE);
    assertThat(harness.ledger.cost()).isEqualByComparingTo(CALL);
  }

  /** A span that ended ahead of the clock is remembered until the clock has left it behind. */
  @Test
  void spanAheadOfTheClock_isRememberedForLonger() {
    JoinHarness harness = full(root);
    Span ahead = llm(2, 1).setEndTimeUs(harness.clockUs() + 180 * MINUTE).build();
    harness.send(ahead);
    harness.advance(2 * MINUTE);
    harness.advance(16 * MINUTE);
    harness.advance(420 * MINUTE);

    harness.send(ahead);

    assertThat(harness.count(JoinEvent.STUB_DUPLICATE)).isEqualTo(1);
    assertThat(harness.ledger.cost()).isEqualByComparingTo(CALL);
  }

  /** A trace that holds these and no more. */
  private static JoinHarness full(Span... joined) {
    JoinLimits limits =
        new JoinLimits(joined.length, 64 << 20, 10_000, JoinLimits.DEFAULT.requiredTags());
    JoinHarness harness = new JoinHarness(JoinTimes.DEFAULT, limits, TestViews.BOTH);
    harness.send(List.of(joined));
    return harness;
  }

  private static List<UsageScope> owners(JoinHarness harness, long... numbers) {
    return java.util.Arrays.stream(numbers)
        .mapToObj(number -> harness.ledger.line(id(number)).getUsageScope())
        .toList();
  }

  /** The ledger has so many calls, and the trace says the same when it has closed. */
  private static void assertSums(JoinHarness harness, int calls) {
    harness.advance(2 * MINUTE);
    harness.advance(MINUTE);
    BigDecimal cost = CALL.multiply(BigDecimal.valueOf(calls));
    assertThat(harness.ledger.cost()).isEqualByComparingTo(cost);
    assertThat(harness.ledger.net().values().stream().mapToInt(LedgerLine::getCalls).sum())
        .isEqualTo(calls);
    assertThat(last(harness).getCost()).isEqualByComparingTo(cost);
    assertThat(last(harness).getCalls()).isEqualTo(calls);
    assertThat(last(harness).getUsage().getInputUncached()).isEqualTo(1_203L * calls);
  }

  private static TraceSummary last(JoinHarness harness) {
    return harness.summaries.get(harness.summaries.size() - 1);
  }
}
