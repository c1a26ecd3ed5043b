package dev.tributary.evaldispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tributary.evaldispatch.core.Sampling;
import dev.tributary.schemas.EvalJob;
import dev.tributary.schemas.EvalRate;
import dev.tributary.schemas.EvalResult;
import dev.tributary.schemas.Event;
import dev.tributary.schemas.Score;
import dev.tributary.schemas.ScoreStatus;
import dev.tributary.schemas.Topics;
import dev.tributary.schemas.TraceSummary;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Traces in, jobs and scores out, without a broker. */
class DispatchTopologyTest {
  private static final String FAST_AND_JUDGE =
      """
      {type: eval, id: answers, filter: {feature: checkout},
       evaluators: [
         {name: refusal},
         {name: faithfulness, version: "2", route: judge, cost: 0.01, parameters: {votes: "3"}}],
       base_rate: 1, ceiling: {per_hour: %s}}
      """;

  private final DispatchFixture fixture = new DispatchFixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void trace_closed_fastAndJudgeJobsWithDimensions() {
    fixture.publish(FAST_AND_JUDGE.formatted("1"));
    fixture.warmUp();

    fixture.close(Traces.closed(Traces.id(1), fixture.nowUs()));

    EvalJob fast = fixture.values(Topics.EVAL_JOBS_FAST).get(0);
    EvalJob judge = fixture.values(Topics.EVAL_JOBS_JUDGE).get(0);
    assertThat(fast.getJobId()).isEqualTo(Traces.id(1) + "|refusal|1");
    assertThat(fast.getInclusionProbability()).isEqualTo(1);
    assertThat(judge.getJobId()).isEqualTo(Traces.id(1) + "|faithfulness|2");
    assertThat(judge.getInclusionProbability()).isEqualTo(1);
    assertThat(judge.getParameters()).containsEntry("votes", "3");
    assertThat(judge.getAttribution().getTeam().getValue()).isEqualTo("blue");
    assertThat(judge.getContentRefs()).containsExactly("default|" + Traces.id(1));
    assertThat(judge.getDeadlineUs()).isEqualTo(fixture.nowUs() + 1_800_000_000L);
  }

  @Test
  void policies_thatCannotBeRead_areCountedAndLeaveThoseBefore() {
    fixture.publish(FAST_AND_JUDGE.formatted("1"));
    fixture.warmUp();

    fixture.publish(FAST_AND_JUDGE.formatted("many"), 2);
    fixture.close(Traces.closed(Traces.id(1), fixture.nowUs()));

    assertThat(fixture.count(DispatchMetrics.REFERENCE_REFUSED)).isEqualTo(1);
    assertThat(fixture.values(Topics.EVAL_JOBS_JUDGE)).hasSize(1);
  }

  @Test
  void trace_beforeTheFirstRate_isAGap() {
    fixture.publish(FAST_AND_JUDGE.formatted("1"));

    fixture.close(Traces.closed(Traces.id(1), fixture.nowUs()));

    assertThat(fixture.values(Topics.EVAL_JOBS_JUDGE)).isEmpty();
    Score gap = fixture.values(Topics.SCORES).get(0);
    assertThat(gap.getStatus()).isEqualTo(ScoreStatus.NOT_SAMPLED);
    assertThat(gap.getStatusReason()).isEqualTo("NO_RATE");
    assertThat(gap.getValue()).isNull();
  }

  @Test
  void judgesOwnTrace_neverEvaluated() {
    fixture.publish(FAST_AND_JUDGE.formatted("1"));

    fixture.close(Traces.ofJudge(Traces.id(1), fixture.nowUs()));

    assertThat(fixture.values(Topics.EVAL_JOBS_FAST)).isEmpty();
    assertThat(fixture.values(Topics.SCORES)).isEmpty();
  }

  @Test
  void revision_later_notEvaluatedAgain() {
    fixture.publish(FAST_AND_JUDGE.formatted("1"));
    fixture.close(Traces.closed(Traces.id(1), fixture.nowUs()));
    TraceSummary later = Traces.closed(Traces.id(1), fixture.nowUs());
    later.setRevision(2);

    fixture.close(later);

    assertThat(fixture.values(Topics.EVAL_JOBS_FAST)).hasSize(1);
  }

