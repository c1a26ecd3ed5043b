package dev.tributary.attribution.core;

import static dev.tributary.attribution.core.TestSpans.id;
import static dev.tributary.attribution.core.TestSpans.llm;
import static dev.tributary.attribution.core.TestSpans.span;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.schemas.Correction;
import dev.tributary.schemas.CorrectionCommand;
import dev.tributary.schemas.LedgerLine;
import dev.tributary.schemas.Span;
import dev.tributary.schemas.SpanKind;
import dev.tributary.schemas.UsageQuality;
import dev.tributary.schemas.UsageScope;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A call whose other record is known, and that comes when it is booked for itself. */
class LateResponseTest {
  private static final long LATE = 9;

  /** Why the call is booked for itself. */
  enum Fate {
    STUB,
    OVER_LIMIT
  }

  @ParameterizedTest
  @EnumSource
  void recordOfAShadowService_doesNotStandForTheCall(Fate fate) {
    JoinHarness harness = after(fate, record(2, 1).setServiceName("mirror-gateway"));

    assertThat(scope(harness, 2)).isEqualTo(UsageScope.NONE);
    assertThat(scope(harness, LATE)).isEqualTo(UsageScope.LEAF);
  }

  @ParameterizedTest
  @EnumSource
  void recordWithoutUsage_leavesTheUsageToTheOther_butIsTheCall(Fate fate) {
    JoinHarness harness = after(fate, unstated(2));

    assertThat(scope(harness, 2)).isEqualTo(UsageScope.NONE);
    assertThat(harness.ledger.line(id(2)).getCalls()).isEqualTo(1);
    assertThat(scope(harness, LATE)).isEqualTo(UsageScope.LEAF);
    assertThat(harness.ledger.line(id(LATE)).getCalls()).isZero();
    harness.send(record(LATE + 1, 1).build());
    assertDouble(harness.ledger.line(id(LATE + 1)));
  }

  @ParameterizedTest
  @EnumSource
  void recordsWithoutUsage_areOneCall(Fate fate) {
    JoinHarness harness = after(fate, llm(2, 1));
    harness.send(unstated(LATE + 1).setResponseId("r-2").build());
    assertThat(harness.ledger.line(id(LATE + 1)).getCalls()).isEqualTo(1);

    harness.send(unstated(LATE + 2).setResponseId("r-2").build());

    assertDouble(harness.ledger.line(id(LATE + 2)));
  }

  /** An older version kept the response of every call over the limit, doubles included. */
  @Test
  void responseThatAnOlderVersionKept_takesNothingFromAJoinedCall() {
    JoinHarness harness = after(Fate.OVER_LIMIT, record(2, 1));
    String key = "default|" + TestSpans.TRACE + '|' + Stub.response(Stub.responseHash("r-1"));
    harness.spans.put(key, new byte[] {SpanSlot.RESPONSE});

    harness.send(record(2, 1).setEndTimeUs(TestSpans.T0 + 90_000).build());
    harness.advance(TimeUnit.MINUTES.toMicros(2));

    assertThat(scope(harness, 2)).isEqualTo(UsageScope.LEAF);
    assertDouble(harness.ledger.line(id(LATE)));
  }

  @ParameterizedTest
  @EnumSource
  void recordThatIsCounted_makesADouble(Fate fate) {
    JoinHarness harness = after(fate, record(2, 1));

    assertThat(scope(harness, 2)).isEqualTo(UsageScope.LEAF);
    assertDouble(harness.ledger.line(id(LATE)));
  }

  @ParameterizedTest
  @EnumSource
  void recordAroundTheCallThatIsCounted_makesADouble(Fate fate) {
    JoinHarness harness = after(fate, record(2, 1), llm(3, 2));

    assertThat(scope(harness, 2)).isEqualTo(UsageScope.NONE);
    assertThat(scope(harness, 3)).isEqualTo(UsageScope.LEAF);
    assertDouble(harness.ledger.line(id(LATE)));
  }

