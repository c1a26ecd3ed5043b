package dev.tributary.evaldispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.schemas.EvalJob;
import dev.tributary.schemas.EvalResult;
import dev.tributary.schemas.Event;
import dev.tributary.schemas.Score;
import dev.tributary.schemas.ScoreStatus;
import dev.tributary.schemas.Topics;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What stays charged of a job that nobody judged. */
class ReservationTest {
  private static final String POLICY =
      """
      {type: eval, id: answers,
       evaluators: [{name: faithfulness, version: "2", route: judge, cost: 0.01}],
       base_rate: 1, ceiling: {per_hour: 100}}
      """;

  private final DispatchFixture fixture = new DispatchFixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  /** A worker's answer that the job was not begun before its deadline. */
  private void tooLate(EvalJob job, @Nullable BigDecimal cost) {
    EvalResult result = fixture.judged(job, 1);
    result.getScore().setValue(null);
    result.getScore().setStatus(ScoreStatus.EXPIRED);
    result.getScore().setStatusReason("DEADLINE");
    result.getScore().setCost(cost);
    fixture.answer(result);
  }

  /** What is charged after both attempts of a job came too late, and another job is under way. */
  private BigDecimal charged(@Nullable BigDecimal costOfTheLast) {
    fixture.publish(POLICY);
    fixture.warmUp();
    fixture.close(Traces.closed(Traces.id(1), fixture.nowUs()));
    tooLate(fixture.values(Topics.EVAL_JOBS_JUDGE).get(0), BigDecimal.ZERO.setScale(18));
    tooLate(fixture.values(Topics.EVAL_JOBS_JUDGE).get(0), costOfTheLast);
    assertThat(fixture.values(Topics.SCORES))
        .extracting(Score::getStatusReason)
        .containsExactly("NO_ANSWER");
    fixture.values(Topics.EVENTS);
    fixture.close(Traces.closed(Traces.id(2), fixture.nowUs()));
    fixture.advance(Duration.ofSeconds(61));
    List<Event> events = fixture.values(Topics.EVENTS);
    return events.get(events.size() - 1).getAmount();
  }

  /**
   * Workers that lag behind say of every attempt that no judge was asked. Attempts of a job are
   * answered in order, so the last such answer is about all of them.
   */
  @Test
  void everyAttemptCameTooLate_isFree() {
    assertThat(charged(BigDecimal.ZERO.setScale(18))).isEqualByComparingTo("0.01");
  }

  @Test
  void everyAttemptCameTooLate_costNotSaid_staysCharged() {
    assertThat(charged(null)).isEqualByComparingTo("0.02");
  }
}
