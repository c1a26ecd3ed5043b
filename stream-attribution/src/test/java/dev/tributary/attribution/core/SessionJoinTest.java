package dev.tributary.attribution.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import dev.tributary.runtime.testing.Seeds;
import dev.tributary.schemas.Attribution;
import dev.tributary.schemas.LedgerLine;
import dev.tributary.schemas.Provenance;
import dev.tributary.schemas.ResolvedTag;
import dev.tributary.schemas.SessionSummary;
import dev.tributary.schemas.SessionTurn;
import dev.tributary.schemas.TokenUsage;
import dev.tributary.schemas.TraceSummary;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SessionJoinTest {
  private static final long KEEP = TimeUnit.DAYS.toMicros(35);
  private static final String KEY = "default|s-1";
  private static final long GAP = TimeUnit.MINUTES.toMicros(30);
  private static final SessionJoin.Times TIMES =
      new SessionJoin.Times(GAP, TimeUnit.HOURS.toMicros(24), KEEP);

  private final MemoryStore turns = new MemoryStore();
  private final MemoryStore sessions = new MemoryStore();
  private final MemoryStore deadlines = new MemoryStore();
  private SessionJoin join = new SessionJoin(turns, sessions, deadlines, TIMES);

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
  void sameRevisionAgain_isIgnored() {
    join.onTrace(KEY, trace(1, 2, "s-1", 5), 0);
    assertThat(join.onTrace(KEY, trace(1, 2, "s-1", 5), 0)).isNull();
  }

  /** The turn with the latest end, or the first start, was revised to less. */
  @Test
  void turnThatShrinks_takesTheSessionWithIt() {
    join.onTrace(KEY, trace(1, 1, "s-1", 5), 0);
    join.onTrace(KEY, trace(2, 1, "s-1", 5), 0);
    TraceSummary shorter = trace(2, 2, "s-1", 5);
    shorter.setEndTimeUs(shorter.getEndTimeUs() - 100);
    assertThat(join.onTrace(KEY, shorter, 0).getEndTimeUs()).isEqualTo(TestSpans.T0 + 2_000_400);
    TraceSummary later = trace(1, 2, "s-1", 5);
    later.setStartTimeUs(later.getStartTimeUs() + 100);
    SessionSummary now = join.onTrace(KEY, later, 0);
    assertThat(now.getStartTimeUs()).isEqualTo(TestSpans.T0 + 1_000_100);
    assertThat(now.getTurns()).isEqualTo(2);
  }

  /** What is made anew from the turns is as old as it was, and holds no turn of another session. */
  @Test
  void rebuiltSession_keepsItsAge_andItsOwnTurns() {
    join.onTrace(KEY, trace(1, 1, "s-1", 5), 4 * KEEP);
    join.onTrace(KEY, trace(2, 1, "s-1", 5), 4 * KEEP);
    join.onTrace(KEY + "|x", trace(3, 1, "s-1|x", 5), 4 * KEEP);
    SessionSummary left = join.onTrace(KEY, trace(1, 2, "s-other", 5), 4 * KEEP);
    assertThat(left.getTurns()).isEqualTo(1);
    onClock(4 * KEEP + GAP);
    assertThat(ended.get(KEY).getEndReason()).isEqualTo("inactive");
  }

  @Test
  void session_isTooOld_exactlyAtItsAge() {
    long age = TIMES.maxAgeUs();
    join.onTrace(KEY, trace(1, 1, "s-1", 5), 0);
    join.onTrace(KEY, trace(2, 1, "s-1", 5), age - 1);
    onClock(age - 1);
    assertThat(ended).isEmpty();
    onClock(age);
    assertThat(ended.get(KEY).getEndReason()).isEqualTo("max_age");
  }

  @Test
  void workspaces_thatDisagree_areMixed() {
    TraceSummary first = trace(1, 1, "s-1", 5);
    first.getAttribution().getWorkspace().setValue("acme");
    TraceSummary second = trace(2, 1, "s-1", 5);
    second.getAttribution().getWorkspace().setValue("umbrella");
    assertThat(join.onTrace(KEY, first, 0).getWorkspace()).isEqualTo("acme");
    assertThat(join.onTrace(KEY, second, 0).getWorkspace()).isEqualTo("MIXED");
    assertThat(join.onTrace(KEY, of(2, 2, "s-1", "acme"), 0).getWorkspace()).isEqualTo("acme");
  }

  @Test
  void session_isForgottenAfterItsTime() {
    join.onTrace(KEY, trace(1, 1, "s-1", 5), 0);
    join.onTrace(KEY, trace(2, 1, "s-1", 5), KEEP / 2);
    join.onTrace("default|s-1|x", trace(3, 1, "s-1|x", 5), KEEP);
    join = new SessionJoin(turns, sessions, deadlines, TIMES);
    assertThat(onClock(KEEP)).isZero();
    assertThat(onClock(KEEP + KEEP / 2)).isEqualTo(1);
    assertThat(turns.size()).isEqualTo(1);
    assertThat(sessions.size()).isEqualTo(1);
  }

  private final Map<String, SessionSummary> ended = new TreeMap<>();

  private int onClock(long clockUs) {
    return join.onClock(clockUs, ended::put);
  }

  @Test
  void session_isOverAfterItsGap_andALaterTurnRevises() {
    join.onTrace(KEY, trace(1, 1, "s-1", 5), 0);
    join.onTrace(KEY, trace(2, 1, "s-1", 5), GAP / 2);
    onClock(GAP);
    assertThat(ended).isEmpty();
    onClock(GAP + GAP / 2);
    assertThat(ended.get(KEY).getEnded()).isTrue();
    assertThat(ended.get(KEY).getEndReason()).isEqualTo("inactive");
    assertThat(ended.get(KEY).getRevision()).isEqualTo(3);
    SessionSummary revised = join.onTrace(KEY, trace(3, 1, "s-1", 5), 2 * GAP);
    assertThat(revised.getEnded()).isFalse();
    assertThat(revised.getEndReason()).isNull();
    assertThat(revised.getRevision()).isEqualTo(4);
    ended.clear();
    for (int hour = 1; hour <= 26; hour++) {
      join.onTrace(KEY, trace(3, 1 + hour, "s-1", 5), hour * 2 * GAP);
      onClock(hour * 2 * GAP);
    }
    assertThat(ended.get(KEY).getEndReason()).isEqualTo("max_age");
    assertThat(join.onTrace(KEY, trace(4, 1, "s-1", 5), 60 * GAP).getEnded()).isTrue();
    assertThat(deadlines.size()).isEqualTo(1);
  }

  @Test
  void course_ofTheTurns() {
    SessionSummary last = null;
    for (int i = 1; i <= 6; i++) {
      TraceSummary turn = trace(i, 1, "s-1", i <= 2 ? 2 : 6);
      turn.setEndTimeUs(turn.getStartTimeUs() + (i <= 4 ? 200_000 : 400_000));
      turn.setLargestContext(1_000L * i);
      turn.setErrors(i == 6 ? 3L : 0L);
      last = join.onTrace(KEY, turn, 0);
    }
    assertThat(last.getTurnList())
        .extracting(SessionTurn::getNumber)
        .containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
    assertThat(last.getTurnList().get(0).getGapUs()).isNull();
    assertThat(last.getTurnList().get(5).getGapUs()).isEqualTo(600_000);
    assertThat(last.getTurnList().get(5).getWallTimeUs()).isEqualTo(400_000);
    assertThat(last.getTurnList().get(5).getContextTokens()).isEqualTo(6_000);
    assertThat(last.getGapUsMean()).isEqualTo((4 * 800_000 + 600_000) / 5);
    assertThat(last.getGapUsMax()).isEqualTo(800_000);
    assertThat(last.getWallTimeGrowth()).isEqualTo(2.0);
    assertThat(last.getCostGrowth()).isEqualTo(3.0);
    assertThat(last.getContextGrowth()).isEqualTo(5_500.0 / 1_500, within(1e-9));
    assertThat(last.getEarlyErrorShare()).isZero();
    assertThat(last.getLateErrorShare()).isEqualTo(0.5);
  }

  /** What a session counts beside its cost, after one turn was revised and another left. */
  @Test
  void sums_ofEveryMeasure_followWhatIsRevisedAndWhatLeaves() {
    join.onTrace(KEY, measured(1, 1, 100), 0);
    join.onTrace(KEY, measured(2, 1, 10), 0);
    join.onTrace(KEY, measured(3, 1, 1_000), 0);
    join.onTrace(KEY, measured(4, 1, 1), 0);
    join.onTrace(KEY, measured(2, 2, 20), 0);
    TraceSummary leaving = measured(3, 2, 1_000);
    leaving.setSessionId("s-other");

    SessionSummary now = join.onTrace(KEY, leaving, 0);

    assertThat(now.getTurns()).isEqualTo(3);
    assertThat(now.getCalls()).isEqualTo(2 * 121);
    assertThat(now.getErrors()).isEqualTo(3 * 121);
    assertThat(now.getTools()).isEqualTo(4 * 121);
    assertThat(now.getUnpricedCalls()).isEqualTo(5 * 121);
    assertThat(now.getUsage().getInputUncached()).isEqualTo(6 * 121);
    assertThat(now.getUsage().getCacheRead()).isEqualTo(7 * 121);
    assertThat(now.getUsage().getReasoning()).as("none states it any more").isNull();
    assertThat(now.getUsage().getAssumedCacheTtl()).isFalse();
    assertThat(now.getTurnList())
        .extracting(SessionTurn::getTraceId, SessionTurn::getCalls, SessionTurn::getInputTokens)
        .containsExactly(
            tuple(TestSpans.trace(1), 200L, 1_300L),
            tuple(TestSpans.trace(2), 40L, 260L),
            tuple(TestSpans.trace(4), 2L, 13L));
  }

  private static TraceSummary measured(int number, long revision, long times) {
    TraceSummary trace = trace(number, revision, "s-1", 5);
    trace.setCalls(2 * times);
    trace.setErrors(3 * times);
    trace.setTools(4 * times);
    trace.setUnpricedCalls(5 * times);
    trace.setUsage(
        TokenUsage.newBuilder()
            .setInputUncached(6 * times)
            .setCacheRead(7 * times)
            .setOutputText(8 * times)
            .setReasoning(times == 1_000 ? 9L : null)
            .setAssumedCacheTtl(times == 1_000)
            .build());
    return trace;
  }

  @Test
  void tags_areThoseOfMostTurns_atATieTheFirstByName() {
    join.onTrace(KEY, tagged(1, "search", "ada"), 0);
    join.onTrace(KEY, tagged(2, "chat", null), 0);
    SessionSummary tie = join.onTrace(KEY, tagged(3, null, "bob"), 0);
    SessionSummary most = join.onTrace(KEY, tagged(4, "search", "bob"), 0);
    TraceSummary revised = tagged(4, "chat", "bob");
    revised.setRevision(2L);
    SessionSummary other = join.onTrace(KEY, revised, 0);

    assertThat(tie.getFeature()).isEqualTo("chat");
    assertThat(tie.getTeam()).isEqualTo("chat-team");
    assertThat(tie.getEnvironment()).isEqualTo("chat-env");
    assertThat(tie.getUserHash()).isEqualTo("ada");
    assertThat(most.getFeature()).isEqualTo("search");
    assertThat(most.getTeam()).isEqualTo("search-team");
    assertThat(most.getEnvironment()).isEqualTo("search-env");
    assertThat(most.getUserHash()).isEqualTo("bob");
    assertThat(other.getFeature()).isEqualTo("chat");
    assertThat(other.getWorkspace()).as("no turn has one").isNull();
  }

  private static TraceSummary tagged(int number, @Nullable String feature, @Nullable String user) {
    TraceSummary trace = trace(number, 1, "s-1", 5);
    Attribution attribution = trace.getAttribution();
    attribution.setFeature(tag(feature, ""));
    attribution.setTeam(tag(feature, "-team"));
    attribution.setEnvironment(tag(feature, "-env"));
    trace.setUserHash(user);
    return trace;
  }

  private static ResolvedTag tag(@Nullable String value, String suffix) {
    return new ResolvedTag(value == null ? null : value + suffix, Provenance.OWN);
  }

  /** Of more values than are counted, those left out must not be taken out when their turn goes. */
  @Test
  void tags_beyondSixtyFour_areNotTakenOutOfWhatWasCounted() {
    int last = 66;
    for (int i = 1; i <= last; i++) {
      join.onTrace(KEY, of(i, 1, "s-1", i == last ? "w-1" : "w-" + i), 0);
    }
    SessionSummary now = null;
    for (int i = 2; i < last; i++) {
      now = join.onTrace(KEY, of(i, 2, "s-other", "w-" + i), 0);
    }
    assertThat(now.getTurns()).isEqualTo(2);
    assertThat(now.getWorkspace()).isEqualTo("w-1");
  }

  private static TraceSummary of(int number, long revision, String session, String workspace) {
    TraceSummary trace = trace(number, revision, session, 5);
    trace.getAttribution().getWorkspace().setValue(workspace);
    return trace;
  }

  /** Turns that run at once wait for nobody, and nothing is so many times dearer than nothing. */
  @Test
  void course_ofTurnsThatOverlap_andCostNothing() {
    SessionSummary last = null;
    for (int i = 1; i <= 3; i++) {
      TraceSummary turn = trace(i, 1, "s-1", i - 1);
      turn.setEndTimeUs(turn.getStartTimeUs() + 5_000_000);
      turn.setLargestContext(i == 1 ? null : Long.valueOf(100));
      last = join.onTrace(KEY, turn, 0);
      assertThat(last.getCostGrowth()).isNull();
    }
    assertThat(last.getTurnList().get(1).getGapUs()).isEqualTo(-4_000_000);
    assertThat(last.getGapUsMean()).isZero();
    assertThat(last.getGapUsMax()).isZero();
    assertThat(last.getWallTimeGrowth()).isEqualTo(1.0);
    assertThat(last.getContextGrowth()).isNull();
  }

  /** Twenty thousand traces, some revised: no value grows, and numbers stay right. */
  @Test
  void longSession_staysBounded() {
    TraceSummary turn = trace(1, 1, "s-1", 1);
    SessionSummary last = null;
    for (int i = 1; i <= 20_000; i++) {
      turn.setTraceId(TestSpans.trace(i));
      turn.setStartTimeUs(TestSpans.T0 + i * 1_000_000L);
      turn.setEndTimeUs(turn.getStartTimeUs() + 500);
      turn.setUserHash("user-" + i);
      last = join.onTrace(KEY, turn, i);
    }
    turn.setRevision(2L);
    turn.setCost(BigDecimal.valueOf(3).setScale(18));
    last = join.onTrace(KEY, turn, 20_001);
    assertThat(last.getTurns()).isEqualTo(20_000);
    assertThat(last.getCost()).isEqualByComparingTo("20002");
    assertThat(last.getTurnList()).hasSize(200);
    assertThat(last.getTurnList().get(100).getNumber()).isEqualTo(19_901);
    assertThat(last.getTurnList().get(100).getGapUs()).as("turns between are left out").isNull();
    assertThat(sessions.largestValue()).isLessThan(40_000);
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
    summary.getAttribution().setWorkspace(new ResolvedTag(null, Provenance.UNATTRIBUTED));
    return summary;
  }
}
