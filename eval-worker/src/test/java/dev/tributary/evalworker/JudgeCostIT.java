package dev.tributary.evalworker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.tributary.evalworker.core.SpanText;
import dev.tributary.evalworker.judge.Judge;
import dev.tributary.evalworker.judge.JudgeOptions;
import dev.tributary.runtime.config.Settings;
import dev.tributary.schemas.EvalJob;
import dev.tributary.schemas.EvalResult;
import dev.tributary.schemas.Score;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a judge is said to have cost. Dispatch gives back what it reserved above that, so a cost
 * that is too low is money above the ceiling, and one that is unknown stays reserved.
 */
class JudgeCostIT {
  private final FakeJudge fake = new FakeJudge();

  @AfterEach
  void close() {
    fake.close();
  }

  /** Of a job at its deadline. */
  private JobAnswer judged(String behaviour, Map<String, String> more, Map<String, String> with)
      throws InterruptedException {
    return judged(behaviour, more, with, Duration.ZERO);
  }

  private JobAnswer judged(
      String behaviour, Map<String, String> more, Map<String, String> with, Duration untilDeadline)
      throws InterruptedException {
    Map<String, String> settings = new HashMap<>();
    settings.put("tributary.eval-worker.judge-base-url", fake.url());
    settings.put("tributary.eval-worker.judge-model", "judge-1");
    settings.put("tributary.eval-worker.judge-attempts", "2");
    settings.put("tributary.eval-worker.judge-retry-first", "1ms");
    settings.put("tributary.eval-worker.judge-timeout", "300ms");
    settings.put("tributary.eval-worker.judge-input-price", "2");
    settings.put("tributary.eval-worker.judge-output-price", "20");
    settings.putAll(more);
    JudgeOptions options =
        EvalWorkerConfig.from(Settings.of(settings, EvalWorkerConfig.allSettings())).judge();
    Judge judge = new Judge(Objects.requireNonNull(options, "judge"), Clock.systemUTC());
    long nowUs = WorkerFixture.nowUs();
    EvalJob job = Jobs.job(1, "judge", "faithfulness", nowUs);
    job.setDeadlineUs(nowUs + untilDeadline.toNanos() / 1_000);
    job.setParameters(with);
    Clock clock = Clock.fixed(Instant.EPOCH.plus(nowUs, ChronoUnit.MICROS), ZoneOffset.UTC);
    return new JobRunner(judge, "openai", clock).run(job, content(behaviour));
  }

  private static List<SpanText> content(String behaviour) {
    if (behaviour.isEmpty()) {
      return List.of();
    }
    String answer = behaviour.equals("nothing") ? null : "case c-1 " + behaviour;
    String documents = answer == null ? null : "[\"a document\"]";
    return List.of(
        new SpanText(
            "aa", 1, "FULL", "chat", "What?", answer, null, null, null, documents, Map.of(),
            false));
  }

  private @Nullable BigDecimal cost(String behaviour) throws InterruptedException {
    return judged(behaviour, Map.of(), Map.of()).results().get(0).getScore().getCost();
  }

