package dev.tributary.evaldispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.evaldispatch.core.Sampling;
import dev.tributary.schemas.EvalJob;
import dev.tributary.schemas.EvalRate;
import dev.tributary.schemas.Score;
import dev.tributary.schemas.Topics;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Policies that change while rates and jobs of those before are under way. */
class PolicyChangeTest {
  private static final String POLICY =
      """
      {type: eval, id: answers,
       evaluators: [{name: %s, version: "2", route: judge, cost: 0.01}],
       base_rate: %s, floor: 0.001, ceiling: {per_hour: %s}}
      """;

  private final DispatchFixture fixture = new DispatchFixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  /** Until the next plan the old rate is in force, but only draws below the new one come to it. */
  @Test
  void rate_lowered_isTheProbabilityOfTracesThatCloseBeforeTheNextPlan() {
    fixture.publish(POLICY.formatted("faithfulness", "1", "100"));
    fixture.warmUp();

    fixture.publish(POLICY.formatted("faithfulness", "0.2", "100"), 2);
    for (int i = 1; i <= 60; i++) {
      fixture.close(Traces.closed(Traces.id(i), fixture.nowUs()));
    }

    List<EvalJob> jobs = fixture.values(Topics.EVAL_JOBS_JUDGE);
    assertThat(jobs).hasSizeBetween(4, 24);
    assertThat(jobs)
        .extracting(job -> Sampling.draw(job.getTraceId(), "faithfulness|2"))
        .allMatch(draw -> draw < 0.2);
    assertThat(jobs).extracting(EvalJob::getInclusionProbability).containsOnly(0.2);
  }

  /** A rate that was written stays until it moves by a twentieth: what is drawn moves at once. */
  @Test
  void rate_loweredALittle_isTheProbabilityThoughTheTimelineKeepsTheOld() {
    fixture.publish(POLICY.formatted("faithfulness", "1", "100"));
    fixture.warmUp();
    fixture.publish(POLICY.formatted("faithfulness", "0.97", "100"), 2);
    fixture.advance(Duration.ofSeconds(130));
    fixture.values(Topics.EVAL_JOBS_JUDGE);

    fixture.close(Traces.closed(Traces.id(1), fixture.nowUs()));

    assertThat(fixture.values(Topics.EVAL_RATES)).extracting(EvalRate::getRate).containsOnly(1.0);
    assertThat(fixture.values(Topics.EVAL_JOBS_JUDGE))
        .extracting(EvalJob::getInclusionProbability)
        .containsExactly(0.97);
  }

  /**
   * A candidate of a judge that the policy names no more has no price, and a ceiling no meaning.
   */
  @Test
  void evaluator_takenOutOfThePolicy_isAGapAndNotFree() {
    fixture.publish(POLICY.formatted("faithfulness", "1", "100"));
    fixture.warmUp();
    fixture.close(Traces.closed(Traces.id(2), fixture.nowUs()));
    EvalJob job = fixture.values(Topics.EVAL_JOBS_JUDGE).get(0);

    fixture.publish(POLICY.formatted("safety", "1", "100"), 2);
    fixture.candidate(job, Traces.id(1));

    assertThat(fixture.values(Topics.EVAL_JOBS_JUDGE)).isEmpty();
    assertThat(fixture.values(Topics.SCORES))
        .extracting(Score::getStatusReason)
        .containsExactly("NO_POLICY");
  }
}