  @Test
  void secondLook_wanted_onceMoreAsItsOwnCause() {
    fixture.publish(
        "{type: eval, id: answers, evaluators: [{name: refusal}], second_look: true, base_rate: 1}");
    for (int revision = 1; revision <= 3; revision++) {
      TraceSummary trace = Traces.closed(Traces.id(1), fixture.nowUs());
      trace.setRevision(revision);
      fixture.close(trace);
    }

    assertThat(fixture.values(Topics.EVAL_JOBS_FAST))
        .extracting(EvalJob::getEvaluatorVersion)
        .containsExactly("1", "1+revised");
  }

  @Test
  void result_ofAJob_isAScoreOnceWithWhatTheJobKnew() {
    fixture.publish(FAST_AND_JUDGE.formatted("1"));
    fixture.warmUp();
    fixture.close(Traces.closed(Traces.id(1), fixture.nowUs()));
    EvalJob job = fixture.values(Topics.EVAL_JOBS_JUDGE).get(0);
    fixture.values(Topics.SCORES);

    fixture.answer(fixture.judged(job, 0.75));
    fixture.answer(fixture.judged(job, 0.25));

    List<Score> scores = fixture.values(Topics.SCORES);
    assertThat(scores).hasSize(1);
    assertThat(scores.get(0).getValue()).isEqualTo(0.75);
    assertThat(scores.get(0).getInclusionProbability()).isEqualTo(1);
    assertThat(scores.get(0).getScoreId()).isEqualTo(job.getJobId());
    assertThat(scores.get(0).getAttribution()).isEqualTo(job.getAttribution());
  }

  @Test
  void job_withoutAnswer_sentAgainThenExpired() {
    fixture.publish("{type: eval, id: answers, evaluators: [{name: refusal}], base_rate: 1}");
    fixture.close(Traces.closed(Traces.id(1), fixture.nowUs()));

    fixture.advance(Duration.ofMinutes(21));
    fixture.advance(Duration.ofMinutes(21));

    assertThat(fixture.values(Topics.EVAL_JOBS_FAST))
        .extracting(EvalJob::getAttempt)
        .containsExactly(1, 2);
    Score score = fixture.values(Topics.SCORES).get(0);
    assertThat(score.getStatus()).isEqualTo(ScoreStatus.EXPIRED);
    assertThat(score.getStatusReason()).isEqualTo("NO_ANSWER");
    assertThat(score.getValue()).isNull();
  }

  /** Who says that the deadline passed has not begun, so nobody waits for the job any more. */
  @Test
  void job_thatAWorkerLeftAfterItsDeadline_isSentAgainAtOnce_andOncePerAttempt() {
    fixture.publish("{type: eval, id: answers, evaluators: [{name: refusal}], base_rate: 1}");
    fixture.close(Traces.closed(Traces.id(1), fixture.nowUs()));
    EvalResult tooLate = fixture.judged(fixture.values(Topics.EVAL_JOBS_FAST).get(0), 1);
    tooLate.getScore().setValue(null);
    tooLate.getScore().setStatus(ScoreStatus.EXPIRED);
    tooLate.getScore().setStatusReason("DEADLINE");

    fixture.answer(tooLate);
    fixture.answer(tooLate);

    assertThat(fixture.values(Topics.EVAL_JOBS_FAST))
        .extracting(EvalJob::getAttempt)
        .containsExactly(2);
    assertThat(fixture.values(Topics.SCORES)).isEmpty();
  }

  /**
   * The first attempt's deadline passes while the second is under way: it is not about that one.
   */
  @Test
  void deadline_ofAnAttemptBefore_endsNothing() {
    fixture.publish("{type: eval, id: answers, evaluators: [{name: refusal}], base_rate: 1}");
    fixture.close(Traces.closed(Traces.id(1), fixture.nowUs()));
    EvalResult tooLate = fixture.judged(fixture.values(Topics.EVAL_JOBS_FAST).get(0), 1);
    tooLate.getScore().setStatus(ScoreStatus.EXPIRED);
    tooLate.getScore().setStatusReason("DEADLINE");
    fixture.advance(Duration.ofMinutes(9));
    fixture.answer(tooLate);

    fixture.advance(Duration.ofMinutes(12));
    assertThat(fixture.values(Topics.SCORES)).isEmpty();
    fixture.advance(Duration.ofMinutes(9));

    assertThat(fixture.values(Topics.SCORES))
        .extracting(Score::getStatusReason)
        .containsExactly("NO_ANSWER");
  }

