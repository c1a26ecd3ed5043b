package dev.tributary.attribution.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.runtime.testing.Seeds;
import dev.tributary.schemas.LedgerLine;
import dev.tributary.schemas.SessionSummary;
import dev.tributary.schemas.TraceSummary;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SessionJoinTest {
  private static final long KEEP = TimeUnit.DAYS.toMicros(35);
  private static final String KEY = "default|s-1";

  private final MemoryStore turns = new MemoryStore();
  private final MemoryStore sessions = new MemoryStore();
  private final MemoryStore deadlines = new MemoryStore();
  private SessionJoin join = new SessionJoin(turns, sessions, deadlines, KEEP);

  @Test
  void sums_anyOrderAndRevisions() {
    long seed = Seeds.one();
    Seeds.with(
        seed,
        unused -> {
          Random random = new Random(seed);
          List<TraceSummary> sent = new ArrayList<>();
          for (int i = 1; i <= 260; i++) {
            int revisions = 1 + random.nextInt(3);
            for (int revision = 1; revision <= revisions; revision++) {
              sent.add(trace(i, revision, "s-1", random.nextInt(100)));
            }
          }
          Collections.shuffle(sent, random);
          SessionSummary last = null;
          for (TraceSummary trace : sent) {
            SessionSummary now = join.onTrace(KEY, trace, 0);
            last = now == null ? last : now;
          }
          assertThat(last.getTurns()).isEqualTo(260);
          assertThat(last.getTurnList()).hasSize(200);
          assertThat(last.getTurnListTruncated()).isTrue();
          assertThat(last.getTurnList().get(0).getTraceId()).isEqualTo(TestSpans.trace(1));
          assertThat(last.getTurnList().get(100).getTraceId()).isEqualTo(TestSpans.trace(161));
          assertThat(last.getTurnList().get(199).getTraceId()).isEqualTo(TestSpans.trace(260));
          assertThat(last.getCost()).isEqualByComparingTo(expectedCost(sent));
          assertThat(last.getStartTimeUs()).isEqualTo(TestSpans.T0 + 1_000_000);
          assertThat(last.getEndTimeUs()).isEqualTo(TestSpans.T0 + 260_000_500);
          assertThat(sessions.bytes()).as("a session's record is bounded").isLessThan(40_000);
        });
  }

  private static BigDecimal expectedCost(List<TraceSummary> sent) {
    BigDecimal cost = BigDecimal.ZERO;
    for (TraceSummary trace : sent) {
      boolean isLast =
          sent.stream()
              .noneMatch(
                  other ->
                      other.getTraceId().equals(trace.getTraceId())
                          && other.getRevision() > trace.getRevision());
      cost = isLast ? cost.add(trace.getCost()) : cost;
    }
    return cost;
  }

  @Test
  void leave_takesTheTurnOut() {
    join.onTrace(KEY, trace(1, 1, "s-1", 5), 0);
    join.onTrace(KEY, trace(2, 1, "s-1", 7), 0);
    SessionSummary left = join.onTrace(KEY, trace(1, 2, "s-other", 5), 0);
    assertThat(left.getTurns()).isEqualTo(1);
    assertThat(left.getCost()).isEqualByComparingTo("7");
    assertThat(left.getRevision()).isEqualTo(3);
    assertThat(left.getStartTimeUs()).isEqualTo(TestSpans.T0 + 2_000_000);
    assertThat(join.onTrace(KEY, trace(1, 3, "s-other", 5), 0)).isNull();
    SessionSummary empty = join.onTrace(KEY, trace(2, 2, "s-other", 7), 0);
    assertThat(empty.getTurns()).isZero();
    assertThat(empty.getCost()).isNull();
  }

  @Test
  void olderRevision_isIgnored() {
    join.onTrace(KEY, trace(1, 2, "s-1", 5), 0);
    assertThat(join.onTrace(KEY, trace(1, 1, "s-1", 9), 0)).isNull();
  }

  @Test
  void workspaces_thatDisagree_areMixed() {
    TraceSummary first = trace(1, 1, "s-1", 5);
    first.getAttribution().getWorkspace().setValue("acme");
    TraceSummary second = trace(2, 1, "s-1", 5);
    second.getAttribution().getWorkspace().setValue("umbrella");
    assertThat(join.onTrace(KEY, first, 0).getWorkspace()).isEqualTo("acme");
    assertThat(join.onTrace(KEY, second, 0).getWorkspace()).isEqualTo("MIXED");
  }

  @Test
  void session_isForgottenAfterItsTime() {
    join.onTrace(KEY, trace(1, 1, "s-1", 5), 0);
    join.onTrace(KEY, trace(2, 1, "s-1", 5), KEEP / 2);
    join.onTrace("default|s-1|x", trace(3, 1, "s-1|x", 5), KEEP);
    join = new SessionJoin(turns, sessions, deadlines, KEEP);
    assertThat(join.onClock(KEEP)).isZero();
    assertThat(join.onClock(KEEP + KEEP / 2)).isEqualTo(1);
    assertThat(turns.size()).isEqualTo(1);
    assertThat(sessions.size()).isEqualTo(1);
  }

  /** A trace's summary as the join makes it, with a cost of whole units. */
  private static TraceSummary trace(int number, long revision, String session, int cost) {
    JoinHarness harness = new JoinHarness(JoinTimes.DEFAULT, JoinLimits.DEFAULT, TestViews.BOTH);
    harness.send(
        TestSpans.llm(1, 0)
            .setTraceId(TestSpans.trace(number))
            .setStartTimeUs(TestSpans.T0 + number * 1_000_000L)
            .setEndTimeUs(TestSpans.T0 + number * 1_000_000L + 500)
            .build());
    harness.advance(TimeUnit.MINUTES.toMicros(2));
    LedgerLine line = harness.ledger.line(TestSpans.id(1));
    assertThat(line.getCalls()).isEqualTo(1);
    TraceSummary summary = harness.summaries.get(0);
    summary.setRevision(revision);
    summary.setSessionId(session);
    summary.setCost(BigDecimal.valueOf(cost).setScale(18));
    summary
        .getAttribution()
        .setWorkspace(
            new dev.tributary.schemas.ResolvedTag(
                null, dev.tributary.schemas.Provenance.UNATTRIBUTED));
    return summary;
  }
}
