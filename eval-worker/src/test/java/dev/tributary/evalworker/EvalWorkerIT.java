package dev.tributary.evalworker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.runtime.config.Settings;
import dev.tributary.runtime.run.RunOptions;
import dev.tributary.runtime.testing.ConservationCheck;
import dev.tributary.runtime.testing.KafkaTestCluster;
import dev.tributary.schemas.EvalJob;
import dev.tributary.schemas.EvalResult;
import dev.tributary.schemas.Score;
import dev.tributary.schemas.Topic;
import dev.tributary.schemas.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Jobs in, results out, on a real broker, with a judge that has every fault. */
class EvalWorkerIT {
  private static final Duration WAIT = Duration.ofSeconds(60);
  private static KafkaTestCluster cluster;

  @BeforeAll
  static void start() {
    cluster = KafkaTestCluster.start();
    WorkerFixture.createTopics(cluster, 2);
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  private static void send(Topic<String, EvalJob> topic, List<EvalJob> jobs) {
    WorkerFixture.send(cluster.producer(topic), topic, jobs);
  }

  @Test
  void everyFault_hasAReasonAndNoJobIsLost() {
    List<String> behaviours =
        List.of(
            "ok",
            "rate_limited_once",
            "broken_once",
            "slow_once",
            "no_json_once",
            "prose_once",
            "prose",
            "out_of_range",
            "cut",
            "refuses",
            "forbidden",
            "broken",
            "rate_limited",
            "missing");
    Map<String, String> byTrace = new HashMap<>();
    List<EvalJob> judged = new ArrayList<>();
    List<EvalJob> fast = new ArrayList<>();
    for (int i = 0; i < behaviours.size(); i++) {
      byTrace.put(Jobs.traceId(i), behaviours.get(i));
      judged.add(Jobs.job(i, "judge", "faithfulness", WorkerFixture.nowUs()));
    }
    EvalJob late = Jobs.job(500, "judge", "faithfulness", WorkerFixture.nowUs());
    late.setDeadlineUs(WorkerFixture.nowUs() - 1_000_000L);
    judged.add(late);
    for (int i = 100; i < 130; i++) {
      fast.add(Jobs.job(i, "fast", "refusal", WorkerFixture.nowUs()));
    }
    send(Topics.EVAL_JOBS_JUDGE, judged);
    send(Topics.EVAL_JOBS_FAST, fast);
    SimpleMeterRegistry meters = new SimpleMeterRegistry();

    try (FakeJudge judge = new FakeJudge();
        EvalWorker worker =
            EvalWorker.start(
                settings(judge),
                RunOptions.of(meters).withSerdes(cluster.serdes()),
                Jobs.content(byTrace),
                FaultPoints.NONE,
                true)) {
      cluster.awaitRecords(Topics.EVAL_RESULTS, judged.size() + fast.size(), WAIT);
      assertThat(worker.health().ready()).isTrue();
      assertThat(judge.calls(Jobs.traceId(500))).as("after the deadline").isZero();
    }

    Map<String, Score> scores = new TreeMap<>();
    for (ConsumerRecord<String, EvalResult> record : cluster.read(Topics.EVAL_RESULTS)) {
      assertThat(scores.put(record.value().getJobId(), record.value().getScore()))
          .as("a second answer to " + record.value().getJobId())
          .isNull();
    }
    assertOutcomes(behaviours, judged, scores);
    assertThat(scores.get(late.getJobId()).getStatusReason()).isEqualTo("DEADLINE");
    assertThat(scores.get(judged.get(0).getJobId()).getCost()).isEqualByComparingTo("0.004");
    assertThat(scores.get(judged.get(0).getJobId()).getInclusionProbability()).isEqualTo(0.25);
    assertThat(fast).allMatch(job -> scores.get(job.getJobId()).getValue() == 1.0);
    assertThat(cluster.read(Topics.DLQ)).as("given up").hasSize(6);
    new ConservationCheck(meters, "eval-worker").assertHolds();
    assertSpansOfJudges();
  }

  /** A score, or a status and its reason; the first jobs are those of the behaviours. */
  private static void assertOutcomes(
      List<String> behaviours, List<EvalJob> judged, Map<String, Score> scores) {
    Map<String, String> outcomes = new TreeMap<>();
    for (int i = 0; i < behaviours.size(); i++) {
      Score score = scores.get(judged.get(i).getJobId());
      outcomes.put(
          behaviours.get(i),
          score.getValue() == null
              ? score.getStatus() + " " + score.getStatusReason()
              : score.getStatus() + " " + score.getValue());
    }
    assertThat(outcomes)
        .containsEntry("ok", "SCORED 0.75")
        .containsEntry("rate_limited_once", "SCORED 0.75")
        .containsEntry("broken_once", "SCORED 0.75")
        .containsEntry("slow_once", "SCORED 0.75")
        .containsEntry("no_json_once", "SCORED 0.75")
        .containsEntry("prose_once", "SCORED 0.75")
        .containsEntry("prose", "FAILED MALFORMED_ANSWER")
        .containsEntry("out_of_range", "FAILED VALUE_OUT_OF_RANGE")
        .containsEntry("cut", "FAILED ANSWER_TRUNCATED")
        .containsEntry("refuses", "REFUSED JUDGE_REFUSED")
        .containsEntry("forbidden", "FAILED JUDGE_REQUEST_REFUSED")
        .containsEntry("broken", "FAILED JUDGE_UNAVAILABLE")
        .containsEntry("rate_limited", "FAILED JUDGE_RATE_LIMITED")
        .containsEntry("missing", "EXPIRED CONTENT_MISSING");
  }

  /** The judge's own calls, to be priced and never judged. */
  private static void assertSpansOfJudges() {
    List<ConsumerRecord<byte[], byte[]>> spans = cluster.read(Topics.OTLP_SPANS);
    assertThat(spans).hasSize(13);
    for (ConsumerRecord<byte[], byte[]> record : spans) {
      String text = new String(record.value(), StandardCharsets.UTF_8);
      assertThat(text).contains("\"tributary.purpose\",\"value\":{\"stringValue\":\"eval\"}");
      assertThat(
              new String(
                  record.headers().lastHeader("tributary-encoding").value(),
                  StandardCharsets.UTF_8))
          .isEqualTo("otlp_json");
    }
    assertThat(spans)
        .map(record -> new String(record.value(), StandardCharsets.UTF_8))
        .anyMatch(
            text ->
                text.contains("\"gen_ai.usage.input_tokens\",\"value\":{\"intValue\":\"1000\"}"));
  }

  private static Settings settings(FakeJudge judge) {
    Map<String, String> settings = WorkerFixture.settings(cluster, judge);
    settings.put("tributary.eval-worker.judge-timeout", "1s");
    settings.put("tributary.eval-worker.judge-attempts", "2");
    settings.put("tributary.eval-worker.judge-retry-first", "5ms");
    settings.put("tributary.eval-worker.content-wait", "0s");
    settings.put("tributary.eval-worker.judge-input-price", "3");
    settings.put("tributary.eval-worker.judge-output-price", "10");
    return Settings.of(settings, EvalWorkerConfig.allSettings());
  }
}
