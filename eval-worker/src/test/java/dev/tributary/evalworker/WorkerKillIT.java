package dev.tributary.evalworker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.embedded.registry.EmbeddedRegistry;
import dev.tributary.runtime.serde.SerdeOptions;
import dev.tributary.runtime.serde.TopicSerdes;
import dev.tributary.runtime.testing.ChildProcess;
import dev.tributary.runtime.testing.KafkaTestCluster;
import dev.tributary.runtime.testing.Seeds;
import dev.tributary.schemas.EvalJob;
import dev.tributary.schemas.EvalResult;
import dev.tributary.schemas.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A worker killed (SIGKILL) at each of its points: every job is answered once, and no judge is
 * asked twice about one trace by one evaluator version. The negative control loses the claims.
 */
class WorkerKillIT {
  private static final List<String> POINTS =
      List.of(
          FaultPoints.AFTER_POLL,
          FaultPoints.AFTER_CLAIM,
          FaultPoints.AFTER_JUDGE,
          FaultPoints.IN_TRANSACTION,
          FaultPoints.AFTER_COMMIT);
  private static final int JOBS = 24;
  private static final Duration WAIT = Duration.ofSeconds(60);

  private static KafkaTestCluster cluster;
  private static EmbeddedRegistry registry;
  private static TopicSerdes serdes;
  private static int number;

  @BeforeAll
  static void start() {
    cluster = KafkaTestCluster.start();
    registry = EmbeddedRegistry.start(new EmbeddedRegistry.Options(cluster.folder("registry"), 0));
    serdes = TopicSerdes.create(SerdeOptions.of(registry.url()));
    WorkerFixture.createTopics(cluster, 2);
  }

  @AfterAll
  static void stop() {
    serdes.close();
    registry.close();
    cluster.close();
  }

  @Test
  void killed_atEveryPoint_noTraceJudgedTwice() {
    Seeds.with(
        Seeds.one(),
        generator -> {
          try (FakeJudge judge = new FakeJudge()) {
            for (String point : POINTS) {
              List<EvalJob> jobs = dispatch();
              killAt(point, generator.between(0, 2), judge);
              finish(judge, jobs);
              assertThat(jobs)
                  .as("judged twice after a kill at " + point)
                  .allMatch(job -> judge.calls(job.getTraceId()) <= 1);
              assertThat(answers(jobs).values())
                  .as("answers after a kill at " + point)
                  .hasSize(JOBS)
                  .allMatch(count -> count == 1);
            }
          }
        });
  }

  /** Without claims a kill between judging and committing asks the judge again. */
  @Test
  void killed_withoutClaims_judgedTwice() {
    try (FakeJudge judge = new FakeJudge()) {
      List<EvalJob> jobs = dispatch();
      killAt(FaultPoints.AFTER_JUDGE, 0, judge, WorkerChildMain.WITHOUT_CLAIMS);
      finish(judge, jobs);

      assertThat(jobs).anyMatch(job -> judge.calls(job.getTraceId()) > 1);
    }
  }

  private static List<EvalJob> dispatch() {
    List<EvalJob> jobs = new ArrayList<>();
    for (int i = 0; i < JOBS; i++) {
      jobs.add(Jobs.job(++number, "judge", "faithfulness", WorkerFixture.nowUs()));
    }
    WorkerFixture.send(
        cluster.producer(
            serdes.key(Topics.EVAL_JOBS_JUDGE).serializer(),
            serdes.value(Topics.EVAL_JOBS_JUDGE).serializer()),
        Topics.EVAL_JOBS_JUDGE,
        jobs);
    return jobs;
  }

  private static void killAt(String point, int times, FakeJudge judge, String... more) {
    try (ChildProcess child = child(point, times, judge, more)) {
      child.awaitLine(WorkerChildMain.REACHED, WAIT);
      child.kill();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static void finish(FakeJudge judge, List<EvalJob> jobs) {
    try (ChildProcess child = child("never", 0, judge)) {
      Awaitility.await("every job answered")
          .atMost(WAIT)
          .pollInterval(Duration.ofMillis(200))
          .until(() -> answers(jobs).size() == jobs.size());
      child.terminate();
    }
  }

  private static Map<String, Integer> answers(List<EvalJob> jobs) {
    Map<String, Integer> answers = new TreeMap<>();
    List<ConsumerRecord<String, EvalResult>> records =
        cluster.read(
            Topics.EVAL_RESULTS.name(),
            serdes.key(Topics.EVAL_RESULTS).deserializer(),
            serdes.value(Topics.EVAL_RESULTS).deserializer(),
            "read_committed");
    List<String> ids = jobs.stream().map(EvalJob::getJobId).toList();
    records.forEach(
        record -> {
          if (ids.contains(record.value().getJobId())) {
            answers.merge(record.value().getJobId(), 1, Integer::sum);
          }
        });
    return answers;
  }

  private static ChildProcess child(String point, int times, FakeJudge judge, String... more) {
    List<String> arguments = new ArrayList<>(List.of(point, Integer.toString(times)));
    arguments.addAll(List.of(more));
    Map<String, String> settings = WorkerFixture.settings(cluster, judge);
    settings.put("tributary.registry.url", registry.url());
    settings.put("tributary.kafka.consumer.session.timeout.ms", "6000");
    settings.put("tributary.kafka.consumer.heartbeat.interval.ms", "500");
    settings.put("tributary.kafka.producer.transaction.timeout.ms", "3000");
    settings.forEach((key, value) -> arguments.add(key + "=" + value));
    return ChildProcess.start(WorkerChildMain.class, arguments.toArray(String[]::new));
  }
}
