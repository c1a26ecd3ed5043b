package dev.tributary.runtime.combine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.runtime.config.ProcessEnvironment;
import dev.tributary.runtime.testing.ChildProcess;
import dev.tributary.runtime.testing.Generator;
import dev.tributary.runtime.testing.KafkaTestCluster;
import dev.tributary.runtime.testing.Seeds;
import dev.tributary.schemas.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.LongDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The promise of {@link CombiningStore} on a real broker: a process killed by SIGKILL at seeded
 * moments loses nothing and doubles nothing. And two ways of breaking it, which must be noticed: a
 * drain by timer (platform: lost 15 % under kills) and at-least-once.
 *
 * <p>{@code -Dtributary.test.kills=40} is the long form.
 */
class CombiningStoreIT {
  private static final int PARTITIONS = 3;
  private static final Duration START_TIMEOUT = Duration.ofSeconds(60);
  private static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(60);

  private static KafkaTestCluster cluster;

  @BeforeAll
  static void start() {
    cluster = KafkaTestCluster.start();
    cluster.create(PARTITIONS, List.of(Topics.DLQ));
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  /** One kill may fall between two drains and harm nothing. */
  private static final int CONTROL_KILLS = 3;

  /** When a store is full, and how much output a kill waits for at most. */
  private enum Fill {
    /** Never: there are 60 keys. It is drained at commits only. */
    AT_COMMITS(100, 500),
    /**
     * After some dozen records, since a partition has about 20 keys: it is drained between commits
     * too.
     */
    OFTEN(10, 10_000);

    private final int maxEntries;
    private final int mostOutput;

    Fill(int maxEntries, int mostOutput) {
      this.maxEntries = maxEntries;
      this.mostOutput = mostOutput;
    }
  }

  @ParameterizedTest
  @EnumSource(Fill.class)
  void exactlyOnce_killedAtSeededMoments_sumsAreExact(Fill fill) throws Exception {
    String kills = ProcessEnvironment.current().property("tributary.test.kills");
    Run run =
        new Run("exact-" + fill.maxEntries + ".", "AT_COMMIT", "exactly_once_v2", "200ms", fill);

    Map<String, Long> found = run.withKills(kills == null ? 3 : Integer.parseInt(kills));

    assertThat(found).as("seed %d", run.seed).isEqualTo(run.sent());
    // It did combine: fewer records came out than went in.
    assertThat(run.outputRecords).as("seed %d", run.seed).isLessThan(run.sentRecords());
  }

  @Test
  void drainByTimer_killed_losesRecords() throws Exception {
    Run run = new Run("timer.", "BY_TIMER", "exactly_once_v2", "30ms", Fill.AT_COMMITS);

    long found = total(run.withKills(CONTROL_KILLS));

    assertThat(found).as("seed %d", run.seed).isLessThan(total(run.sent()));
  }

  @Test
  void atLeastOnce_killed_doublesRecords() throws Exception {
    // Drained all the time, while offsets are committed every 5 s: a kill repeats what lies
    // between.
    Run run = new Run("twice.", "AT_COMMIT", "at_least_once", "5s", Fill.OFTEN);

    long found = total(run.withKills(CONTROL_KILLS));

    assertThat(found).as("seed %d", run.seed).isGreaterThan(total(run.sent()));
  }

  private static long total(Map<String, Long> sums) {
    return sums.values().stream().mapToLong(Long::longValue).sum();
  }

  /** One application with topics of its own, fed all the time, killed and started again. */
  private static final class Run {
    private final String topics;
    private final int mostOutput;
    private final Map<String, String> settings = new HashMap<>();
    private final long seed = Seeds.one();
    private final Generator generator = new Generator(seed);
    private AmountFeed feed;
    private long outputRecords;

    Run(String topics, String drain, String guarantee, String commitInterval, Fill fill)
        throws InterruptedException {
      this.topics = topics;
      this.mostOutput = fill.mostOutput;
      settings.putAll(cluster.settings(topics + "state"));
      settings.put("tributary.topics.partitions", Integer.toString(PARTITIONS));
      settings.put("tributary.streams.application-id-prefix", topics + "run");
      settings.put("tributary.streams.processing-guarantee", guarantee);
      settings.put("tributary.streams.commit-interval", commitInterval);
      settings.put(CombineApp.TOPICS_KEY, topics);
      settings.put(CombineApp.DRAIN_KEY, drain);
      settings.put(CombineApp.MAX_ENTRIES_KEY, Integer.toString(fill.maxEntries));
      cluster.create(topics + CombineApp.INPUT, PARTITIONS);
      cluster.create(topics + CombineApp.OUTPUT, PARTITIONS);
    }

    Map<String, Long> sent() {
      return feed.sums();
    }

    long sentRecords() {
      return feed.count();
    }

    Map<String, Long> withKills(int kills) throws Exception {
      try (AmountFeed running = AmountFeed.start(cluster, topics + CombineApp.INPUT, seed)) {
        feed = running;
        for (int i = 0; i < kills; i++) {
          try (ChildProcess child = startChild()) {
            awaitOutput(generator.between(20, mostOutput));
            child.kill();
          }
        }
      }
      try (ChildProcess child = startChild()) {
        cluster.awaitDrained(topics + "run-combine", DRAIN_TIMEOUT);
        child.terminate();
        assertThat(child.awaitExit(DRAIN_TIMEOUT)).as(child.output()).isIn(0, 143);
      }
      return foundSums();
    }

    private ChildProcess startChild() throws InterruptedException {
      List<String> arguments = new ArrayList<>(List.of("-Xmx160m"));
      settings.forEach((key, value) -> arguments.add("-D" + key + "=" + value));
      ChildProcess child = ChildProcess.start(CombineApp.class, arguments, Map.of());
      child.awaitLine("now=\"RUNNING\"", START_TIMEOUT);
      return child;
    }

    /** A moment seeded by progress, so that a slow machine is killed at work as well. */
    private void awaitOutput(int records) throws Exception {
      long wanted = outputEnd() + records;
      Awaitility.await("output of " + records + " more records, seed " + seed)
          .atMost(START_TIMEOUT)
          .pollInterval(Duration.ofMillis(10))
          .until(() -> outputEnd() >= wanted);
    }

    private long outputEnd() throws Exception {
      Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
      for (int partition = 0; partition < PARTITIONS; partition++) {
        asked.put(new TopicPartition(topics + CombineApp.OUTPUT, partition), OffsetSpec.latest());
      }
      return cluster.admin().listOffsets(asked).all().get().values().stream()
          .mapToLong(end -> end.offset())
          .sum();
    }

    private Map<String, Long> foundSums() {
      Map<String, Long> sums = new TreeMap<>();
      List<ConsumerRecord<String, Long>> output =
          cluster.read(
              topics + CombineApp.OUTPUT,
              new StringDeserializer(),
              new LongDeserializer(),
              "read_committed");
      output.forEach(record -> sums.merge(record.key(), record.value(), Long::sum));
      outputRecords = output.size();
      return sums;
    }
  }
}
