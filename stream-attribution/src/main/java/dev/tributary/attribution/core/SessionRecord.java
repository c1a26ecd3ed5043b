package dev.tributary.attribution.core;

import dev.tributary.schemas.SessionSummary;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The sums of a session and its bounded turn list. Adding and subtracting a turn costs the same
 * however long the session is. Sums count how many turns know a value, so that unknown stays null.
 */
final class SessionRecord {
  /** Turns listed at either end of a session. */
  static final int LISTED_AT_AN_END = 100;

  /** Distinct values counted per tag; further ones are left out of the vote. */
  private static final int MAX_VALUES = 64;

  private static final Comparator<TurnFacts> BY_START =
      Comparator.comparingLong(TurnFacts::startUs).thenComparing(TurnFacts::traceId);

  /** Votes of the turns on one tag. */
  private enum Vote {
    USER,
    FEATURE,
    TEAM,
    ENVIRONMENT,
    WORKSPACE
  }

  long revision;
  long openedUs;
  long updatedUs;

  /** Why it is over; null: it is not. */
  @Nullable String endReason;

  /** Time under which the index holds the session. */
  long deadlineUs;

  long turns;
  private long calls;
  private long errors;
  private long tools;
  private long unpricedCalls;
  private long startUs = Long.MAX_VALUE;
  private long endUs = Long.MIN_VALUE;
  private SpendSums spend = new SpendSums();
  private final List<TurnFacts> first = new ArrayList<>();
  private final List<TurnFacts> latest = new ArrayList<>();
  private final Map<Vote, Map<String, Long>> votes = new EnumMap<>(Vote.class);

  SessionRecord() {
    for (Vote vote : Vote.values()) {
      votes.put(vote, new TreeMap<>());
    }
  }

  void add(TurnFacts turn) {
    count(turn, 1);
    startUs = Math.min(startUs, turn.startUs());
    endUs = Math.max(endUs, turn.endUs());
    insert(first, turn);
    if (first.size() > LISTED_AT_AN_END) {
      first.remove(first.size() - 1);
    }
    insert(latest, turn);
    if (latest.size() > LISTED_AT_AN_END) {
      latest.remove(0);
    }
  }

  /** Takes a turn out; false where only the other turns know what the record would be then. */
  boolean subtract(TurnFacts turn) {
    boolean isExtreme = turn.startUs() <= startUs || turn.endUs() >= endUs;
    if (isExtreme || turns > LISTED_AT_AN_END) {
      return false;
    }
    count(turn, -1);
    first.removeIf(other -> other.traceId().equals(turn.traceId()));
    latest.removeIf(other -> other.traceId().equals(turn.traceId()));
    return true;
  }

  /** Puts a later revision in a turn's place; false as for {@link #subtract}. */
  boolean replace(TurnFacts before, TurnFacts now) {
    if (before.startUs() != now.startUs() || now.endUs() < before.endUs()) {
      return false;
    }
    count(before, -1);
    count(now, 1);
    endUs = Math.max(endUs, now.endUs());
    first.replaceAll(other -> other.traceId().equals(now.traceId()) ? now : other);
    latest.replaceAll(other -> other.traceId().equals(now.traceId()) ? now : other);
    return true;
  }

  private static void insert(List<TurnFacts> sorted, TurnFacts turn) {
    int at = sorted.size();
    while (at > 0 && BY_START.compare(sorted.get(at - 1), turn) > 0) {
      at--;
    }
    sorted.add(at, turn);
  }

  private void count(TurnFacts turn, int sign) {
    turns += sign;
    calls += sign * turn.calls();
    errors += sign * turn.errors();
    tools += sign * turn.tools();
    unpricedCalls += sign * turn.unpricedCalls();
    spend.add(turn.tokens(), turn.assumedCacheTtl(), turn.cost(), sign);
    vote(Vote.USER, turn.user(), sign);
    vote(Vote.FEATURE, turn.feature(), sign);
    vote(Vote.TEAM, turn.team(), sign);
    vote(Vote.ENVIRONMENT, turn.environment(), sign);
    vote(Vote.WORKSPACE, turn.workspace(), sign);
  }

