package dev.tributary.evalworker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.evalworker.core.SpanText;
import dev.tributary.runtime.config.Settings;
import dev.tributary.runtime.run.RunOptions;
import dev.tributary.runtime.testing.ConservationCheck;
import dev.tributary.runtime.testing.KafkaTestCluster;
import dev.tributary.schemas.EvalJob;
import dev.tributary.schemas.Topic;
import dev.tributary.schemas.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** A defect ends the loop of the judges while the other one goes on. */
class EvalWorkerEndIT {
  private static final Duration WAIT = Duration.ofSeconds(60);

  @Test
  void oneLoopFails_workerEndsAsFailed_andWhatItHadTakenIsNotCounted() throws Exception {
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    try (KafkaTestCluster cluster = KafkaTestCluster.start();
        FakeJudge judge = new FakeJudge()) {
      WorkerFixture.createTopics(cluster, 1);
      send(cluster, Topics.EVAL_JOBS_FAST, Jobs.job(1, "fast", "refusal", WorkerFixture.nowUs()));
      try (EvalWorker worker =
          EvalWorker.start(
              settings(cluster, judge),
              RunOptions.of(meters).withSerdes(cluster.serdes()),
              EvalWorkerEndIT::content,
              FaultPoints.NONE,
              true)) {
        cluster.awaitRecords(Topics.EVAL_RESULTS, 1, WAIT);
        assertThat(worker.health().live()).isTrue();

        send(
            cluster,
            Topics.EVAL_JOBS_JUDGE,
            Jobs.job(2, "judge", "faithfulness", WorkerFixture.nowUs()));

        assertThat(end(worker)).isFalse();
        assertThat(worker.health().live()).isFalse();
      }
    }
    ConservationCheck counters = new ConservationCheck(meters, "eval-worker");
    counters.assertHolds();
    assertThat(counters.received()).isEqualTo(1);
  }

  /** A loop that is under way must not keep the other from hearing that it is to stop. */
  @Test
  void close_whileOneLoopIsUnderWay_endsTheOtherAtOnce() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    AtomicBoolean isOtherEnded = new AtomicBoolean();
    ContentSource untilTheOtherEnds =
        (tenant, traces) -> {
          Thread other = thread("eval-worker-judge");
          asked.countDown();
          other.join();
          isOtherEnded.set(true);
          return Map.of();
        };
    try (KafkaTestCluster cluster = KafkaTestCluster.start();
        FakeJudge judge = new FakeJudge()) {
      WorkerFixture.createTopics(cluster, 1);
      send(cluster, Topics.EVAL_JOBS_FAST, Jobs.job(1, "fast", "refusal", WorkerFixture.nowUs()));
      try (EvalWorker worker =
          EvalWorker.start(
              settings(cluster, judge),
              RunOptions.of(new SimpleMeterRegistry()).withSerdes(cluster.serdes()),
              untilTheOtherEnds,
              FaultPoints.NONE,
              true)) {
        assertThat(asked.await(WAIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(worker.health().live()).isTrue();
      }
    }
    assertThat(isOtherEnded).as("the loop under way was not interrupted").isTrue();
  }

  private static Thread thread(String name) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals(name))
        .findFirst()
        .orElseThrow();
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
    WorkerFixture.send(cluster.producer(topic), topic, List.of(job));
  }

  private static Settings settings(KafkaTestCluster cluster, FakeJudge judge) {
    Map<String, String> settings = WorkerFixture.settings(cluster, judge);
    settings.put("tributary.eval-worker.content-wait", "0s");
    return Settings.of(settings, EvalWorkerConfig.allSettings());
  }
}
