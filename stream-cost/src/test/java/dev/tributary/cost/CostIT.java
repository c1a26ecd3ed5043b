package dev.tributary.cost;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.runtime.config.ProcessEnvironment;
import dev.tributary.runtime.config.Settings;
import dev.tributary.runtime.run.RunOptions;
import dev.tributary.runtime.run.RunningApp;
import dev.tributary.runtime.run.StreamsRunner;
import dev.tributary.runtime.testing.ChildProcess;
import dev.tributary.runtime.testing.Generator;
import dev.tributary.runtime.testing.KafkaTestCluster;
import dev.tributary.runtime.testing.Seeds;
import dev.tributary.schemas.MinuteClosed;
import dev.tributary.schemas.Reference;
import dev.tributary.schemas.Topics;
import dev.tributary.schemas.WindowRecord;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.KafkaStreams.State;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/**
 * Windows on a real broker with three partitions. Instances are killed by SIGKILL at seeded moments
 * while the ledger is fed; afterwards the highest revision of every window, summed by grouping set,
 * is the ledger to the last digit. The same under at-least-once is not.
 *
 * <p>What is compared is only what came before the last {@code MinuteClosed} of each partition, so
 * the order "windows first" is part of the promise. {@code -Dtributary.test.kills=20} is the long
 * form.
 */
class CostIT {
  private static final int PARTITIONS = 3;
  private static final Duration TIMEOUT = Duration.ofSeconds(120);

  /** So little that the shortest feed spends it. */
  private static final BigDecimal BUDGET = new BigDecimal("0.001");

  @Test
  void exactlyOnce_twoInstancesAndKills_windowsAreTheLedger() throws Exception {
    String kills = ProcessEnvironment.current().property("tributary.test.kills");
    try (Run run = new Run("exactly_once_v2", "100ms", "20000")) {
      try (RunningApp survivor = run.startHere()) {
        run.feedAndKill(kills == null ? 3 : Integer.parseInt(kills));
        run.awaitLastMinute();
        run.awaitScores();
        assertThat(run.feed.spendOfChat()).as("seed %d", run.seed).isGreaterThan(BUDGET);
        assertThat(run.awaitSpend(run.feed.spendOfChat())).as("seed %d", run.seed).isTrue();
        assertThat(survivor.state()).as("seed %d", run.seed).isEqualTo(State.RUNNING);
      }

      assertThat(run.found()).as("seed %d", run.seed).isEqualTo(run.feed.totals());
      assertThat(run.allWindows().scores("team"))
          .as("seed %d", run.seed)
          .isEqualTo(run.feed.scoreTotals());
      assertThat(run.crossings()).as("seed %d", run.seed).containsExactly("100", "50", "80");
    }
  }

  @Test
  void atLeastOnce_killed_windowsAreNotTheLedger() throws Exception {
    // Small stores drain early, offsets are committed every 3 s: a kill repeats what lies between.
    try (Run run = new Run("at_least_once", "3s", "30")) {
      run.feedAndKill(2);
      try (ChildProcess last = run.startChild("last")) {
        run.awaitLastMinute();
      }

      BigDecimal found = run.found().get("feature").get("lines");
      assertThat(found)
          .as("seed %d", run.seed)
          .isGreaterThan(run.feed.totals().get("feature").get("lines"));
    }
  }

  /** A broker of its own, an application, and what was fed to it. */
  private static final class Run implements AutoCloseable {
    private final KafkaTestCluster cluster = KafkaTestCluster.start();
    private final Map<String, String> common = new HashMap<>();
    private final long seed = Seeds.one();
    private final Generator generator = new Generator(seed);
    private LedgerFeed feed;
    private LatestWindows latest;

    Run(String guarantee, String commitInterval, String maxParts) {
      common.put("tributary.topics.partitions", Integer.toString(PARTITIONS));
      common.put("tributary.streams.processing-guarantee", guarantee);
      common.put("tributary.streams.commit-interval", commitInterval);
      common.put("tributary.cost.combine-max-parts", maxParts);
      common.put("tributary.cost.tick", "1s");
      // Few, so that most cells are small ones that are added up.
      common.put("tributary.cost.cells-per-feature", "5");
      // Nobody is left out however slow the machine is: the last minute closes when all are done.
      common.put("tributary.cost.source-silence", "1h");
      CostChild.registerSchemas(cluster.settings("any").get("tributary.registry.url"));
      cluster.create(
          PARTITIONS,
          List.of(
              Topics.LEDGER,
              Topics.SCORES,
              Topics.WINDOWS,
              Topics.SIGNALS,
              Topics.EVENTS,
              Topics.DLQ));
      cluster.create(1, List.of(Topics.REF));
      try (KafkaProducer<String, Reference> references = cluster.producer(Topics.REF)) {
        BudgetRows.of(
                "{id: chat, scope: {feature: chat}, period: month, amount: " + BUDGET + "}", 1)
            .forEach(
                (key, row) ->
                    references.send(new ProducerRecord<>(Topics.REF.name(), 0, key, row)));
      }
    }

