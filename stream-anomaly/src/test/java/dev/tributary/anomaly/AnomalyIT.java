package dev.tributary.anomaly;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.runtime.config.ProcessEnvironment;
import dev.tributary.runtime.config.Settings;
import dev.tributary.runtime.run.GroupLag;
import dev.tributary.runtime.run.RunOptions;
import dev.tributary.runtime.run.RunningApp;
import dev.tributary.runtime.run.StreamsProperties;
import dev.tributary.runtime.run.StreamsRunner;
import dev.tributary.runtime.testing.ChildProcess;
import dev.tributary.runtime.testing.Generator;
import dev.tributary.runtime.testing.KafkaTestCluster;
import dev.tributary.runtime.testing.Seeds;
import dev.tributary.schemas.Alert;
import dev.tributary.schemas.Topic;
import dev.tributary.schemas.Topics;
import dev.tributary.schemas.WindowRecord;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/**
 * Episodes and alerts on a real broker with three partitions. The application is killed by SIGKILL
 * at seeded moments of its work, or a second instance comes and the first one goes; what was said
 * in the end, key by key and in order, is what an undisturbed run of the same log says, and no
 * alert came twice. The same under at-least-once is not. {@code -Dtributary.test.kills=20} is the
 * long form.
 */
class AnomalyIT {
  private static final int PARTITIONS = 3;
  private static final Duration TIMEOUT = Duration.ofSeconds(120);

  /** Kills at most until one is seen to do harm. */
  private static final int TRIES = 6;

  private static final List<Topic<String, ?>> SAID =
      List.of(Topics.ANOMALIES, Topics.ALERTS, Topics.EVENTS, Topics.SIGNALS);

  private final long seed = Seeds.one();

  @Test
  void exactlyOnce_killed_saysWhatAnUndisturbedRunSays() throws Exception {
    String stated = ProcessEnvironment.current().property("tributary.test.kills");
    int kills = stated == null ? 2 : Integer.parseInt(stated);
    int steps = LogOfWindows.WARM + (1 + kills) * LogOfWindows.CYCLE;
    Undisturbed undisturbed = undisturbed(steps);

    try (Run run = new Run("exactly_once_v2", "100ms")) {
      run.feedAndKill(kills);
      run.feed(run.fed, steps);
      try (ChildProcess last = run.startChild()) {
        run.awaitDrained();
        assertThat(last.isAlive()).isTrue();
      }

      undisturbed.assertSameAs(run);
      assertThat(run.alertIds()).as("seed %d", seed).hasSizeGreaterThanOrEqualTo(2 * kills);
    }
  }

  /** Tasks move to a second instance, then all of them, amid the work. */
  @Test
  void exactlyOnce_scaledOutAndIn_saysWhatAnUndisturbedRunSays() throws Exception {
    int steps = LogOfWindows.WARM + 3 * LogOfWindows.CYCLE;
    Undisturbed undisturbed = undisturbed(steps);

    try (Run run = new Run("exactly_once_v2", "100ms")) {
      run.feed(0, LogOfWindows.WARM);
      try (ChildProcess first = run.startChild("first")) {
        run.feedAmidWork(LogOfWindows.CYCLE);
        try (ChildProcess second = run.startChild("second")) {
          run.feedAmidWork(LogOfWindows.CYCLE);
          first.terminate();
          assertThat(first.awaitExit(TIMEOUT)).as(first.output()).isIn(0, 143);
          run.feed(run.fed, steps);
          run.awaitDrained();
          assertThat(second.isAlive()).isTrue();
        }
      }

      undisturbed.assertSameAs(run);
      assertThat(run.alertIds()).as("seed %d", seed).hasSizeGreaterThanOrEqualTo(4);
    }
  }

  /**
   * The negative control. Whether a kill parts an alert from the memory of it hangs on which of the
   * two was on its way to the broker: several kills, until one has.
   */
  @Test
  void atLeastOnce_killed_tellsTwice() throws Exception {
    // Nothing is committed before a kill: what was told may not be remembered.
    try (Run run = new Run("at_least_once", "10m")) {
      run.feed(0, LogOfWindows.WARM);
      for (int kill = 0; kill < TRIES && !run.isToldTwice(); kill++) {
        run.feed(run.fed, run.fed + LogOfWindows.CYCLE);
        try (ChildProcess child = run.startChild()) {
          run.awaitAlerts(run.alertIds().size() + 1);
          child.kill();
        }
      }
      run.common.put("tributary.streams.commit-interval", "100ms");
      try (ChildProcess last = run.startChild()) {
        run.awaitDrained();
        assertThat(last.isAlive()).isTrue();
      }

      assertThat(run.isToldTwice()).as("%s, seed %d", run.alertIds(), seed).isTrue();
    }
  }

  private Undisturbed undisturbed(int steps) throws Exception {
    try (Run run = new Run("exactly_once_v2", "100ms")) {
      run.feed(0, steps);
      try (RunningApp app = run.startHere()) {
        run.awaitDrained();
        assertThat(app.failure()).isNull();
      }
      return new Undisturbed(seed, run.heard(), run.said());
    }
  }

  /** The log and what an instance says of it that reads it alone, from start to end. */
  private record Undisturbed(long seed, List<String> heard, Map<String, List<String>> said) {
    void assertSameAs(Run run) {
      assertThat(run.heard()).as("the same log, seed %d", seed).isEqualTo(heard);
      assertThat(run.said()).as("seed %d", seed).isEqualTo(said);
      assertThat(run.alertIds()).as("seed %d", seed).doesNotHaveDuplicates();
    }
  }

