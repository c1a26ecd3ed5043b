package dev.tributary.evaldispatch;

import dev.tributary.evaldispatch.TaskStores.Ended;
import dev.tributary.evaldispatch.TraceProcessor.Output;
import dev.tributary.runtime.errors.Rejections;
import dev.tributary.runtime.metrics.InputMetrics;
import dev.tributary.schemas.EvalControl;
import dev.tributary.schemas.EvalJob;
import dev.tributary.schemas.EvalResult;
import dev.tributary.schemas.EvalSubject;
import dev.tributary.schemas.Keys;
import dev.tributary.schemas.Score;
import dev.tributary.schemas.ScoreStatus;
import dev.tributary.schemas.SubjectKind;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Results to scores: each once, with the dimensions of its job or trace. A result whose trace has
 * not closed waits; a job without an answer goes out again, then counts as expired.
 */
final class ResultBook {
  /** Reason of a job that was not begun before its deadline, as workers write it. */
  static final String DEADLINE = "DEADLINE";

  private final DispatchConfig config;
  private final DispatchMetrics metrics;
  private final InputMetrics input;
  private final Rejections rejections;
  private final TaskStores stores;
  private final Output output;
  private long waiting;

  ResultBook(
      DispatchConfig config,
      DispatchMetrics metrics,
      InputMetrics input,
      Rejections rejections,
      TaskStores stores,
      Output output) {
    this.config = config;
    this.metrics = metrics;
    this.input = input;
    this.rejections = rejections;
    this.stores = stores;
    this.output = output;
  }

  /** Counts what waited when the task was here last, or elsewhere. */
  void restored() {
    long before = stores.waiting();
    waiting += before;
    input.tookOver(before);
  }

  /** What waits is counted by whoever has the task next. */
  void close() {
    input.tookOver(-waiting);
    waiting = 0;
  }

  private void inState(long change) {
    waiting += change;
    input.inState(change);
  }

  /** Takes a result of a worker, a producer or a person. */
  void take(EvalResult result, Rejections.Position position, long nowUs) {
    input.received();
    Score score = result.getScore();
    String problem = Scores.problem(score);
    if (problem != null) {
      input.rejected(RejectReason.INVALID_SCORE);
      output.send(
          result.getTenant(),
          rejections
              .draft(result.getTenant(), RejectReason.INVALID_SCORE, problem, position)
              .setTraceId(score.getTraceId())
              .setEventTimeUs(score.getScoredAtUs())
              .build(),
          nowUs);
      return;
    }
    String jobKey = TraceDecisions.jobKey(result.getTenant(), result.getJobId());
    EvalJob job = stores.pending(jobKey);
    String scoreKey =
        job == null ? TraceDecisions.jobKey(result.getTenant(), score.getScoreId()) : jobKey;
    if (stores.isWritten(scoreKey)) {
      input.dropped(DropReason.DUPLICATE);
    } else if (isPastDeadline(score)) {
      if (job == null || result.getAttempt() < job.getAttempt()) {
        input.dropped(DropReason.OLD_ATTEMPT);
      } else {
        input.sentPrimary();
        // Attempts of a job are answered in order, and a judgement would have ended it: what this
        // one cost is what all did.
        retryOrExpire(jobKey, job, score.getCost(), nowUs);
      }
    } else if (job != null) {
      input.sentPrimary();
      answer(jobKey, job, Scores.ofJob(score, job), nowUs);
    } else {
      resolve(result, scoreKey, nowUs);
    }
  }

  private static boolean isPastDeadline(Score score) {
    return score.getStatus() == ScoreStatus.EXPIRED && DEADLINE.equals(score.getStatusReason());
  }

  /** A result of no pending job: dimensions come along, or from its trace or session. */
  private void resolve(EvalResult result, String scoreKey, long nowUs) {
    Score score = result.getScore();
    String subjectKey = subjectKey(score);
    if (score.getAttribution() != null) {
      input.sentPrimary();
      write(scoreKey, score, nowUs);
      settle(result.getTenant(), result.getJobId(), score, nowUs);
      return;
    }
    EvalSubject subject =
        score.getTraceId() == null ? stores.session(subjectKey) : stores.subject(subjectKey);
    if (subject != null) {
      input.sentPrimary();
      write(scoreKey, Scores.of(score, subject), nowUs);
      return;
    }
    String waitingKey = subjectKey + Keys.SEPARATOR + score.getScoreId();
    if (stores.isWaiting(waitingKey)) {
      input.dropped(DropReason.DUPLICATE);
      return;
    }
    stores.putWaiting(waitingKey, result, nowUs + DispatchConfig.micros(config.resolveWait()));
    inState(1);
  }

