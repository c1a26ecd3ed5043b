package dev.tributary.evaldispatch;

import dev.tributary.runtime.testing.ChildProcess;
import dev.tributary.schemas.EvalJob;
import dev.tributary.schemas.EvalRate;
import dev.tributary.schemas.Topic;
import dev.tributary.schemas.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/**
 * From a trace's close to its job as a worker sees it, on a real broker with the commit interval of
 * {@code ./tributary up}; prints, asserts nothing. Run it by name; {@code
 * -Dtributary.bench.seconds=30}.
 */
final class DispatchLatencyBench {
  private static final int SECONDS = Integer.getInteger("tributary.bench.seconds", 30);
  private static final String POLICY =
      """
      {type: eval, id: answers,
       evaluators: [{name: refusal}, {name: faithfulness, route: judge, cost: 0.01}],
       base_rate: 1, ceiling: {per_hour: 1000000}}
      """;

  @Test
  void latency_fromCloseToJob() throws Exception {
    try (DispatchRun run = new DispatchRun(POLICY);
        ChildProcess child = run.start(Map.of("tributary.streams.commit-interval", "200ms"));
        TraceFeed feed = new TraceFeed(run, 1)) {
      feed.warmUp();
      Awaitility.await("rates of both teams")
          .atMost(DispatchRun.TIMEOUT)
          .until(() -> run.rates().stream().map(EvalRate::getStratum).distinct().count() == 2);
      feed.start();
      for (Topic<String, EvalJob> topic : List.of(Topics.EVAL_JOBS_JUDGE, Topics.EVAL_JOBS_FAST)) {
        print(topic, latenciesMs(run, topic));
      }
    }
  }

  /** Of the jobs that come within half of the time; what came before is left out. */
  private static List<Long> latenciesMs(DispatchRun run, Topic<String, EvalJob> topic) {
    Properties properties = new Properties();
    properties.put("bootstrap.servers", run.bootstrapServers());
    properties.put("isolation.level", "read_committed");
    List<Long> latencies = new ArrayList<>();
    try (KafkaConsumer<String, EvalJob> consumer =
        new KafkaConsumer<>(
            properties,
            run.serdes().key(topic).deserializer(),
            run.serdes().value(topic).deserializer())) {
      List<TopicPartition> all =
          IntStream.range(0, DispatchRun.PARTITIONS)
              .mapToObj(partition -> new TopicPartition(topic.name(), partition))
              .toList();
      consumer.assign(all);
      consumer.seekToEnd(all);
      all.forEach(consumer::position);
      Map<String, Long> arrivedUs = new HashMap<>();
      long untilUs = run.nowUs() + SECONDS * 500_000L;
      while (run.nowUs() < untilUs) {
        for (ConsumerRecord<String, EvalJob> record : consumer.poll(Duration.ofMillis(10))) {
          arrivedUs.putIfAbsent(record.value().getTraceId(), run.nowUs());
        }
      }
      run.traces().stream()
          .filter(trace -> trace.getRevision() == 1)
          .forEach(
              trace -> {
                // A trace that came twice is decided at its first close.
                Long atUs = arrivedUs.remove(trace.getTraceId());
                if (atUs != null) {
                  latencies.add((atUs - trace.getClosedAtUs()) / 1_000);
                }
              });
    }
    latencies.sort(null);
    return latencies;
  }

  private static void print(Topic<?, ?> topic, List<Long> latencies) {
    System.out.printf(
        Locale.ROOT,
        "close to job, %s: %d jobs, p50 %d ms, p95 %d ms, p99 %d ms, most %d ms%n",
        topic.name(),
        latencies.size(),
        share(latencies, 0.5),
        share(latencies, 0.95),
        share(latencies, 0.99),
        share(latencies, 1));
  }

  /** By nearest rank. */
  private static long share(List<Long> sorted, double share) {
    return sorted.get((int) Math.ceil(share * sorted.size()) - 1);
  }
}