  /** New is what has anything new: a known prompt that another model answers. */
  @Test
  void trace_ofAKnownPromptAndANewModel_isNew() {
    fixture.publish(
        """
        {type: eval, id: answers, evaluators: [{name: review, route: human}], base_rate: 0,
         strata: [{name: new, rate: 1, when: {new_for: 1h}}]}
        """);
    fixture.close(Traces.closed(Traces.id(1), fixture.nowUs()));
    fixture.advance(Duration.ofHours(2));
    fixture.advance(Duration.ofSeconds(61));
    fixture.values(Topics.EVENTS);
    TraceSummary swapped = Traces.closed(Traces.id(2), fixture.nowUs());
    swapped.setModels(List.of("model-a", "model-b"));
    fixture.close(swapped);
    fixture.close(Traces.closed(Traces.id(3), fixture.nowUs()));

    fixture.advance(Duration.ofSeconds(10));
    fixture.advance(Duration.ofSeconds(61));

    assertThat(fixture.values(Topics.EVENTS))
        .filteredOn(event -> event.getDetail().get("eligible").equals("1"))
        .extracting(event -> event.getDimensions().get("stratum"))
        .containsExactlyInAnyOrder("new", "rest");
  }

  @Test
  void thumb_beforeTheClose_waitsAndDecidesTheStratum() {
    fixture.publish(
        """
        {type: eval, id: answers, evaluators: [{name: review, route: human}], base_rate: 0,
         strata: [{name: unhappy, rate: 1, when: {thumbs_down: true}}]}
        """);
    fixture.answer(Traces.thumb(Traces.id(1), 0, fixture.nowUs()));
    assertThat(fixture.values(Topics.SCORES)).isEmpty();

    fixture.close(Traces.closed(Traces.id(1), fixture.nowUs()));

    Score thumb =
        fixture.values(Topics.SCORES).stream()
            .filter(score -> score.getStatus() == ScoreStatus.SCORED)
            .findFirst()
            .orElseThrow();
    assertThat(thumb.getAttribution().getFeature().getValue()).isEqualTo("checkout");
    assertThat(thumb.getInclusionProbability()).isNull();
    fixture.advance(Duration.ofSeconds(61));
    assertThat(fixture.values(Topics.EVAL_RATES))
        .extracting(EvalRate::getStratum)
        .containsExactly("unhappy@blue");
  }

  @Test
  void result_ofASession_hasTheDimensionsOfItsLastTrace() {
    TraceSummary trace = Traces.closed(Traces.id(1), fixture.nowUs());
    trace.setSessionId("s-1");
    fixture.answer(Traces.ofSession("s-1", 1, fixture.nowUs()));

    fixture.close(trace);
    fixture.answer(Traces.ofSession("s-1", 1, fixture.nowUs()));

    List<Score> scores = fixture.values(Topics.SCORES);
    assertThat(scores).hasSize(1);
    assertThat(scores.get(0).getSessionId()).isEqualTo("s-1");
    assertThat(scores.get(0).getAttribution().getTeam().getValue()).isEqualTo("blue");
  }

  @Test
  void result_ofNoTrace_goesOutAfterTheWait() {
    fixture.answer(Traces.thumb(Traces.id(1), 1, fixture.nowUs()));

    fixture.advance(Duration.ofMinutes(11));

    Score score = fixture.values(Topics.SCORES).get(0);
    assertThat(score.getValue()).isEqualTo(1);
    assertThat(score.getAttribution()).isNull();
  }

  /** The same result comes again with its dimensions while the first still waits for them. */
  @Test
  void result_thatWaits_andComesAgainWithDimensions_isOneScore() {
    EvalResult thumb = Traces.thumb(Traces.id(1), 1, fixture.nowUs());
    fixture.answer(thumb);
    EvalResult again =
        EvalResult.newBuilder(thumb)
            .setScore(
                Score.newBuilder(thumb.getScore()).setAttribution(Traces.attribution()).build())
            .build();

    fixture.answer(again);
    fixture.advance(Duration.ofMinutes(11));

    assertThat(fixture.values(Topics.SCORES))
        .singleElement()
        .satisfies(score -> assertThat(score.getAttribution()).isNotNull());
  }

