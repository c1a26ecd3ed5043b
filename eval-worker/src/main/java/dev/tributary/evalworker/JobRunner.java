package dev.tributary.evalworker;

import dev.tributary.evalworker.core.CaseReader;
import dev.tributary.evalworker.core.EvalCase;
import dev.tributary.evalworker.core.Evaluators;
import dev.tributary.evalworker.core.JudgeKind;
import dev.tributary.evalworker.core.JudgePrompt;
import dev.tributary.evalworker.core.SpanText;
import dev.tributary.evalworker.core.Verdict;
import dev.tributary.evalworker.core.Verdict.Reason;
import dev.tributary.evalworker.judge.Judge;
import dev.tributary.evalworker.judge.JudgePrompts;
import dev.tributary.evalworker.judge.JudgeSpans;
import dev.tributary.evalworker.judge.Judgement;
import dev.tributary.schemas.EvalJob;
import dev.tributary.schemas.EvalResult;
import dev.tributary.schemas.Score;
import dev.tributary.schemas.ScoreSource;
import dev.tributary.schemas.ScoreStatus;
import dev.tributary.schemas.SubjectKind;
import java.math.RoundingMode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Runs the evaluator of one job on its content. Safe for use by several threads. */
final class JobRunner {
  /** Reasons that a later look at the job can do something about: it is kept. */
  private static final Set<Reason> KEPT =
      Set.of(
          Reason.JUDGE_UNAVAILABLE,
          Reason.JUDGE_TIMEOUT,
          Reason.JUDGE_RATE_LIMITED,
          Reason.JUDGE_REQUEST_REFUSED,
          Reason.MALFORMED_ANSWER,
          Reason.VALUE_OUT_OF_RANGE,
          Reason.ANSWER_TRUNCATED,
          Reason.INTERRUPTED);

  private static final String FAST = "fast";

  /** Least inclusion probability that a score may have. */
  private static final double LEAST_PROBABILITY = 0.000001;

  private final @Nullable Judge judge;
  private final String provider;
  private final Clock clock;

  /** A runner; without a judge only deterministic evaluators can be run. */
  JobRunner(@Nullable Judge judge, String provider, Clock clock) {
    this.judge = judge;
    this.provider = provider;
    this.clock = clock;
  }

  /** The answer to a job. */
  JobAnswer run(EvalJob job, List<SpanText> content) throws InterruptedException {
    if (nowUs() > job.getDeadlineUs()) {
      return without(job, new Verdict.NoScore(Verdict.Kind.EXPIRED, Reason.DEADLINE));
    }
    CaseReader.Read read = CaseReader.read(job.getTraceId(), content, job.getParameters());
    if (read instanceof CaseReader.Read.Missing missing) {
      return without(job, missing.verdict());
    }
    EvalCase subject = ((CaseReader.Read.Found) read).subject();
    if (FAST.equals(job.getRoute())) {
      return without(job, Evaluators.evaluate(job.getEvaluator(), subject));
    }
    return judged(job, subject);
  }

  /** The answer to a job that another worker had begun. */
  JobAnswer interrupted(EvalJob job) {
    return answer(job, Judgement.ofUnknownCost(Verdict.failed(Reason.INTERRUPTED)));
  }

  /** The answer that needed no judge, or has no score; of a judge's job it is known to be free. */
  private JobAnswer without(EvalJob job, Verdict verdict) {
    return answer(
        job,
        FAST.equals(job.getRoute())
            ? Judgement.ofUnknownCost(verdict)
            : Judgement.without(verdict));
  }

  private JobAnswer judged(EvalJob job, EvalCase subject) throws InterruptedException {
    if (judge == null) {
      return without(job, Verdict.failed(Reason.NO_JUDGE));
    }
    Optional<JudgePrompt> prompt =
        JudgeKind.of(subject.parameter("kind", job.getEvaluator()))
            .flatMap(kind -> JudgePrompts.find(kind, job.getEvaluatorVersion()));
    if (prompt.isEmpty()) {
      return without(job, Verdict.failed(Reason.UNKNOWN_EVALUATOR));
    }
    Duration untilDeadline = Duration.of(job.getDeadlineUs() - nowUs(), ChronoUnit.MICROS);
    return answer(job, judge.judge(job.getJobId(), prompt.get(), subject, untilDeadline));
  }