  /** The key that results of a subject come under, and that its trace or session has. */
  private static String subjectKey(Score score) {
    String traceId = score.getTraceId();
    if (traceId != null) {
      return Keys.trace(score.getTenant(), traceId);
    }
    boolean isSession = score.getSubjectKind() == SubjectKind.SESSION;
    return Keys.session(
        score.getTenant(),
        isSession && score.getSessionId() != null ? score.getSessionId() : score.getSubjectId());
  }

  /** Results that waited for a trace. */
  void traceClosed(String traceKey, long nowUs) {
    EvalSubject subject = stores.subject(traceKey);
    List<EvalResult> found = stores.waitingFor(traceKey);
    for (EvalResult result : found) {
      release(traceKey + Keys.SEPARATOR + result.getScore().getScoreId(), subject, nowUs);
    }
  }

  /**
   * A trace of a session closed, or came again with a later revision, which leaves the last one the
   * last: what waited for one is released with its dimensions.
   */
  void sessionSeen(String sessionKey, EvalSubject seen, long nowUs) {
    EvalSubject before = stores.session(sessionKey);
    EvalSubject subject =
        before != null && before.getClosedAtUs() > seen.getClosedAtUs() ? before : seen;
    stores.putSession(
        sessionKey, subject, nowUs + DispatchConfig.micros(config.subjectRetention()));
    for (EvalResult result : stores.waitingFor(sessionKey)) {
      if (result.getScore().getTraceId() == null) {
        release(sessionKey + Keys.SEPARATOR + result.getScore().getScoreId(), subject, nowUs);
      }
    }
  }

  private void release(String waitingKey, @Nullable EvalSubject subject, long nowUs) {
    EvalResult result = stores.takeWaiting(waitingKey);
    if (result == null) {
      return; // another way released it before its deadline came
    }
    inState(-1);
    Score score = result.getScore();
    String scoreKey = TraceDecisions.jobKey(result.getTenant(), score.getScoreId());
    if (stores.isWritten(scoreKey)) {
      input.dropped(DropReason.DUPLICATE); // it came again meanwhile, and with its dimensions
      return;
    }
    input.sentPrimary();
    write(scoreKey, subject == null ? score : Scores.of(score, subject), nowUs);
  }

  /** A deadline passed. */
  void ended(Ended ended, long nowUs) {
    if (ended.kind() == TaskStores.Kind.WAITING) {
      release(ended.id(), null, nowUs);
      return;
    }
    EvalJob job = stores.pending(ended.id());
    long graceUs = DispatchConfig.micros(config.retryGrace());
    // An older attempt's deadline finds the job with a later one, or answered.
    if (job != null && job.getDeadlineUs() + graceUs <= ended.atUs()) {
      retryOrExpire(ended.id(), job, null, nowUs);
    }
  }

  /**
   * Whoever reads the job before this one sees that its deadline passed and leaves it.
   *
   * @param cost of all its attempts; null: nobody knows whether a judge was asked
   */
  private void retryOrExpire(String jobKey, EvalJob job, @Nullable BigDecimal cost, long nowUs) {
    if (job.getAttempt() >= config.mostAttempts()) {
      metrics.expired();
      Score score = Scores.without(job, ScoreStatus.EXPIRED, "NO_ANSWER", nowUs);
      score.setCost(cost);
      answer(jobKey, job, score, nowUs);
      return;
    }
    long deadlineUs = nowUs + config.timeoutUs(job.getRoute());
    stores.removePending(jobKey);
    metrics.retry();
    output.send(
        Keys.trace(job.getTenant(), job.getTraceId()),
        EvalJob.newBuilder(job)
            .setAttempt(job.getAttempt() + 1)
            .setFirstDispatchedAtUs(QueueRecords.firstDispatchedUs(job))
            .setDispatchedAtUs(nowUs)
            .setDeadlineUs(deadlineUs)
            .setContentLeaseUntilUs(deadlineUs)
            .build(),
        nowUs);
  }

  private void answer(String jobKey, EvalJob job, Score score, long nowUs) {
    stores.removePending(jobKey);
    write(jobKey, score, nowUs);
    settle(job.getTenant(), job.getJobId(), score, nowUs);
  }

  private void write(String scoreKey, Score score, long nowUs) {
    stores.markWritten(scoreKey, nowUs + DispatchConfig.micros(config.scoreRetention()));
    metrics.score();
    output.send(subjectKey(score), score, score.getScoredAtUs());
  }

  /** The controller frees what was reserved for the job; it ignores jobs it never let through. */
  private void settle(String tenant, String jobId, Score score, long nowUs) {
    output.send(
        tenant,
        EvalControl.newBuilder()
            .setTenant(tenant)
            .setKind("settled")
            .setAtUs(nowUs)
            .setSubject(jobId)
            .setCost(score.getCost())
            .build(),
        nowUs);
  }
}