  /** Its second copy tells that it is what was counted over the limit. */
  @Test
  void joinedCallThatTurnsOutToBeCountedOverTheLimit_isADouble() {
    JoinHarness harness = after(Fate.OVER_LIMIT, llm(2, 1));
    assertThat(scope(harness, LATE)).isEqualTo(UsageScope.LEAF);

    Span copy = record(2, 1).setEndTimeUs(TestSpans.T0 + 90_000).build();
    harness.send(copy);
    harness.advance(TimeUnit.MINUTES.toMicros(2));

    assertDouble(harness.ledger.line(id(2)));
    assertThat(scope(harness, LATE)).isEqualTo(UsageScope.LEAF);
  }

  /** A command gives usage to a call that had none: its response is counted from then on. */
  @ParameterizedTest
  @EnumSource
  void callThatACommandGaveUsageTo_isCounted(Fate fate) {
    JoinHarness harness = after(fate, llm(2, 1));
    harness.send(unstated(LATE + 1).setResponseId("r-2").build());
    LedgerLine line = harness.ledger.line(id(LATE + 1));
    LedgerLine priced =
        LedgerLine.newBuilder(harness.ledger.line(id(2)))
            .setItem(line.getItem())
            .setResponseId("r-2")
            .build();
    replace(harness, line, priced);

    harness.send(record(LATE + 2, 1).setResponseId("r-2").build());

    assertDouble(harness.ledger.line(id(LATE + 2)));
  }

  /** A command that changes something else leaves the usage to come. */
  @Test
  void callThatACommandChanged_stillWaitsForItsUsage() {
    JoinHarness harness = after(Fate.OVER_LIMIT, llm(2, 1));
    harness.send(unstated(LATE + 1).setResponseId("r-2").build());
    LedgerLine line = harness.ledger.line(id(LATE + 1));
    replace(harness, line, LedgerLine.newBuilder(line).setErrorType("told by hand").build());

    harness.send(record(LATE + 2, 1).setResponseId("r-2").build());

    assertThat(scope(harness, LATE + 2)).isEqualTo(UsageScope.LEAF);
  }

  private static void replace(JoinHarness harness, LedgerLine before, LedgerLine target) {
    Correction.Builder command =
        Correction.newBuilder()
            .setTenant(TestSpans.TENANT)
            .setRunId("run-1")
            .setRunNumber(1)
            .setCommand(CorrectionCommand.OPEN_RUN)
            .setIssuedAtUs(TestSpans.T0);
    assertThat(harness.send(command.build())).isNull();
    command
        .setCommand(CorrectionCommand.REPLACE)
        .setSource(TestSpans.TRACE)
        .setItem(before.getItem())
        .setExpectedRevision(1L)
        .setCurrentLine(before)
        .setTargetLine(target);
    assertThat(harness.send(command.build())).isNull();
  }

  private static JoinHarness after(Fate fate, Span.Builder... joined) {
    boolean isLimited = fate == Fate.OVER_LIMIT;
    JoinLimits limits =
        isLimited
            ? new JoinLimits(1 + joined.length, 64 << 20, 10_000, JoinLimits.DEFAULT.requiredTags())
            : JoinLimits.DEFAULT;
    JoinHarness harness = new JoinHarness(JoinTimes.DEFAULT, limits, TestViews.BOTH);
    harness.send(span(SpanKind.WORKFLOW, 1, 0).build());
    for (Span.Builder each : joined) {
      harness.send(each.build());
    }
    if (!isLimited) {
      harness.advance(TimeUnit.MINUTES.toMicros(2));
      harness.advance(TimeUnit.MINUTES.toMicros(16));
      assertThat(harness.spans.size()).as("spans beside the stub").isZero();
    }
    harness.send(record(LATE, 1).build());
    harness.advance(TimeUnit.MINUTES.toMicros(2));
    return harness;
  }

  private static Span.Builder record(long number, long parent) {
    return llm(number, parent).setResponseId("r-1");
  }

  private static Span.Builder unstated(long number) {
    return record(number, 1).setUsage(null).setUsageQuality(UsageQuality.MISSING);
  }

  private static UsageScope scope(JoinHarness harness, long number) {
    return harness.ledger.line(id(number)).getUsageScope();
  }

  private static void assertDouble(LedgerLine line) {
    assertThat(line.getUsageScope()).isEqualTo(UsageScope.NONE);
    assertThat(line.getPriceReason()).isEqualTo("double reported");
    assertThat(line.getCalls()).isZero();
  }
}
