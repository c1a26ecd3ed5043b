package dev.tributary.evalworker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.evalworker.core.SpanText;
import dev.tributary.runtime.config.Settings;
import dev.tributary.runtime.run.RunOptions;
import dev.tributary.runtime.testing.ConservationCheck;
import dev.tributary.runtime.testing.KafkaTestCluster;
import dev.tributary.schemas.EvalJob;
import dev.tributary.schemas.Keys;
import dev.tributary.schemas.Topic;
import dev.tributary.schemas.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

/** A defect ends the loop of the judges while the other one goes on. */
class EvalWorkerEndIT {
  private static final Duration WAIT = Duration.ofSeconds(60);

  @Test
  void oneLoopFails_workerEndsAsFailed_andWhatItHadTakenIsNotCounted() throws Exception {
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    try (KafkaTestCluster cluster = KafkaTestCluster.start();
        FakeJudge judge = new FakeJudge()) {
      cluster.create(
          1,
          List.of(
              Topics.EVAL_JOBS_FAST,
              Topics.EVAL_JOBS_JUDGE,
              Topics.EVAL_RESULTS,
              Topics.OTLP_SPANS,
              Topics.DLQ));
      send(cluster, Topics.EVAL_JOBS_FAST, Jobs.job(1, "fast", "refusal", nowUs()));
      try (EvalWorker worker =
          EvalWorker.start(
              settings(cluster, judge.url()),
              RunOptions.of(meters).withSerdes(cluster.serdes()),
              EvalWorkerEndIT::content,
              FaultPoints.NONE,
              true)) {
        cluster.awaitRecords(Topics.EVAL_RESULTS, 1, WAIT);
        assertThat(worker.health().live()).isTrue();

        send(cluster, Topics.EVAL_JOBS_JUDGE, Jobs.job(2, "judge", "faithfulness", nowUs()));

        assertThat(end(worker)).isFalse();
        assertThat(worker.health().live()).isFalse();
      }
    }
    ConservationCheck counters = new ConservationCheck(meters, "eval-worker");
    counters.assertHolds();
    assertThat(counters.received()).isEqualTo(1);
  }

  /** What no content source should do: it throws what is not said to be asked again. */
  private static Map<String, List<SpanText>> content(String tenant, Collection<String> traces) {
    if (traces.contains(Jobs.traceId(2))) {
      throw new IllegalStateException("a defect");
    }
    return Map.of();
  }

  private static boolean end(EvalWorker worker) throws Exception {
    return CompletableFuture.supplyAsync(
            () -> {
              try {
                return worker.awaitEnd();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            })
        .get(WAIT.toSeconds(), TimeUnit.SECONDS);
  }

  private static void send(KafkaTestCluster cluster, Topic<String, EvalJob> topic, EvalJob job) {
    try (KafkaProducer<String, EvalJob> producer = cluster.producer(topic)) {
      producer.send(
          new ProducerRecord<>(topic.name(), Keys.trace(job.getTenant(), job.getTraceId()), job));
    }
  }

  private static long nowUs() {
    return Clock.systemUTC().millis() * 1_000;
  }

  private static Settings settings(KafkaTestCluster cluster, String judgeUrl) {
    Map<String, String> settings = new HashMap<>(cluster.settings("worker"));
    settings.keySet().removeIf(key -> key.startsWith("tributary.streams."));
    settings.put("tributary.eval-worker.judge-base-url", judgeUrl);
    settings.put("tributary.eval-worker.judge-model", "judge-1");
    settings.put("tributary.eval-worker.content-wait", "0s");
    return Settings.of(settings, EvalWorkerConfig.allSettings());
  }
}