  private Map<String, Long> counts(Vote vote) {
    return Objects.requireNonNull(votes.get(vote), "every vote has its counts");
  }

  private void vote(Vote vote, @Nullable String value, int sign) {
    Map<String, Long> counts = counts(vote);
    boolean isLeftOut = sign < 0 || counts.size() >= MAX_VALUES;
    if (value == null || (!counts.containsKey(value) && isLeftOut)) {
      return;
    }
    counts.merge(value, (long) sign, (left, right) -> left + right <= 0 ? null : left + right);
  }

  /** The value most turns have; at a tie the smallest. Null: none has one. */
  private @Nullable String winner(Vote vote) {
    String best = null;
    long most = 0;
    for (Map.Entry<String, Long> entry : counts(vote).entrySet()) {
      if (entry.getValue() > most) {
        best = entry.getKey();
        most = entry.getValue();
      }
    }
    return best;
  }

  SessionSummary summary(String tenant, String sessionId) {
    SessionSummary summary = new SessionSummary();
    summary.setTenant(tenant);
    summary.setSessionId(sessionId);
    summary.setRevision(revision);
    summary.setStartTimeUs(turns == 0 ? 0 : startUs);
    summary.setEndTimeUs(turns == 0 ? 0 : endUs);
    summary.setTurns(turns);
    summary.setCalls(calls);
    summary.setErrors(errors);
    summary.setTools(tools);
    summary.setUsage(spend.usage());
    summary.setCost(spend.cost());
    summary.setUnpricedCalls(unpricedCalls);
    summary.setUserHash(winner(Vote.USER));
    summary.setFeature(winner(Vote.FEATURE));
    summary.setTeam(winner(Vote.TEAM));
    summary.setEnvironment(winner(Vote.ENVIRONMENT));
    boolean isMixed = counts(Vote.WORKSPACE).size() > 1;
    summary.setWorkspace(isMixed ? "MIXED" : winner(Vote.WORKSPACE));
    List<TurnFacts> later = new ArrayList<>();
    for (TurnFacts turn : latest) {
      if (first.isEmpty() || BY_START.compare(turn, first.get(first.size() - 1)) > 0) {
        later.add(turn);
      }
    }
    SessionCourse.describe(summary, first, later, turns);
    summary.setEnded(endReason != null);
    summary.setEndReason(endReason);
    return summary;
  }

  byte[] write() {
    ByteWriter out = new ByteWriter(512);
    out.number(revision)
        .number(openedUs)
        .number(updatedUs)
        .optional(endReason)
        .number(deadlineUs)
        .number(turns)
        .number(calls)
        .number(errors);
    out.number(tools).number(unpricedCalls).number(startUs).number(endUs);
    spend.write(out);
    for (Map<String, Long> counts : votes.values()) {
      out.number(counts.size());
      counts.forEach((value, count) -> out.text(value).number(count));
    }
    out.number(first.size());
    first.forEach(turn -> turn.write(out));
    out.number(latest.size());
    latest.forEach(turn -> turn.write(out));
    return out.done();
  }

  static SessionRecord read(byte[] stored) {
    ByteReader in = new ByteReader(stored);
    SessionRecord record = new SessionRecord();
    record.revision = in.number();
    record.openedUs = in.number();
    record.updatedUs = in.number();
    record.endReason = in.optionalText();
    record.deadlineUs = in.number();
    record.turns = in.number();
    record.calls = in.number();
    record.errors = in.number();
    record.tools = in.number();
    record.unpricedCalls = in.number();
    record.startUs = in.number();
    record.endUs = in.number();
    record.spend = SpendSums.read(in);
    for (Map<String, Long> counts : record.votes.values()) {
      for (int left = in.count(); left > 0; left--) {
        counts.put(in.text(), in.number());
      }
    }
    for (int left = in.count(); left > 0; left--) {
      record.first.add(TurnFacts.read(in));
    }
    for (int left = in.count(); left > 0; left--) {
      record.latest.add(TurnFacts.read(in));
    }
    return record;
  }
}
