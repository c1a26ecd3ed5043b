package dev.tributary.evalworker;

import dev.tributary.runtime.testing.KafkaTestCluster;
import dev.tributary.schemas.EvalJob;
import dev.tributary.schemas.Keys;
import dev.tributary.schemas.Topic;
import dev.tributary.schemas.Topics;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** What a worker of a test stands on: its topics, and the settings that lead to them. */
final class WorkerFixture {
  private WorkerFixture() {}

  static long nowUs() {
    return Clock.systemUTC().millis() * 1_000;
  }

  static void createTopics(KafkaTestCluster cluster, int partitions) {
    cluster.create(
        partitions,
        List.of(
            Topics.EVAL_JOBS_FAST,
            Topics.EVAL_JOBS_JUDGE,
            Topics.EVAL_RESULTS,
            Topics.OTLP_SPANS,
            Topics.DLQ));
  }

  /** Settings of a worker, which has no streams, on the cluster and with the judge; to add to. */
  static Map<String, String> settings(KafkaTestCluster cluster, FakeJudge judge) {
    Map<String, String> settings = new TreeMap<>(cluster.settings("worker"));
    settings.keySet().removeIf(key -> key.startsWith("tributary.streams."));
    settings.put("tributary.eval-worker.judge-base-url", judge.url());
    settings.put("tributary.eval-worker.judge-model", "judge-1");
    return settings;
  }

  /** Sends jobs as the dispatch does, and closes the producer, so that all have arrived. */
  static void send(
      KafkaProducer<String, EvalJob> producer, Topic<String, EvalJob> topic, List<EvalJob> jobs) {
    try (producer) {
      for (EvalJob job : jobs) {
        producer.send(
            new ProducerRecord<>(topic.name(), Keys.trace(job.getTenant(), job.getTraceId()), job));
      }
    }
  }
}
