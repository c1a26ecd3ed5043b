package dev.tributary.evaldispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tributary.evaldispatch.core.Sampling;
import dev.tributary.runtime.testing.ConservationCheck;
import dev.tributary.runtime.testing.TopologyFixture;
import dev.tributary.schemas.EvalJob;
import dev.tributary.schemas.EvalRate;
import dev.tributary.schemas.EvalResult;
import dev.tributary.schemas.Event;
import dev.tributary.schemas.Keys;
import dev.tributary.schemas.Manifest;
import dev.tributary.schemas.Reference;
import dev.tributary.schemas.ReferenceKind;
import dev.tributary.schemas.ReferenceRow;
import dev.tributary.schemas.Score;
import dev.tributary.schemas.ScoreStatus;
import dev.tributary.schemas.Signal;
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

  private final TopologyFixture fixture =
      TopologyFixture.of(
          DispatchMain.APP,
          Map.of("tributary.eval-dispatch.most-attempts", "2", "tributary.topics.partitions", "1"));

  @AfterEach
  void close() {
    new ConservationCheck(fixture.meters(), "eval-dispatch").assertHolds();
    fixture.close();
  }

  private long nowUs() {
    return TraceProcessor.micros(fixture.clock().instant());
  }

  private void publish(String policy) {
    Reference row =
        Reference.newBuilder()
            .setTenant(Traces.TENANT)
            .setKind(ReferenceKind.POLICY)
            .setId("answers")
            .setTimeline(
                List.of(ReferenceRow.newBuilder().setAddedIn(1).setPayloadJson(policy).build()))
            .build();
    Reference manifest =
        Reference.newBuilder()
            .setTenant(Traces.TENANT)
            .setKind(ReferenceKind.MANIFEST)
            .setId("reference")
            .setManifest(new Manifest(1L, "v1", 1L, "", 0L, null))
            .build();
    for (Reference each : List.of(row, manifest)) {
      fixture
          .input(Topics.REF)
          .pipeInput(Keys.reference(each.getTenant(), each.getKind(), each.getId()), each);
    }
  }

  private void close(TraceSummary trace) {
    fixture
        .input(Topics.TRACES)
        .pipeInput(Keys.trace(trace.getTenant(), trace.getTraceId()), trace);
  }

  private void answer(EvalResult result) {
    String subject =
        result.getScore().getTraceId() == null
            ? result.getScore().getSubjectId()
            : result.getScore().getTraceId();
    fixture.input(Topics.EVAL_RESULTS).pipeInput(Keys.trace(Traces.TENANT, subject), result);
  }

  /** The controller knows the team after its first trace, and writes rates at its next plan. */
  private void warmUp() {
    close(Traces.closed(Traces.id(9_999_999), nowUs()));
    fixture.advance(Duration.ofSeconds(61));
    fixture.advance(Duration.ofSeconds(10));
    fixture.values(Topics.EVAL_JOBS_FAST);
    fixture.values(Topics.SCORES);
  }

  private EvalResult judged(EvalJob job, double value) {
    return EvalResult.newBuilder()
        .setTenant(job.getTenant())
        .setJobId(job.getJobId())
        .setAttempt(job.getAttempt())
        .setScore(
            Traces.score(job.getJobId(), job.getEvaluator(), value, nowUs())
                .setTraceId(job.getTraceId())
                .setSubjectId(job.getTraceId())
                .setCost(new BigDecimal("0.004").setScale(18))
                .build())
        .build();
  }

  @Test
  void trace_closed_fastAndJudgeJobsWithDimensions() {
    publish(FAST_AND_JUDGE.formatted("1"));
    warmUp();

    close(Traces.closed(Traces.id(1), nowUs()));

    EvalJob fast = fixture.values(Topics.EVAL_JOBS_FAST).get(0);
    EvalJob judge = fixture.values(Topics.EVAL_JOBS_JUDGE).get(0);
    assertThat(fast.getJobId()).isEqualTo(Traces.id(1) + "|refusal|1");
    assertThat(fast.getInclusionProbability()).isEqualTo(1);
    assertThat(judge.getJobId()).isEqualTo(Traces.id(1) + "|faithfulness|2");
    assertThat(judge.getInclusionProbability()).isEqualTo(1);
    assertThat(judge.getParameters()).containsEntry("votes", "3");
    assertThat(judge.getAttribution().getTeam().getValue()).isEqualTo("blue");
    assertThat(judge.getContentRefs()).containsExactly("default|" + Traces.id(1));
    assertThat(judge.getDeadlineUs()).isEqualTo(nowUs() + 1_800_000_000L);
  }

  @Test
  void trace_beforeTheFirstRate_isAGap() {
    publish(FAST_AND_JUDGE.formatted("1"));

    close(Traces.closed(Traces.id(1), nowUs()));

    assertThat(fixture.values(Topics.EVAL_JOBS_JUDGE)).isEmpty();
    Score gap = fixture.values(Topics.SCORES).get(0);
    assertThat(gap.getStatus()).isEqualTo(ScoreStatus.NOT_SAMPLED);
    assertThat(gap.getStatusReason()).isEqualTo("NO_RATE");
    assertThat(gap.getValue()).isNull();
  }

  @Test
  void judgesOwnTrace_neverEvaluated() {
    publish(FAST_AND_JUDGE.formatted("1"));

    close(Traces.ofJudge(Traces.id(1), nowUs()));

    assertThat(fixture.values(Topics.EVAL_JOBS_FAST)).isEmpty();
    assertThat(fixture.values(Topics.SCORES)).isEmpty();
  }

  @Test
  void revision_later_notEvaluatedAgain() {
    publish(FAST_AND_JUDGE.formatted("1"));
    close(Traces.closed(Traces.id(1), nowUs()));
    TraceSummary later = Traces.closed(Traces.id(1), nowUs());
    later.setRevision(2);

    close(later);

    assertThat(fixture.values(Topics.EVAL_JOBS_FAST)).hasSize(1);
  }

  @Test
  void secondLook_wanted_onceMoreAsItsOwnCause() {
    publish(
        "{type: eval, id: answers, evaluators: [{name: refusal}], second_look: true, base_rate: 1}");
    for (int revision = 1; revision <= 3; revision++) {
      TraceSummary trace = Traces.closed(Traces.id(1), nowUs());
      trace.setRevision(revision);
      close(trace);
    }

    assertThat(fixture.values(Topics.EVAL_JOBS_FAST))
        .extracting(EvalJob::getEvaluatorVersion)
        .containsExactly("1", "1+revised");
  }

  @Test
  void result_ofAJob_isAScoreOnceWithWhatTheJobKnew() {
    publish(FAST_AND_JUDGE.formatted("1"));
    warmUp();
    close(Traces.closed(Traces.id(1), nowUs()));
    EvalJob job = fixture.values(Topics.EVAL_JOBS_JUDGE).get(0);
    fixture.values(Topics.SCORES);

    answer(judged(job, 0.75));
    answer(judged(job, 0.25));

    List<Score> scores = fixture.values(Topics.SCORES);
    assertThat(scores).hasSize(1);
    assertThat(scores.get(0).getValue()).isEqualTo(0.75);
    assertThat(scores.get(0).getInclusionProbability()).isEqualTo(1);
    assertThat(scores.get(0).getScoreId()).isEqualTo(job.getJobId());
    assertThat(scores.get(0).getAttribution()).isEqualTo(job.getAttribution());
  }

  @Test
  void job_withoutAnswer_sentAgainThenExpired() {
    publish("{type: eval, id: answers, evaluators: [{name: refusal}], base_rate: 1}");
    close(Traces.closed(Traces.id(1), nowUs()));

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

  @Test
  void thumb_beforeTheClose_waitsAndDecidesTheStratum() {
    publish(
        """
        {type: eval, id: answers, evaluators: [{name: review, route: human}], base_rate: 0,
         strata: [{name: unhappy, rate: 1, when: {thumbs_down: true}}]}
        """);
    answer(Traces.thumb(Traces.id(1), 0, nowUs()));
    assertThat(fixture.values(Topics.SCORES)).isEmpty();

    close(Traces.closed(Traces.id(1), nowUs()));

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
    TraceSummary trace = Traces.closed(Traces.id(1), nowUs());
    trace.setSessionId("s-1");
    answer(Traces.ofSession("s-1", 1, nowUs()));

    close(trace);
    answer(Traces.ofSession("s-1", 1, nowUs()));

    List<Score> scores = fixture.values(Topics.SCORES);
    assertThat(scores).hasSize(1);
    assertThat(scores.get(0).getSessionId()).isEqualTo("s-1");
    assertThat(scores.get(0).getAttribution().getTeam().getValue()).isEqualTo("blue");
  }

  @Test
  void result_ofNoTrace_goesOutAfterTheWait() {
    answer(Traces.thumb(Traces.id(1), 1, nowUs()));

    fixture.advance(Duration.ofMinutes(11));

    Score score = fixture.values(Topics.SCORES).get(0);
    assertThat(score.getValue()).isEqualTo(1);
    assertThat(score.getAttribution()).isNull();
  }

  @Test
  void value_outOfBounds_rejectedNotZero() {
    answer(Traces.thumb(Traces.id(1), 1.5, nowUs()));

    assertThat(fixture.values(Topics.SCORES)).isEmpty();
    assertThat(fixture.values(Topics.REJECTED).get(0).getReason()).isEqualTo("INVALID_SCORE");
  }

  @Test
  void ceiling_reached_stopsAndMarksTheGap() {
    publish(FAST_AND_JUDGE.formatted("0.05"));
    warmUp();

    for (int i = 1; i <= 40; i++) {
      close(Traces.closed(Traces.id(i), nowUs() + i));
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

  private List<Signal> queues() {
    return fixture.values(Topics.SIGNALS);
  }

  @Test
  void queue_ofUnansweredJobs_isToldEachMinuteThenOnceThatItIsEmpty() {
    publish("{type: eval, id: answers, evaluators: [{name: refusal}], base_rate: 1}");
    close(Traces.closed(Traces.id(1), nowUs()));
    fixture.advance(Duration.ofSeconds(10));
    close(Traces.closed(Traces.id(2), nowUs()));
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

    jobs.forEach(job -> answer(judged(job, 1)));
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
    publish("{type: eval, id: answers, evaluators: [{name: refusal}], base_rate: 1}");
    close(Traces.closed(Traces.id(1), nowUs()));
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
    publish("{type: eval, id: answers, evaluators: [{name: refusal}], base_rate: 1}");
    fixture.advance(Duration.ofSeconds(70));
    close(Traces.closed(Traces.id(1), nowUs()));
    fixture.values(Topics.EVAL_JOBS_FAST).forEach(job -> answer(judged(job, 1)));
    fixture.advance(Duration.ofSeconds(130));

    assertThat(queues()).isEmpty();
  }

  /** The law: traces and rates are enough to decide again, without money and without a clock. */
  @Test
  void decisions_repeatedFromTracesAndRates_areTheSame() {
    publish(FAST_AND_JUDGE.formatted("0.20").replace("base_rate: 1", "base_rate: 0.5, floor: 0.3"));
    List<TraceSummary> traces = new ArrayList<>();
    for (int minute = 0; minute < 20; minute++) {
      for (int i = 0; i < (minute == 9 ? 60 : 6); i++) {
        TraceSummary trace = Traces.closed(Traces.id(100L * minute + i + 1), nowUs());
        traces.add(trace);
        close(trace);
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