  @Test
  void cost_negative_rejectedSoThatNoCeilingIsGivenBack() {
    EvalResult result = Traces.thumb(Traces.id(1), 1, fixture.nowUs());
    result.getScore().setCost(new BigDecimal("-0.01").setScale(18));

    fixture.answer(result);

    assertThat(fixture.values(Topics.SCORES)).isEmpty();
    assertThat(fixture.values(Topics.REJECTED).get(0).getReason()).isEqualTo("INVALID_SCORE");
  }

  @Test
  void value_outOfBounds_rejectedNotZero() {
    fixture.answer(Traces.thumb(Traces.id(1), 1.5, fixture.nowUs()));

    assertThat(fixture.values(Topics.SCORES)).isEmpty();
    assertThat(fixture.values(Topics.REJECTED).get(0).getReason()).isEqualTo("INVALID_SCORE");
  }

  /** What a newer worker says of a score is not that it succeeded. */
  @Test
  void status_addedLater_rejectedNotScored() {
    EvalResult result = Traces.thumb(Traces.id(1), 1, fixture.nowUs());
    result.getScore().setStatus(ScoreStatus.UNKNOWN);

    fixture.answer(result);

    assertThat(fixture.values(Topics.SCORES)).isEmpty();
    assertThat(fixture.values(Topics.REJECTED).get(0).getReason()).isEqualTo("INVALID_SCORE");
  }

  @Test
  void ceiling_reached_stopsAndMarksTheGap() {
    fixture.publish(FAST_AND_JUDGE.formatted("0.05"));
    fixture.warmUp();

    for (int i = 1; i <= 40; i++) {
      fixture.close(Traces.closed(Traces.id(i), fixture.nowUs() + i));
    }
    fixture.advance(Duration.ofSeconds(61));

    assertThat(fixture.values(Topics.EVAL_JOBS_JUDGE)).hasSize(5);
    assertThat(fixture.values(Topics.SCORES))
        .hasSize(35)
        .allMatch(score -> score.getStatus() == ScoreStatus.NOT_SAMPLED);
    assertThat(fixture.values(Topics.EVAL_RATES)).anyMatch(EvalRate::getNotSampled);
    Event coverage = fixture.values(Topics.EVENTS).get(1);
    assertThat(coverage.getDetail()).containsEntry("admitted", "5").containsEntry("in_gaps", "35");
    assertThat(coverage.getAmount()).isEqualByComparingTo("0.05");
  }

  /** The law: traces and rates are enough to decide again, without money and without a clock. */
  @Test
  void decisions_repeatedFromTracesAndRates_areTheSame() {
    fixture.publish(
        FAST_AND_JUDGE.formatted("0.20").replace("base_rate: 1", "base_rate: 0.5, floor: 0.3"));
    List<TraceSummary> traces = new ArrayList<>();
    for (int minute = 0; minute < 20; minute++) {
      for (int i = 0; i < (minute == 9 ? 60 : 6); i++) {
        TraceSummary trace = Traces.closed(Traces.id(100L * minute + i + 1), fixture.nowUs());
        traces.add(trace);
        fixture.close(trace);
        fixture.advance(Duration.ofMillis(minute == 9 ? 900 : 9_000));
      }
    }

    TreeMap<Long, EvalRate> timeline = new TreeMap<>();
    fixture.values(Topics.EVAL_RATES).forEach(rate -> timeline.put(rate.getFromUs(), rate));
    TreeSet<String> again = new TreeSet<>();
    for (TraceSummary trace : traces) {
      Map.Entry<Long, EvalRate> rate = timeline.floorEntry(trace.getClosedAtUs());
      double draw = Sampling.draw(trace.getTraceId(), "faithfulness|2");
      if (rate != null && !rate.getValue().getNotSampled() && draw < rate.getValue().getRate()) {
        again.add(trace.getTraceId());
      }
    }
    List<EvalJob> jobs = fixture.values(Topics.EVAL_JOBS_JUDGE);
    assertThat(jobs).isNotEmpty();
    assertThat(new TreeSet<>(jobs.stream().map(EvalJob::getTraceId).toList())).isEqualTo(again);
    assertThat(timeline.values()).anyMatch(EvalRate::getNotSampled);
    assertThat(jobs.stream().mapToDouble(job -> 0.01).sum()).isCloseTo(0.20, within(0.0021));
    assertThat(jobs).isSortedAccordingTo(Comparator.comparingLong(EvalJob::getDispatchedAtUs));
  }
}
