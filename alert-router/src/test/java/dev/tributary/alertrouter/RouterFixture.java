package dev.tributary.alertrouter;

import dev.tributary.embedded.registry.EmbeddedRegistry;
import dev.tributary.runtime.config.Settings;
import dev.tributary.runtime.run.RunOptions;
import dev.tributary.runtime.serde.SerdeOptions;
import dev.tributary.runtime.serde.TopicSerdes;
import dev.tributary.runtime.testing.KafkaTestCluster;
import dev.tributary.schemas.Alert;
import dev.tributary.schemas.AlertDelivery;
import dev.tributary.schemas.Anomaly;
import dev.tributary.schemas.Cause;
import dev.tributary.schemas.Keys;
import dev.tributary.schemas.Manifest;
import dev.tributary.schemas.Reference;
import dev.tributary.schemas.ReferenceKind;
import dev.tributary.schemas.ReferenceRow;
import dev.tributary.schemas.Topic;
import dev.tributary.schemas.Topics;
import io.micrometer.core.instrument.MeterRegistry;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** A broker, a registry, and alerts to write. Child processes can use both. */
final class RouterFixture implements AutoCloseable {
  static final int PARTITIONS = 2;

  private final KafkaTestCluster cluster;
  private final EmbeddedRegistry registry;
  private final TopicSerdes serdes;

  private RouterFixture(KafkaTestCluster cluster, EmbeddedRegistry registry) {
    this.cluster = cluster;
    this.registry = registry;
    this.serdes = TopicSerdes.create(SerdeOptions.of(registry.url()));
  }

  static RouterFixture start() {
    KafkaTestCluster cluster = KafkaTestCluster.start();
    cluster.create(
        PARTITIONS, List.of(Topics.ALERTS, Topics.ALERT_DELIVERIES, Topics.DLQ, Topics.REF));
    EmbeddedRegistry registry =
        EmbeddedRegistry.start(new EmbeddedRegistry.Options(cluster.folder("registry"), 0));
    return new RouterFixture(cluster, registry);
  }

  KafkaTestCluster cluster() {
    return cluster;
  }

  /** Settings of a router with one route; other settings may win. */
  Map<String, String> settings(String name, String kind, String url) {
    Map<String, String> settings = new HashMap<>();
    settings.put("tributary.broker.bootstrap-servers", cluster.bootstrapServers());
    settings.put("tributary.registry.url", registry.url());
    settings.put("tributary.alerts.group", "router-" + name);
    settings.put("tributary.alerts.route." + name + ".kind", kind);
    settings.put("tributary.alerts.route." + name + ".url", url);
    settings.put("tributary.alerts.request-timeout", "1s");
    settings.put("tributary.alerts.retry-first", "100ms");
    settings.put("tributary.alerts.retry-most", "500ms");
    settings.put("tributary.alerts.merge-window", "0s");
    // A killed member's place is free at once for its successor.
    settings.put("tributary.kafka.consumer.group.instance.id", name);
    return settings;
  }

  AlertRouter router(Map<String, String> settings, MeterRegistry meters) {
    return AlertRouter.start(
        Settings.of(settings, AlertRouterConfig.allSettings()), RunOptions.of(meters));
  }

  /** Writes alerts and waits until they are there. */
  void write(Alert... alerts) throws Exception {
    try (KafkaProducer<String, Alert> producer =
        cluster.producer(
            serdes.key(Topics.ALERTS).serializer(), serdes.value(Topics.ALERTS).serializer())) {
      for (Alert alert : alerts) {
        producer
            .send(
                new ProducerRecord<>(
                    Topics.ALERTS.name(), Keys.team(alert.getTenant(), alert.getTeam()), alert))
            .get();
      }
    }
  }

