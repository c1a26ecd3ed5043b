package dev.tributary.evaldispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.schemas.EvalJob;
import dev.tributary.schemas.Signal;
import dev.tributary.schemas.Topics;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is told of the queues of jobs. */
class QueueSignalsTest {
  private final DispatchFixture fixture = new DispatchFixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  private List<Signal> queues() {
    return fixture.values(Topics.SIGNALS);
  }

  @Test
  void queue_ofUnansweredJobs_isToldEachMinuteThenOnceThatItIsEmpty() {
    fixture.publish("{type: eval, id: answers, evaluators: [{name: refusal}], base_rate: 1}");
    fixture.close(Traces.closed(Traces.id(1), fixture.nowUs()));
    fixture.advance(Duration.ofSeconds(10));
    fixture.close(Traces.closed(Traces.id(2), fixture.nowUs()));
    List<EvalJob> jobs = fixture.values(Topics.EVAL_JOBS_FAST);

    fixture.advance(Duration.ofSeconds(65));
    fixture.advance(Duration.ofSeconds(60));

    List<Signal> told = queues();
    Signal last = told.get(told.size() - 1);
    assertThat(told).hasSizeBetween(1, 2).allMatch(Signal::getActive);
    assertThat(last.getScope()).isEqualTo("eval_queue:fast:refusal:blue@production");
    assertThat(last.getDetail())
        .containsEntry("queued_jobs", "2")
        .containsEntry("team", "blue")
        .containsEntry("route", "fast");
    long lagS = Long.parseLong(last.getDetail().get("lag_s"));
    assertThat(lagS).isBetween(110L, 145L);
    long asOfUs = Long.parseLong(last.getDetail().get("as_of_us"));
    assertThat(asOfUs - last.getSinceUs()).isBetween(lagS * 1_000_000, (lagS + 1) * 1_000_000);

    jobs.forEach(job -> fixture.answer(fixture.judged(job, 1)));
    fixture.advance(Duration.ofSeconds(61));
    fixture.advance(Duration.ofSeconds(61));
    fixture.advance(Duration.ofSeconds(61));

    assertThat(queues().stream().filter(signal -> !signal.getActive()))
        .singleElement()
        .satisfies(end -> assertThat(end.getDetail()).containsEntry("queued_jobs", "0"));
    fixture.advance(Duration.ofSeconds(61));
    assertThat(queues()).isEmpty();
  }

  /** A retry is the same wait going on, and not a new one. */
  @Test
  void queue_ofARetriedJob_isAsOldAsItsFirstAttempt() {
    fixture.publish("{type: eval, id: answers, evaluators: [{name: refusal}], base_rate: 1}");
    fixture.close(Traces.closed(Traces.id(1), fixture.nowUs()));
    fixture.advance(Duration.ofMinutes(21));
    fixture.advance(Duration.ofMinutes(1));
    fixture.advance(Duration.ofMinutes(1));

    List<Signal> told = queues();
    assertThat(fixture.values(Topics.EVAL_JOBS_FAST)).hasSize(2);
    assertThat(Long.parseLong(told.get(told.size() - 1).getDetail().get("lag_s")))
        .isGreaterThanOrEqualTo(22 * 60);
  }

  /** The negative control: what is answered before anybody looks is no queue. */
  @Test
  void queue_answeredAtOnce_isNeverTold() {
    fixture.publish("{type: eval, id: answers, evaluators: [{name: refusal}], base_rate: 1}");
    fixture.advance(Duration.ofSeconds(70));
    fixture.close(Traces.closed(Traces.id(1), fixture.nowUs()));
    fixture.values(Topics.EVAL_JOBS_FAST).forEach(job -> fixture.answer(fixture.judged(job, 1)));
    fixture.advance(Duration.ofSeconds(130));

    assertThat(queues()).isEmpty();
  }
}
