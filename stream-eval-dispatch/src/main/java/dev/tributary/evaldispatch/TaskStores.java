package dev.tributary.evaldispatch;

import dev.tributary.evaldispatch.core.Backlog;
import dev.tributary.schemas.EvalJob;
import dev.tributary.schemas.EvalResult;
import dev.tributary.schemas.EvalSubject;
import dev.tributary.schemas.Keys;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** The stores of a task of traces, with one index of everything that ends by itself. */
final class TaskStores {
  /**
   * Deadlines handled in one tick; the rest waits for the next. A trace has two or three, so this
   * bounds how many traces of a partition may come in a tick for ever.
   */
  private static final int MOST_PER_TICK = 20_000;

  /** What ends at a deadline; the name's first letter is in keys. */
  enum Kind {
    JOB,
    SUBJECT,
    SESSION,
    WAITING,
    WRITTEN
  }

  /** Something that ended. */
  record Ended(Kind kind, String id, long atUs) {}

  private final KeyValueStore<String, EvalSubject> subjects;
  private final KeyValueStore<String, EvalSubject> sessions;
  private final KeyValueStore<String, String> firstSeen;
  private final KeyValueStore<String, EvalJob> pending;
  private final KeyValueStore<String, EvalResult> waiting;
  private final KeyValueStore<String, String> written;
  private final KeyValueStore<String, String> deadlines;
  private final Backlog backlog = new Backlog();

  TaskStores(ProcessorContext<?, ?> context) {
    subjects = context.getStateStore(DispatchTopologyNames.SUBJECTS);
    sessions = context.getStateStore(DispatchTopologyNames.SESSIONS);
    firstSeen = context.getStateStore(DispatchTopologyNames.FIRST_SEEN);
    pending = context.getStateStore(DispatchTopologyNames.PENDING);
    waiting = context.getStateStore(DispatchTopologyNames.WAITING);
    written = context.getStateStore(DispatchTopologyNames.WRITTEN);
    deadlines = context.getStateStore(DispatchTopologyNames.DEADLINES);
  }

  @Nullable EvalSubject subject(String traceKey) {
    return subjects.get(traceKey);
  }

  void putSubject(String traceKey, EvalSubject subject, long untilUs) {
    put(subjects, Kind.SUBJECT, traceKey, subject, untilUs);
  }

  @Nullable EvalSubject session(String sessionKey) {
    return sessions.get(sessionKey);
  }

  void putSession(String sessionKey, EvalSubject subject, long untilUs) {
    put(sessions, Kind.SESSION, sessionKey, subject, untilUs);
  }

  /** What is put again is kept from then on, so the deadline of before must not take it away. */
  private void put(
      KeyValueStore<String, EvalSubject> store,
      Kind kind,
      String id,
      EvalSubject subject,
      long untilUs) {
    if (store.get(id) != null) {
      deadlines.put(renewal(kind, id), Long.toString(untilUs));
    }
    store.put(id, subject);
    at(untilUs, kind, id);
  }

  /** Sorts behind all times: says until when something is kept that was put again. */
  private static String renewal(Kind kind, String id) {
    return "until" + kind.name() + Keys.SEPARATOR + id;
  }

  /** Whether something was put again and is kept for longer than this deadline says. */
  private boolean isRenewed(Ended end) {
    String key = renewal(end.kind(), end.id());
    String untilUs = deadlines.get(key);
    if (untilUs != null && Long.parseLong(untilUs) > end.atUs()) {
      return true;
    }
    if (untilUs != null) {
      deadlines.delete(key);
    }
    return false;
  }

  /** When something was first seen in this partition; remembers the time where it was not. */
  long firstSeenUs(String what, long atUs) {
    String before = firstSeen.get(what);
    if (before != null && Long.parseLong(before) <= atUs) {
      return Long.parseLong(before);
    }
    firstSeen.put(what, Long.toString(atUs));
    return atUs;
  }

  @Nullable EvalJob pending(String jobKey) {
    return pending.get(jobKey);
  }

  void putPending(String jobKey, EvalJob job, long untilUs) {
    removePending(jobKey);
    pending.put(jobKey, job);
    backlog.add(QueueRecords.queueOf(job), QueueRecords.firstDispatchedUs(job));
    at(untilUs, Kind.JOB, jobKey);
  }

  void removePending(String jobKey) {
    EvalJob before = pending.delete(jobKey);
    if (before != null) {
      backlog.remove(QueueRecords.queueOf(before), QueueRecords.firstDispatchedUs(before));
    }
  }

  /** Counts the jobs that wait; once, before any is put. */
  void countPending() {
    try (KeyValueIterator<String, EvalJob> all = pending.all()) {
      all.forEachRemaining(
          entry ->
              backlog.add(
                  QueueRecords.queueOf(entry.value), QueueRecords.firstDispatchedUs(entry.value)));
    }
  }

  /** What the task waits for. */
  Backlog backlog() {
    return backlog;
  }

  boolean isWritten(String scoreKey) {
    return written.get(scoreKey) != null;
  }

  void markWritten(String scoreKey, long untilUs) {
    written.put(scoreKey, "");
    at(untilUs, Kind.WRITTEN, scoreKey);
  }

  boolean isWaiting(String waitingKey) {
    return waiting.get(waitingKey) != null;
  }

  void putWaiting(String waitingKey, EvalResult result, long untilUs) {
    waiting.put(waitingKey, result);
    at(untilUs, Kind.WAITING, waitingKey);
  }

  /** A waiting result, which then waits no longer; null: there is none. */
  @Nullable EvalResult takeWaiting(String waitingKey) {
    return waiting.delete(waitingKey);
  }

  /** Results that wait for a trace or session, by id. */
  List<EvalResult> waitingFor(String subjectKey) {
    List<EvalResult> found = new ArrayList<>();
    String from = subjectKey + Keys.SEPARATOR;
    String to = subjectKey + (char) (Keys.SEPARATOR + 1);
    try (KeyValueIterator<String, EvalResult> range = waiting.range(from, to)) {
      range.forEachRemaining(entry -> found.add(entry.value));
    }
    return found;
  }

  int waiting() {
    int count = 0;
    try (KeyValueIterator<String, EvalResult> all = waiting.all()) {
      while (all.hasNext()) {
        all.next();
        count++;
      }
    }
    return count;
  }

  private void at(long us, Kind kind, String id) {
    deadlines.put("%016x".formatted(us) + kind.name() + Keys.SEPARATOR + id, "");
  }

  /** Hands over what ended until now, oldest first, and removes what has no other meaning. */
  void sweep(long nowUs, Consumer<Ended> ended) {
    List<String> due = new ArrayList<>();
    try (KeyValueIterator<String, String> range =
        deadlines.range("", "%016x".formatted(nowUs + 1))) {
      while (due.size() < MOST_PER_TICK && range.hasNext()) {
        KeyValue<String, String> entry = range.next();
        due.add(entry.key);
      }
    }
    for (String key : due) {
      deadlines.delete(key);
      int bar = key.indexOf(Keys.SEPARATOR);
      Ended end =
          new Ended(
              Kind.valueOf(key.substring(16, bar)),
              key.substring(bar + 1),
              Long.parseLong(key.substring(0, 16), 16));
      switch (end.kind()) {
        case SUBJECT -> forget(subjects, end);
        case SESSION -> forget(sessions, end);
        case WRITTEN -> written.delete(end.id());
        case JOB, WAITING -> ended.accept(end);
      }
    }
  }

  private void forget(KeyValueStore<String, EvalSubject> store, Ended end) {
    if (!isRenewed(end)) {
      store.delete(end.id());
    }
  }
}
