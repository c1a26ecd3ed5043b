package dev.tributary.evaldispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.schemas.EvalResult;
import dev.tributary.schemas.Purpose;
import dev.tributary.schemas.Rejected;
import dev.tributary.schemas.Score;
import dev.tributary.schemas.ScoreDirection;
import dev.tributary.schemas.Topics;
import dev.tributary.schemas.TraceSummary;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a newer writer says and this version has no word for is never taken for what it knows. */
class AddedLaterTest {
  private final DispatchFixture fixture = new DispatchFixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void direction_addedLater_rejectedNotHigherIsBetter() {
    EvalResult result = Traces.thumb(Traces.id(1), 1, fixture.nowUs());
    result.getScore().setDirection(ScoreDirection.UNKNOWN);

    fixture.answer(result);

    assertThat(fixture.values(Topics.SCORES)).isEmpty();
    assertThat(fixture.values(Topics.REJECTED))
        .extracting(Rejected::getReason)
        .containsExactly("INVALID_SCORE");
  }

  @ParameterizedTest
  @CsvSource({"HIGHER_IS_BETTER, 0.25", "LOWER_IS_BETTER, 0.75", "UNKNOWN, "})
  void priorScore_isTurnedOnlyWhereItIsKnownWhichEndIsGood(
      ScoreDirection direction, Double turned) {
    Score score = Traces.thumb(Traces.id(1), 0.25, fixture.nowUs()).getScore();
    score.setDirection(direction);

    assertThat(TraceFactsReader.prior(score).value()).isEqualTo(turned);
  }

  /** It may be a judge's own; what people say of it is kept. */
  @Test
  void purpose_addedLater_notEvaluatedAndCounted_itsUsersScoreIsKept() {
    fixture.publish(
        """
        {type: eval, id: answers, evaluators: [{name: refusal, route: fast}], base_rate: 1}
        """);
    TraceSummary trace = Traces.closed(Traces.id(1), fixture.nowUs());
    trace.setPurpose(Purpose.UNKNOWN);

    fixture.close(trace);
    fixture.answer(Traces.thumb(Traces.id(1), 1, fixture.nowUs()));

    assertThat(fixture.values(Topics.EVAL_JOBS_FAST)).isEmpty();
    assertThat(fixture.values(Topics.SCORES))
        .singleElement()
        .satisfies(score -> assertThat(score.getAttribution()).isNotNull());
  }
}
