package dev.tributary.evaldispatch;

import dev.tributary.schemas.EvalJob;
import dev.tributary.schemas.EvalSubject;
import dev.tributary.schemas.Score;
import dev.tributary.schemas.ScoreDirection;
import dev.tributary.schemas.ScoreSource;
import dev.tributary.schemas.ScoreStatus;
import dev.tributary.schemas.SubjectKind;
import org.jspecify.annotations.Nullable;

/** Makes scores from results, jobs and what is known of their subjects. */
final class Scores {
  /** Least inclusion probability that weighted sums can take. */
  private static final double LEAST_PROBABILITY = 0.000001;

  private Scores() {}

  /** What is wrong with a result's status, direction and numbers; null: nothing. */
  static @Nullable String problem(Score score) {
    if (score.getStatus() == ScoreStatus.UNKNOWN) {
      return "a status that was added after this version";
    }
    if (score.getDirection() == ScoreDirection.UNKNOWN) {
      return "a direction that was added after this version";
    }
    Double value = score.getValue();
    if (value != null && !(value >= 0 && value <= 1)) {
      return "value must be 0 to 1";
    }
    Double probability = score.getInclusionProbability();
    if (probability != null && !(probability >= LEAST_PROBABILITY && probability <= 1)) {
      return "inclusion probability must be 0.000001 to 1";
    }
    if (score.getCost() != null && score.getCost().signum() < 0) {
      return "cost must not be negative";
    }
    if (score.getStatus() == ScoreStatus.SCORED && value == null && score.getLabel() == null) {
      return "scored without value and label";
    }
    return null;
  }

  /** The score of a job's result: who was drawn, how, and the tags of then, whatever came back. */
  static Score ofJob(Score result, EvalJob job) {
    // 0 stands for a candidate that was never let through.
    double probability = job.getInclusionProbability();
    return Score.newBuilder(result)
        .setTenant(job.getTenant())
        .setScoreId(job.getJobId())
        .setSubjectKind(job.getSpanId() == null ? SubjectKind.TRACE : SubjectKind.SPAN)
        .setSubjectId(job.getSpanId() == null ? job.getTraceId() : job.getSpanId())
        .setTraceId(job.getTraceId())
        .setSessionId(job.getSessionId())
        .setEvaluator(job.getEvaluator())
        .setEvaluatorVersion(job.getEvaluatorVersion())
        .setInclusionProbability(probability == 0 ? null : Double.valueOf(probability))
        .setSubjectEndUs(job.getSubjectEndUs())
        .setModel(job.getModel())
        .setAttribution(job.getAttribution())
        .build();
  }

  /** A score with the dimensions of a closed trace, or of the last one of a session. */
  static Score of(Score result, EvalSubject subject) {
    Score.Builder score =
        Score.newBuilder(result)
            .setSubjectEndUs(subject.getEndUs())
            .setModel(subject.getModel())
            .setAttribution(subject.getAttribution());
    if (result.getSessionId() == null) {
      score.setSessionId(subject.getSessionId());
    }
    return score.build();
  }

  /** A job that gave no score. */
  static Score without(EvalJob job, ScoreStatus status, String reason, long nowUs) {
    return ofJob(
        Score.newBuilder()
            .setTenant(job.getTenant())
            .setScoreId(job.getJobId())
            .setSubjectId(job.getTraceId())
            .setName(job.getEvaluator())
            .setSource("human".equals(job.getRoute()) ? ScoreSource.HUMAN : ScoreSource.EVALUATOR)
            .setStatus(status)
            .setStatusReason(reason)
            .setScoredAtUs(nowUs)
            .build(),
        job);
  }
}