    private Map<String, String> settings(String instance) {
      Map<String, String> settings = cluster.settings(instance);
      settings.putAll(common);
      return settings;
    }

    RunningApp startHere() {
      Settings settings = Settings.of(settings("survivor"), CostMain.APP.allSettings());
      return StreamsRunner.start(CostMain.APP, settings, RunOptions.of(new SimpleMeterRegistry()));
    }

    ChildProcess startChild(String instance) throws InterruptedException {
      Map<String, String> settings = settings(instance);
      List<String> arguments = new ArrayList<>(List.of("-Xmx200m"));
      settings.forEach((key, value) -> arguments.add("-D" + key + "=" + value));
      ChildProcess child =
          ChildProcess.start(
              CostChild.class, arguments, Map.of(), settings.get("tributary.registry.url"));
      child.awaitLine("now=\"RUNNING\"", TIMEOUT);
      return child;
    }

    void feedAndKill(int kills) throws Exception {
      try (LedgerFeed running = LedgerFeed.start(cluster, PARTITIONS, seed)) {
        feed = running;
        for (int i = 0; i < kills; i++) {
          // The same folder each time: what a killed instance left behind is found by the next.
          try (ChildProcess child = startChild("killed")) {
            awaitOutput(generator.between(50, 400));
            child.kill();
          }
        }
      }
    }

    /** A moment seeded by progress, so that a slow machine is killed at work as well. */
    private void awaitOutput(int records) throws Exception {
      long wanted = outputEnd() + records;
      Awaitility.await(records + " more windows, seed " + seed)
          .atMost(TIMEOUT)
          .pollInterval(Duration.ofMillis(20))
          .until(() -> outputEnd() >= wanted);
    }

    private long outputEnd() throws Exception {
      Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
      for (int partition = 0; partition < PARTITIONS; partition++) {
        asked.put(new TopicPartition(Topics.WINDOWS.name(), partition), OffsetSpec.latest());
      }
      return cluster.admin().listOffsets(asked).all().get().values().stream()
          .mapToLong(end -> end.offset())
          .sum();
    }

    void awaitLastMinute() {
      latest =
          Awaitility.await("the last minute on every partition, seed " + seed)
              .atMost(TIMEOUT)
              .pollInterval(Duration.ofMillis(500))
              .until(this::untilLastMinute, found -> found.minutes().size() == PARTITIONS);
    }

    /** Windows up to the last minute of each partition; only the last minutes are kept. */
    private LatestWindows untilLastMinute() {
      LatestWindows windows = new LatestWindows();
      Set<Integer> ended = new HashSet<>();
      for (ConsumerRecord<String, WindowRecord> record : cluster.read(Topics.WINDOWS)) {
        if (ended.contains(record.partition())) {
          continue;
        }
        if (record.value().getBody() instanceof MinuteClosed closed) {
          assertThat(closed.getPartition()).isEqualTo(record.partition());
          if (closed.getClosedUntilUs() < LedgerFeed.LAST_US - 180_000_000) {
            continue;
          }
          ended.add(record.partition());
        }
        windows.read(record.value());
      }
      return windows;
    }

    /** Scores move no clock: they may come after the last minute, in a revision of its window. */
    void awaitScores() {
      Map<String, BigDecimal> wanted = feed.scoreTotals();
      Awaitility.await("all scores, seed " + seed)
          .atMost(TIMEOUT)
          .pollInterval(Duration.ofMillis(500))
          .untilAsserted(() -> assertThat(allWindows().scores("team")).isEqualTo(wanted));
    }

    /** All that was published. */
    LatestWindows allWindows() {
      LatestWindows windows = new LatestWindows();
      cluster.read(Topics.WINDOWS).forEach(record -> windows.read(record.value()));
      return windows;
    }

    /** Whether the budget comes to stand at this spend. */
    boolean awaitSpend(BigDecimal wanted) {
      return Awaitility.await("a budget at " + wanted + ", seed " + seed)
          .atMost(TIMEOUT)
          .pollInterval(Duration.ofMillis(500))
          .until(
              () ->
                  cluster.read(Topics.SIGNALS).stream()
                      .reduce((before, after) -> after)
                      .filter(last -> last.value().getValue().compareTo(wanted) == 0)
                      .isPresent(),
              stands -> stands);
    }

    /** Thresholds that were crossed, each as often as it was told. */
    List<String> crossings() {
      return cluster.read(Topics.EVENTS).stream()
          .filter(event -> event.value().getKind().equals(BudgetRecords.CROSSED))
          .map(event -> event.value().getDetail().get("threshold"))
          .sorted()
          .toList();
    }

    Map<String, Map<String, BigDecimal>> found() {
      return latest.totals();
    }

    @Override
    public void close() {
      cluster.close();
    }
  }
}
