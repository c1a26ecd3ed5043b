package dev.tributary.evaldispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.schemas.EvalJob;
import dev.tributary.schemas.Score;
import dev.tributary.schemas.ScoreDirection;
import dev.tributary.schemas.ScoreSource;
import dev.tributary.schemas.ScoreStatus;
import dev.tributary.schemas.SubjectKind;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which results are scores, and whose they are. */
class ScoresTest {
  private static Score score(double value) {
    return Traces.score("s", "x", value, 1).build();
  }

  /** Weights are its inverse: one that is out of bounds would decide every mean. */
  @ParameterizedTest
  @CsvSource({
    "0.000001, true",
    "1, true",
    "0.0000009, false",
    "0, false",
    "1.01, false",
    "NaN, false"
  })
  void inclusionProbability_isOneThatAWeightCanBe(double probability, boolean isFine) {
    Score score = score(1);
    score.setInclusionProbability(probability);

    assertThat(Scores.problem(score) == null).isEqualTo(isFine);
  }

  @ParameterizedTest
  @CsvSource({"0, true", "1, true", "-0.01, false", "1.01, false", "NaN, false"})
  void value_isZeroToOne(double value, boolean isFine) {
    assertThat(Scores.problem(score(value)) == null).isEqualTo(isFine);
  }

  /** Unknown is not zero: what says neither has no score, and says so by its status. */
  @Test
  void scored_hasAValueOrALabel() {
    Score neither = score(1);
    neither.setValue(null);
    assertThat(Scores.problem(neither)).isEqualTo("scored without value and label");

    Score label = score(1);
    label.setValue(null);
    label.setLabel("good");
    assertThat(Scores.problem(label)).isNull();

    Score expired = score(1);
    expired.setValue(null);
    expired.setStatus(ScoreStatus.EXPIRED);
    assertThat(Scores.problem(expired)).isNull();
  }

  @Test
  void costOfNothing_isFine_oneBelowIsNot() {
    Score free = score(1);
    free.setCost(BigDecimal.ZERO.setScale(18));
    assertThat(Scores.problem(free)).isNull();
    free.setCost(new BigDecimal("-0.000000000000000001"));
    assertThat(Scores.problem(free)).isEqualTo("cost must not be negative");
  }

  /** It would be turned the wrong way, or not at all. */
  @Test
  void directionAddedLater_isAProblem() {
    Score score = score(1);
    score.setDirection(ScoreDirection.UNKNOWN);

    assertThat(Scores.problem(score)).contains("direction");
  }

  private static EvalJob job(@Nullable String spanId, double probability, String route) {
    return EvalJob.newBuilder()
        .setTenant("acme")
        .setJobId("t|faithfulness|2")
        .setRoute(route)
        .setPolicy("answers")
        .setStratum("rest")
        .setTraceId("t")
        .setSpanId(spanId)
        .setEvaluator("faithfulness")
        .setEvaluatorVersion("2")
        .setInclusionProbability(probability)
        .setContentRefs(List.of())
        .setContentLeaseUntilUs(0)
        .setPriority(0)
        .setDispatchedAtUs(0)
        .setDeadlineUs(0)
        .setSubjectEndUs(77)
        .setModel("model-a")
        .setAttribution(Traces.attribution())
        .setSessionId("s-1")
        .setParameters(Map.of())
        .build();
  }

  /** Whatever came back, it is of whom the job was about, as it was drawn and tagged then. */
  @Test
  void scoreOfAJob_isAboutTheJobsSubject() {
    EvalJob job = job(null, 0.2, "judge");
    Score answered = score(0.5);
    answered.setTenant("other");
    answered.setInclusionProbability(1.0);

    Score score = Scores.ofJob(answered, job);

    assertThat(score.getValue()).isEqualTo(0.5);
    assertThat(score.getTenant()).isEqualTo("acme");
    assertThat(score.getScoreId()).isEqualTo("t|faithfulness|2");
    assertThat(score.getSubjectKind()).isEqualTo(SubjectKind.TRACE);
    assertThat(score.getSubjectId()).isEqualTo("t");
    assertThat(score.getTraceId()).isEqualTo("t");
    assertThat(score.getSessionId()).isEqualTo("s-1");
    assertThat(score.getEvaluator()).isEqualTo("faithfulness");
    assertThat(score.getEvaluatorVersion()).isEqualTo("2");
    assertThat(score.getInclusionProbability()).isEqualTo(0.2);
    assertThat(score.getSubjectEndUs()).isEqualTo(77);
    assertThat(score.getModel()).isEqualTo("model-a");
    assertThat(score.getAttribution()).isEqualTo(job.getAttribution());

    Score ofSpan = Scores.ofJob(answered, job("b7", 0.2, "judge"));
    assertThat(ofSpan.getSubjectKind()).isEqualTo(SubjectKind.SPAN);
    assertThat(ofSpan.getSubjectId()).isEqualTo("b7");
  }

  /** Nobody stands for a candidate that was never let through: it has no weight. */
  @Test
  void gap_hasNoProbabilityAndNoValue_andSaysWhoWasToJudge() {
    Score gap = Scores.without(job(null, 0, "judge"), ScoreStatus.NOT_SAMPLED, "CEILING", 9);
    assertThat(gap.getInclusionProbability()).isNull();
    assertThat(gap.getValue()).isNull();
    assertThat(gap.getStatusReason()).isEqualTo("CEILING");
    assertThat(gap.getScoredAtUs()).isEqualTo(9);
    assertThat(gap.getName()).isEqualTo("faithfulness");
    assertThat(gap.getSource()).isEqualTo(ScoreSource.EVALUATOR);

    Score ofPeople = Scores.without(job(null, 0.5, "human"), ScoreStatus.EXPIRED, "NO_ANSWER", 9);
    assertThat(ofPeople.getSource()).isEqualTo(ScoreSource.HUMAN);
    assertThat(ofPeople.getInclusionProbability()).isEqualTo(0.5);
  }
}
