package dev.tributary.runtime.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.runtime.config.Settings;
import dev.tributary.runtime.errors.DeadLetters;
import dev.tributary.runtime.health.HealthServer;
import dev.tributary.runtime.testing.ChildProcess;
import dev.tributary.runtime.testing.ConservationCheck;
import dev.tributary.runtime.testing.KafkaTestCluster;
import dev.tributary.schemas.Topics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.streams.KafkaStreams;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The runner against a real broker, in this process and in one of its own. */
class StreamsRunnerIT {
  private static final int PARTITIONS = 2;
  private static final Duration LONG = Duration.ofSeconds(60);

  private static KafkaTestCluster cluster;

  @BeforeAll
  static void start() {
    cluster = KafkaTestCluster.start();
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  /** Text that cannot be decoded must not stop the good records behind it, and must be kept. */
  @Test
  void poison_isKeptInDeadLettersExactlyOnceAndTheRestGoesOn() throws Exception {
    Map<String, String> given = settings("poison.");
    given.put("tributary.topics.create", "true");
    PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    try (HealthServer health = HealthServer.start("127.0.0.1", 0, meters);
        RunningApp running =
            StreamsRunner.start(
                EchoApp.APP, load(given), RunOptions.of(meters).withHealth(health))) {
      running.awaitRunning(LONG);
      assertThat(get(health, "/ready")).isEqualTo("echo: ok, state RUNNING\n");
      for (int i = 0; i < 20; i++) {
        send("poison.", i % 5 == 0 ? "poison " + i : "good " + i);
      }
      cluster.awaitDrained("poison.-echo", LONG);

      assertThat(read("poison." + Topics.OTLP_LOGS.name())).hasSize(16);
      List<ConsumerRecord<byte[], byte[]>> letters = read("poison." + Topics.DLQ.name());
      assertThat(letters).hasSize(4);
      assertThat(letters)
          .allSatisfy(
              letter -> {
                assertThat(text(letter.value())).startsWith("poison ");
                assertThat(header(letter, DeadLetters.REASON)).isEqualTo("OTLP_TRUNCATED");
                assertThat(header(letter, DeadLetters.TOPIC))
                    .isEqualTo("poison." + Topics.OTLP_SPANS.name());
              });
      new ConservationCheck(meters, "echo").assertHolds();
      assertThat(running.status().activeTasks()).isEqualTo(PARTITIONS);
      assertThat(get(health, "/metrics"))
          .contains("tributary_received_total{module=\"echo\"")
          .contains("kafka_stream");
    }
  }

  @Test
  void topics_missingOrOfAnotherCount_areNamedBeforeTheStart() throws Exception {
    Map<String, String> given = settings("missing.");
    PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    cluster.create("missing." + Topics.OTLP_SPANS.name(), PARTITIONS + 1);

    assertThatThrownBy(() -> StreamsRunner.start(EchoApp.APP, load(given), RunOptions.of(meters)))
        .isInstanceOf(TopicException.class)
        .hasMessageContaining("missing.otlp_spans has 3 partitions, not 2")
        .hasMessageContaining("missing.otlp_logs does not exist")
        .hasMessageContaining("missing.llm.dlq does not exist");
  }

  @Test
  void coPartitionedTopics_ofDifferentCounts_areNamed() throws Exception {
    Map<String, String> given = settings("co.");
    try (TopicAdmin admin = TopicAdmin.of(load(given))) {
      admin.create(List.of(Topics.SPANS));
      cluster.create("co." + Topics.LEDGER.name(), PARTITIONS + 1);

      // A topic that was made is not known to the broker at once.
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(
              () ->
                  assertThatThrownBy(() -> admin.check(List.of(Topics.SPANS), Topics.all()))
                      .isInstanceOf(TopicException.class)
                      .hasMessageContaining("co-partitioned by trace")
                      .hasMessageContaining("co.llm.ledger.v1=3")
                      .hasMessageContaining("co.llm.spans.v1=2"));
    }
  }

  @Test
  void bug_stopsTheApplicationAndItsHealth() throws Exception {
    Map<String, String> given = settings("bug.");
    given.put("tributary.topics.create", "true");
    PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    try (RunningApp running =
        StreamsRunner.start(EchoApp.APP, load(given), RunOptions.of(meters))) {
      running.awaitRunning(LONG);
      send("bug.", "bug");

      assertThat(running.awaitEnd()).isEqualTo(ExitCode.FAILED);
      assertThat(running.failure()).contains("IllegalStateException").doesNotContain("a bug");
      assertThat(running.health().live()).isFalse();
      assertThat(running.state())
          .isIn(
              KafkaStreams.State.NOT_RUNNING,
              KafkaStreams.State.ERROR,
              KafkaStreams.State.PENDING_ERROR,
              KafkaStreams.State.PENDING_SHUTDOWN);
    }
  }

  @Test
  void process_exitCodes() throws Exception {
    Map<String, String> given = settings("codes.");
    given.put("tributary.health.prt", "1");
    try (ChildProcess child = child(given)) {
      assertThat(child.awaitExit(LONG)).isEqualTo(ExitCode.CONFIGURATION.code());
      assertThat(child.output())
          .contains("tributary.health.prt")
          .contains("did you mean tributary.health.port?");
    }
    given.remove("tributary.health.prt");
    try (ChildProcess child = child(given)) {
      assertThat(child.awaitExit(LONG)).isEqualTo(ExitCode.TOPICS.code());
      assertThat(child.output()).contains("codes.otlp_spans does not exist");
    }
    given.put("tributary.topics.create", "true");
    try (ChildProcess child = child(given)) {
      child.awaitLine("now=\"RUNNING\"", LONG);
      send("codes.", "bug");
      assertThat(child.awaitExit(LONG)).isEqualTo(ExitCode.FAILED.code());
      assertThat(child.output()).contains("uncaught fault: the application stops");
    }
  }

  private static Map<String, String> settings(String prefix) {
    Map<String, String> settings = new HashMap<>(cluster.settings(prefix + "state"));
    settings.put("tributary.topics.prefix", prefix);
    settings.put("tributary.topics.partitions", Integer.toString(PARTITIONS));
    settings.put("tributary.streams.application-id-prefix", prefix);
    return settings;
  }

  private static Settings load(Map<String, String> given) {
    return Settings.of(given, EchoApp.APP.allSettings());
  }

  private static ChildProcess child(Map<String, String> settings) {
    List<String> arguments = new ArrayList<>(List.of("-Xmx160m"));
    settings.forEach((key, value) -> arguments.add("-D" + key + "=" + value));
    return ChildProcess.start(EchoApp.class, arguments, Map.of());
  }

  private static void send(String prefix, String value) {
    try (KafkaProducer<byte[], byte[]> producer = cluster.producer(Topics.OTLP_SPANS)) {
      producer.send(
          new ProducerRecord<>(
              prefix + Topics.OTLP_SPANS.name(), value.getBytes(StandardCharsets.UTF_8)));
    }
  }

  private static List<ConsumerRecord<byte[], byte[]>> read(String topic) {
    return cluster.read(
        topic,
        cluster.serdes().key(Topics.DLQ).deserializer(),
        cluster.serdes().value(Topics.DLQ).deserializer(),
        "read_committed");
  }

  private static String get(HealthServer health, String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + health.port() + path);
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
        .body();
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    return text(record.headers().lastHeader(name).value());
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