  private JobAnswer answer(EvalJob job, Judgement judgement) {
    boolean hasCalls = !judgement.calls().isEmpty();
    String judgeTrace = hasCalls ? JudgeSpans.traceId(job) : null;
    List<EvalResult> results = new ArrayList<>();
    results.add(result(job, score(job, judgement, judgeTrace), judgeTrace));
    Verdict.Scored cheap = judgement.cheap();
    double cheapProbability = job.getInclusionProbability() * judgement.cheapShare();
    if (cheap != null && cheapProbability >= LEAST_PROBABILITY) {
      Score second =
          Score.newBuilder(score(job, judgement, judgeTrace))
              .setScoreId(job.getJobId() + "|cheap")
              .setName(job.getEvaluator() + ".cheap")
              .setValue(cheap.value())
              .setInclusionProbability(cheapProbability)
              .setJudgeModel(null)
              .setCost(null)
              .build();
      EvalResult result = result(job, second, judgeTrace);
      result.setJobId(second.getScoreId());
      results.add(result);
    }
    return new JobAnswer(
        results,
        hasCalls ? JudgeSpans.request(job, judgement.calls(), provider) : null,
        judgement.verdict() instanceof Verdict.NoScore none && KEPT.contains(none.reason())
            ? none.reason().name()
            : null,
        judgement.calls().size());
  }

  private static EvalResult result(EvalJob job, Score score, @Nullable String judgeTrace) {
    return EvalResult.newBuilder()
        .setTenant(job.getTenant())
        .setJobId(job.getJobId())
        .setScore(score)
        .setJudgeTraceId(judgeTrace)
        .setAttempt(job.getAttempt())
        .build();
  }

  /** Everything dispatch sent comes back, so that a score needs nothing else. */
  private Score score(EvalJob job, Judgement judgement, @Nullable String judgeTrace) {
    boolean isSpan = job.getSpanId() != null;
    Score.Builder score =
        Score.newBuilder()
            .setTenant(job.getTenant())
            .setScoreId(job.getJobId())
            .setSubjectKind(isSpan ? SubjectKind.SPAN : SubjectKind.TRACE)
            .setSubjectId(isSpan ? job.getSpanId() : job.getTraceId())
            .setTraceId(job.getTraceId())
            .setSessionId(job.getSessionId())
            .setName(job.getEvaluator())
            .setSource(ScoreSource.EVALUATOR)
            .setEvaluator(job.getEvaluator())
            .setEvaluatorVersion(job.getEvaluatorVersion())
            .setJudgeModel(judgement.model())
            .setCost(
                judgement.cost() == null
                    ? null
                    : judgement.cost().setScale(18, RoundingMode.UNNECESSARY))
            .setInclusionProbability(job.getInclusionProbability())
            .setScoredAtUs(nowUs())
            .setSubjectEndUs(job.getSubjectEndUs())
            .setModel(job.getModel())
            .setAttribution(job.getAttribution());
    if (judgement.verdict() instanceof Verdict.Scored scored) {
      score.setStatus(ScoreStatus.SCORED).setValue(scored.value()).setLabel(scored.label());
      if (judgeTrace != null && !scored.explanation().isEmpty()) {
        score.setExplanationRef(job.getTenant() + "|" + judgeTrace);
      }
    } else if (judgement.verdict() instanceof Verdict.NoScore none) {
      score
          .setStatus(
              switch (none.kind()) {
                case FAILED -> ScoreStatus.FAILED;
                case EXPIRED -> ScoreStatus.EXPIRED;
                case REFUSED -> ScoreStatus.REFUSED;
              })
          .setStatusReason(none.reason().name());
    }
    return score.build();
  }

  private long nowUs() {
    Instant now = clock.instant();
    return TimeUnit.SECONDS.toMicros(now.getEpochSecond()) + now.getNano() / 1_000;
  }
}
