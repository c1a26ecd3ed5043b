package dev.tributary.attribution.core;

import dev.tributary.schemas.Keys;
import dev.tributary.schemas.SessionSummary;
import dev.tributary.schemas.TraceSummary;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Joins closed traces to sessions: one entry per trace, a record with the sums per session. A trace
 * that moves to another session leaves this one. Forgets sessions that nobody has touched for long.
 */
public final class SessionJoin {
  private static final int SESSIONS_PER_TICK = 2_000;

  private final KeyedBytes turns;
  private final KeyedBytes sessions;
  private final Deadlines deadlines;
  private final Times times;

  /**
   * The times of sessions in microseconds of the clock they are given.
   *
   * @param gapUs time without a turn after which a session is over, until the next turn
   * @param maxAgeUs age at which it is over, whatever comes
   * @param keepUs time after its last change for which it is kept
   */
  public record Times(long gapUs, long maxAgeUs, long keepUs) {}

  /**
   * A join over stores that may already hold sessions.
   *
   * @param turns one entry per trace: {@code session|trace}
   * @param sessions one record per session, and the index of when to forget them
   */
  public SessionJoin(KeyedBytes turns, KeyedBytes sessions, KeyedBytes deadlines, Times times) {
    this.turns = turns;
    this.sessions = sessions;
    this.deadlines = new Deadlines(deadlines);
    this.times = times;
  }

  /**
   * Takes a trace.
   *
   * @param sessionKey tenant and session; where the trace's session is another, it leaves this one
   * @return the session now; null: an older revision than the one known, or nothing to leave
   */
  public @Nullable SessionSummary onTrace(String sessionKey, TraceSummary trace, long clockUs) {
    String tenant = trace.getTenant();
    String sessionId = sessionKey.substring(tenant.length() + 1);
    boolean leaves = !sessionId.equals(trace.getSessionId());
    String turnKey = sessionKey + '|' + trace.getTraceId();
    byte[] storedTurn = turns.get(turnKey);
    TurnFacts before = storedTurn == null ? null : TurnFacts.read(new ByteReader(storedTurn));
    if (before == null ? leaves : before.revision() >= trace.getRevision()) {
      return null;
    }
    byte[] stored = sessions.get(sessionKey);
    SessionRecord record =
        stored == null ? newSession(sessionKey, clockUs) : SessionRecord.read(stored);
    TurnFacts now = leaves ? null : TurnFacts.of(trace);
    if (now == null) {
      turns.delete(turnKey);
    } else {
      turns.put(turnKey, now.write());
    }
    if (!change(record, before, now)) {
      record = rebuilt(sessionKey, record);
    }
    record.revision++;
    record.updatedUs = clockUs;
    if (record.endReason != null) {
      deadlines.unschedule(sessionKey, record.deadlineUs);
      schedule(sessionKey, record, clockUs);
    }
    sessions.put(sessionKey, record.write());
    return record.summary(tenant, sessionId);
  }

  private SessionRecord newSession(String sessionKey, long clockUs) {
    SessionRecord record = new SessionRecord();
    record.openedUs = clockUs;
    record.updatedUs = clockUs;
    schedule(sessionKey, record, clockUs);
    return record;
  }

  /** Says whether the session is over, and schedules when that may change. */
  private void schedule(String sessionKey, SessionRecord record, long clockUs) {
    long tooOld = record.openedUs + times.maxAgeUs();
    long inactive = record.updatedUs + times.gapUs();
    if (tooOld <= clockUs) {
      record.endReason = "max_age";
    } else {
      record.endReason = inactive <= clockUs ? "inactive" : null;
    }
    boolean isOver = record.endReason != null;
    record.deadlineUs = isOver ? record.updatedUs + times.keepUs() : Math.min(tooOld, inactive);
    deadlines.schedule(sessionKey, record.deadlineUs);
  }

  private static boolean change(
      SessionRecord record, @Nullable TurnFacts before, @Nullable TurnFacts now) {
    if (before == null) {
      if (now != null) {
        record.add(now);
      }
      return true;
    }
    return now == null ? record.subtract(before) : record.replace(before, now);
  }

  /** The record from all turns; only where an extreme or a listed turn went. */
  private SessionRecord rebuilt(String sessionKey, SessionRecord before) {
    SessionRecord record = new SessionRecord();
    record.revision = before.revision;
    record.openedUs = before.openedUs;
    record.endReason = before.endReason;
    record.deadlineUs = before.deadlineUs;
    turns.range(
        sessionKey + '|',
        sessionKey + '}',
        (key, stored) -> {
          if (key.indexOf('|', sessionKey.length() + 1) < 0) {
            record.add(TurnFacts.read(new ByteReader(stored)));
          }
          return true;
        });
    return record;
  }

  /**
   * Says which sessions are over, and forgets what nobody has changed for long enough; answers how
   * many sessions went.
   *
   * @param ended takes those that are over, by key
   */
  public int onClock(long clockUs, BiConsumer<String, SessionSummary> ended) {
    int forgotten = 0;
    for (String sessionKey : deadlines.due(clockUs, SESSIONS_PER_TICK)) {
      byte[] stored = sessions.get(sessionKey);
      if (stored == null) {
        throw new IllegalStateException("deadline of an unknown session " + sessionKey);
      }
      SessionRecord record = SessionRecord.read(stored);
      deadlines.unschedule(sessionKey, record.deadlineUs);
      if (record.updatedUs + times.keepUs() <= clockUs) {
        forget(sessionKey);
        forgotten++;
        continue;
      }
      String before = record.endReason;
      schedule(sessionKey, record, clockUs);
      if (!Objects.equals(before, record.endReason)) {
        record.revision++;
        String tenant = Keys.tenantOf(sessionKey);
        ended.accept(sessionKey, record.summary(tenant, sessionKey.substring(tenant.length() + 1)));
      }
      sessions.put(sessionKey, record.write());
    }
    return forgotten;
  }

  private void forget(String sessionKey) {
    List<String> keys = new ArrayList<>();
    turns.range(
        sessionKey + '|',
        sessionKey + '}',
        (key, stored) -> {
          if (key.indexOf('|', sessionKey.length() + 1) < 0) {
            keys.add(key);
          }
          return true;
        });
    keys.forEach(turns::delete);
    sessions.delete(sessionKey);
  }
}