  /** A broker of its own, and what was fed to it. */
  private final class Run implements AutoCloseable {
    private final KafkaTestCluster cluster = KafkaTestCluster.start();
    private final Map<String, String> common = new HashMap<>();
    private final LogOfWindows log = new LogOfWindows(seed, PARTITIONS);
    private final Generator generator = new Generator(seed);
    private int fed;

    Run(String guarantee, String commitInterval) {
      common.put("tributary.topics.partitions", Integer.toString(PARTITIONS));
      common.put("tributary.streams.processing-guarantee", guarantee);
      common.put("tributary.streams.commit-interval", commitInterval);
      // A step is judged in slices, so that the application dies between them as well.
      common.put("tributary.anomaly.judged-at-once", "1");
      AnomalyChild.registerSchemas(cluster.settings("any").get("tributary.registry.url"));
      List<Topic<?, ?>> topics = new ArrayList<>(SAID);
      topics.addAll(List.of(Topics.WINDOWS, Topics.DLQ));
      cluster.create(PARTITIONS, topics);
      cluster.create(1, List.of(Topics.REF));
    }

    private Map<String, String> settings(String instance) {
      Map<String, String> settings = cluster.settings(instance);
      settings.putAll(common);
      return settings;
    }

    private Settings parsed() {
      return Settings.of(settings("here"), AnomalyMain.APP.allSettings());
    }

    RunningApp startHere() {
      return StreamsRunner.start(
          AnomalyMain.APP, parsed(), RunOptions.of(new SimpleMeterRegistry()));
    }

    /** The same folder each time: what a killed instance left behind is found by the next. */
    ChildProcess startChild() throws InterruptedException {
      return startChild("killed");
    }

    ChildProcess startChild(String instance) throws InterruptedException {
      Map<String, String> settings = settings(instance);
      List<String> arguments = new ArrayList<>(List.of("-Xmx200m"));
      settings.forEach((key, value) -> arguments.add("-D" + key + "=" + value));
      ChildProcess child =
          ChildProcess.start(
              AnomalyChild.class, arguments, Map.of(), settings.get("tributary.registry.url"));
      try {
        child.awaitLine("now=\"RUNNING\"", TIMEOUT);
      } catch (AssertionError e) {
        child.close();
        throw e;
      }
      return child;
    }

    void feed(int from, int until) {
      try (KafkaProducer<String, WindowRecord> producer = cluster.producer(Topics.WINDOWS)) {
        for (int step = from; step < until; step++) {
          log.step(step).forEach(producer::send);
          // No window may come behind the end of its minute, however often a send is repeated.
          producer.flush();
        }
      }
      fed = until;
    }

    /** Each time the log grows by some steps of trouble, and the application dies in them. */
    void feedAndKill(int kills) throws Exception {
      feed(0, LogOfWindows.WARM);
      for (int i = 0; i < kills; i++) {
        try (ChildProcess child = startChild()) {
          awaitDrained();
          feedAmidWork(generator.between(8, LogOfWindows.CYCLE));
          child.kill();
        }
      }
    }

    /**
     * Feeds some steps and returns while the application is at work on them: seeded by what it has
     * said, so that it is so on a slow machine as well.
     */
    void feedAmidWork(int steps) {
      int before = said().get("anomalies").size();
      feed(fed, fed + steps);
      int wanted = before + generator.between(1, 6);
      Awaitility.await("more said, seed " + seed)
          .atMost(TIMEOUT)
          .pollInterval(Duration.ofMillis(10))
          .until(() -> said().get("anomalies").size() >= wanted || isDrained());
    }

    private String group() {
      return StreamsProperties.applicationId(AnomalyMain.APP.name(), parsed());
    }

    private boolean isDrained() {
      Map<?, Long> lag = GroupLag.of(cluster.admin(), group());
      return !lag.isEmpty() && lag.values().stream().allMatch(behind -> behind == 0);
    }

    void awaitDrained() {
      cluster.awaitDrained(group(), TIMEOUT);
    }

    void awaitAlerts(int atLeast) {
      cluster.awaitRecords(Topics.ALERTS, atLeast, TIMEOUT);
    }

    List<String> alertIds() {
      return cluster.read(Topics.ALERTS).stream()
          .map(ConsumerRecord::value)
          .map(Alert::getAlertId)
          .toList();
    }

    boolean isToldTwice() {
      List<String> ids = alertIds();
      return ids.size() > ids.stream().distinct().count();
    }

    /** The log that was fed, by partition. */
    List<String> heard() {
      return cluster.read(Topics.WINDOWS).stream()
          .map(record -> record.partition() + " " + record.key() + " " + record.value())
          .toList();
    }

    /** All that was said, in order within a key. */
    Map<String, List<String>> said() {
      Map<String, List<String>> said = new TreeMap<>();
      for (Topic<String, ?> topic : SAID) {
        List<String> all = said.computeIfAbsent(name(topic), name -> new ArrayList<>());
        for (ConsumerRecord<String, ?> record : cluster.read(topic)) {
          all.add(record.key() + " " + record.timestamp() + " " + record.value());
        }
      }
      return said;
    }

    private static String name(Topic<String, ?> topic) {
      return topic.name().replaceAll("^llm\\.|\\.v\\d+$", "");
    }

    @Override
    public void close() {
      cluster.close();
    }
  }
}