  void writeUndecodable(String key) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer =
        cluster.producer(
            serdes.key(Topics.DLQ).serializer(), serdes.value(Topics.DLQ).serializer())) {
      producer
          .send(
              new ProducerRecord<>(
                  Topics.ALERTS.name(), key.getBytes(StandardCharsets.UTF_8), new byte[] {1, 2}))
          .get();
    }
  }

  /** Publishes rows of one kind by id, as a version of their own. */
  void publish(long version, ReferenceKind kind, Map<String, String> payloads) throws Exception {
    try (KafkaProducer<String, Reference> producer =
        cluster.producer(
            serdes.key(Topics.REF).serializer(), serdes.value(Topics.REF).serializer())) {
      for (Map.Entry<String, String> row : payloads.entrySet()) {
        Reference reference =
            Reference.newBuilder()
                .setTenant("default")
                .setKind(kind)
                .setId(row.getKey())
                .setTimeline(
                    List.of(
                        ReferenceRow.newBuilder()
                            .setAddedIn(version)
                            .setPayloadJson(row.getValue())
                            .build()))
                .build();
        send(producer, reference);
      }
      send(
          producer,
          Reference.newBuilder()
              .setTenant("default")
              .setKind(ReferenceKind.MANIFEST)
              .setId("reference")
              .setManifest(manifest(version, payloads.size()))
              .build());
    }
  }

  static Manifest manifest(long version, int rows) {
    return Manifest.newBuilder()
        .setVersion(version)
        .setLabel("v" + version)
        .setRowCount(rows)
        .setSha256("")
        .setPublishedAtUs(0)
        .build();
  }

  private static void send(KafkaProducer<String, Reference> producer, Reference reference)
      throws Exception {
    producer
        .send(
            new ProducerRecord<>(
                Topics.REF.name(),
                Keys.reference(reference.getTenant(), reference.getKind(), reference.getId()),
                reference))
        .get();
  }

  /** What the router has written down for a route, in the order of partitions and offsets. */
  List<AlertDelivery> deliveries(String route) {
    List<AlertDelivery> found = new ArrayList<>();
    for (ConsumerRecord<String, AlertDelivery> record :
        cluster.read(
            Topics.ALERT_DELIVERIES.name(),
            new StringDeserializer(),
            serdes.value(Topics.ALERT_DELIVERIES).deserializer(),
            "read_committed")) {
      if (record.value().getRoute().equals(route)) {
        found.add(record.value());
      }
    }
    return found;
  }

  List<ConsumerRecord<byte[], byte[]>> deadLetters() {
    Topic<byte[], byte[]> topic = Topics.DLQ;
    return cluster.read(
        topic.name(), new ByteArrayDeserializer(), new ByteArrayDeserializer(), "read_committed");
  }

  static Alert alert(String episode, String state, String... routes) {
    return alert(episode, state, "support", Instant.now(), routes);
  }

  static Alert alert(
      String episode, String state, String team, Instant createdAt, String... routes) {
    long us = ChronoUnit.MICROS.between(Instant.EPOCH, createdAt);
    return Alert.newBuilder()
        .setTenant("default")
        .setAlertId(episode + "-" + state)
        .setTeam(team)
        .setRoutes(List.of(routes))
        .setSeverity("warning")
        .setTitle("support-answer costs 2.7x its baseline")
        .setCreatedAtUs(us)
        .setEpisode(
            Anomaly.newBuilder()
                .setTenant("default")
                .setEpisodeId(episode)
                .setRevision(1)
                .setState(state)
                .setEnvironment("production")
                .setSeries("feature=support-answer")
                .setMetric("cost_usd")
                .setDimensions(Map.of("feature", "support-answer"))
                .setOpenedAtUs(us - 120_000_000)
                .setWindowStartUs(us - 60_000_000)
                .setObserved(2.7)
                .setBaseline(1.0)
                .setFactor(2.7)
                .setScore(0.99)
                .setMoneySoFar(new BigDecimal("41.000000000000000000"))
                .setCauses(
                    List.of(
                        Cause.newBuilder()
                            .setDriver("tokens_per_call")
                            .setSlice(Map.of("workspace", "acme"))
                            .setShare(0.8)
                            .build()))
                .setExampleTraceIds(List.of("0af7651916cd43dd8448eb211c80319c"))
                .setSentence("support-answer costs 2.7x its Friday 14:00 baseline")
                .build())
        .build();
  }

  @Override
  public void close() {
    serdes.close();
    registry.close();
    cluster.close();
  }
}