  /**
   * The API took the request: whether it bills the answer that did not arrive nobody here knows.
   */
  @ParameterizedTest
  @ValueSource(strings = {"slow", "no_json", "no_json_once", "slow_once", "stuck", "stuck_once"})
  @Timeout(20)
  void call_thatMayHaveBeenBilled_leavesTheCostUnknown(String behaviour) throws Exception {
    assertThat(cost(behaviour)).isNull();
    assertThat(fake.calls("c-1")).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"broken", "rate_limited", "forbidden"})
  void call_thatWasRefused_costsNothing(String behaviour) throws Exception {
    assertThat(cost(behaviour)).isEqualByComparingTo("0");
  }

  @Test
  void call_refusedBeforeAnother_costsTheOther() throws Exception {
    assertThat(cost("broken_once")).isEqualByComparingTo("0.004");
  }

  /** Nobody was asked, which is no unknown cost: what was reserved is free again. */
  @ParameterizedTest
  @ValueSource(strings = {"", "nothing"})
  void job_withoutACall_costsNothing(String behaviour) throws Exception {
    assertThat(cost(behaviour)).isEqualByComparingTo("0");
    assertThat(fake.calls()).isZero();
  }

  /** The negative control: a judge asked before the worker died has a cost that nobody knows. */
  @Test
  void job_interrupted_hasNoKnownCost() {
    EvalJob job = Jobs.job(1, "judge", "faithfulness", WorkerFixture.nowUs());

    JobAnswer answer = new JobRunner(null, "", Clock.systemUTC()).interrupted(job);

    Score score = answer.results().get(0).getScore();
    assertThat(score.getStatusReason()).isEqualTo("INTERRUPTED");
    assertThat(score.getCost()).isNull();
  }

  /** One such policy would end the worker, and with it the judges of everybody. */
  @ParameterizedTest
  @CsvSource({"cascade_unsure, high", "cascade_share, 1.01", "cascade_share, -0.01", "votes, 10"})
  void parameters_thatSayNothing_areAReason_nobodyIsAsked(String name, String value)
      throws Exception {
    JobAnswer answer = judged("ok", Map.of(), Map.of(name, value));

    Score score = answer.results().get(0).getScore();
    assertThat(score.getStatusReason()).isEqualTo("INVALID_PARAMETERS");
    assertThat(score.getCost()).isEqualByComparingTo("0");
    assertThat(fake.calls()).isZero();
  }

  /** Dispatch sends a job again that is not answered in time: both would be paid for. */
  @Test
  @Timeout(20)
  void job_ofASlowJudge_endsWithinItsLimit_withWhatThereIs() throws Exception {
    JobAnswer answer =
        judged(
            "slow_after_3",
            Map.of(
                "tributary.eval-worker.judge-job-limit", "3s",
                "tributary.eval-worker.judge-attempts", "6"),
            Map.of("votes", "5"));

    int withoutALimit = 3 + 2 * 6;
    assertThat(fake.calls("c-1")).isLessThan(withoutALimit);
    assertThat(answer.results().get(0).getScore().getValue()).isEqualTo(0.75);
  }

  @Test
  @Timeout(20)
  void job_withoutTimeForAMajority_isATimeout_noFurtherCallIsMade() throws Exception {
    JobAnswer answer =
        judged(
            "slow",
            Map.of(
                "tributary.eval-worker.judge-job-limit", "2s",
                "tributary.eval-worker.judge-attempts", "6"),
            Map.of("votes", "9"));

    assertThat(answer.results().get(0).getScore().getStatusReason()).isEqualTo("JUDGE_TIMEOUT");
    assertThat(fake.calls("c-1")).isBetween(1, 4);
  }

  /** Nobody sends it again before its deadline: a turn behind other calls is no slow judge. */
  @Test
  @Timeout(20)
  void job_behindALowRate_hasTheTimeUntilItsDeadline() throws Exception {
    Map<String, String> lowRate =
        Map.of(
            "tributary.eval-worker.judge-job-limit", "2s",
            "tributary.eval-worker.judge-calls-per-minute", "30");

    JobAnswer early = judged("ok", lowRate, Map.of("votes", "2"), Duration.ofMinutes(10));
    JobAnswer late = judged("ok", lowRate, Map.of("votes", "2"));

    assertThat(early.results().get(0).getScore().getValue()).isEqualTo(0.75);
    assertThat(late.results().get(0).getScore().getStatusReason()).isEqualTo("JUDGE_TIMEOUT");
    assertThat(fake.calls("c-1")).isEqualTo(2 + 1);
  }

  /** Three of five can not be a majority of scores any more: the others are not paid for. */
  @Test
  void votes_withoutAMajority_endEarly() throws Exception {
    judged("cut", Map.of(), Map.of("votes", "5"));

    assertThat(fake.calls("c-1")).isEqualTo(3);
  }

  /** The first model's score comes of those drawn twice: by the policy, and for the comparison. */
  @Test
  void cheapScore_hasTheProbabilityOfBothDraws() throws Exception {
    JobAnswer answer =
        judged(
            "ok",
            Map.of("tributary.eval-worker.judge-strong-model", "judge-2"),
            Map.of("cascade_share", "0.999"));

    assertThat(answer.results())
        .extracting(EvalResult::getScore)
        .extracting(Score::getName, Score::getInclusionProbability)
        .containsExactly(tuple("faithfulness", 0.25), tuple("faithfulness.cheap", 0.25 * 0.999));
  }
}
