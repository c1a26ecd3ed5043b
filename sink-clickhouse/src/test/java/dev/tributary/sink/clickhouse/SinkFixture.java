package dev.tributary.sink.clickhouse;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.clickhouse.client.api.Client;
import com.clickhouse.client.api.query.GenericRecord;
import dev.tributary.embedded.clickhouse.ChdbLibrary;
import dev.tributary.embedded.clickhouse.EmbeddedClickHouse;
import dev.tributary.embedded.kafka.EmbeddedBroker;
import dev.tributary.runtime.config.Settings;
import dev.tributary.runtime.run.RunOptions;
import dev.tributary.runtime.serde.InMemoryRegistry;
import dev.tributary.runtime.serde.SerdeOptions;
import dev.tributary.runtime.serde.TopicSerdes;
import dev.tributary.schemas.Topic;
import dev.tributary.schemas.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A real broker and the real engine, topics, and what the sink needs to run against them. */
final class SinkFixture implements AutoCloseable {
  static final String REGISTRY = "mock://sink";
  static final String DATABASE = "sink_test";

  private final Path folder;
  private final EmbeddedBroker broker;
  private final Map<String, String> extra = new HashMap<>();
  private EmbeddedClickHouse clickHouse;
  private Client client;

  private SinkFixture(Path folder, int partitions) {
    this.folder = folder;
    this.broker = EmbeddedBroker.start(new EmbeddedBroker.Options(folder.resolve("kafka"), 0));
    startClickHouse(0);
    createTopics(partitions);
    registerSchemas();
  }

  /** Starts broker and engine; skips the test where the engine cannot run. */
  static SinkFixture start(int partitions) {
    Optional<String> reason = ChdbLibrary.unsupportedReason();
    assumeTrue(reason.isEmpty(), () -> reason.orElse(""));
    try {
      return new SinkFixture(Files.createTempDirectory("sink-it"), partitions);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void startClickHouse(int port) {
    clickHouse =
        EmbeddedClickHouse.start(
            EmbeddedClickHouse.Options.at(folder.resolve("clickhouse")).withPort(port));
    client =
        new Client.Builder()
            .addEndpoint(clickHouse.httpUrl().toString())
            .setUsername("default")
            .setPassword("")
            .build();
  }

  EmbeddedClickHouse clickHouse() {
    return clickHouse;
  }

  void stopClickHouse() {
    client.close();
    clickHouse.close();
  }

  /** Registers every schema in a fixed order, so that every JVM gives them the same ids. */
  static void registerSchemas() {
    for (Topic<?, ?> topic : Topics.all()) {
      if (SpecificRecord.class.isAssignableFrom(topic.value())) {
        Schema schema = SpecificData.get().getSchema(topic.value());
        InMemoryRegistry.shared("sink").register(topic.name() + "-value", schema.toString());
      }
    }
  }

  private void createTopics(int partitions) {
    try (Admin admin = Admin.create(properties())) {
      List<NewTopic> topics = new ArrayList<>();
      for (Topic<?, ?> topic : Topics.all()) {
        topics.add(
            new NewTopic(topic.name(), partitions, (short) 1)
                .configs(Map.of("retention.ms", "-1")));
      }
      admin.createTopics(topics).all().get();
    } catch (Exception e) {
      throw new IllegalStateException("cannot create topics", e);
    }
  }

  Properties properties() {
    Properties properties = new Properties();
    properties.setProperty("bootstrap.servers", broker.bootstrapServers());
    return properties;
  }

  String bootstrapServers() {
    return broker.bootstrapServers();
  }

  /** Serdes on the registry that the sink uses in this JVM. */
  static TopicSerdes serdes() {
    return TopicSerdes.create(SerdeOptions.of(REGISTRY));
  }

  KafkaProducer<byte[], byte[]> transactionalProducer(String id) {
    Properties properties = properties();
    properties.setProperty("transactional.id", id);
    properties.setProperty("compression.type", "lz4");
    properties.setProperty("linger.ms", "20");
    KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    producer.initTransactions();
    return producer;
  }

  SinkFixture with(String key, String value) {
    extra.put(key, value);
    return this;
  }

  /** Settings of a sink against this broker and engine. */
  Map<String, String> settingTexts() {
    Map<String, String> texts = new HashMap<>();
    texts.put("tributary.broker.bootstrap-servers", broker.bootstrapServers());
    texts.put("tributary.registry.url", REGISTRY);
    texts.put(SinkConfig.URL.key(), clickHouse.httpUrl().toString());
    texts.put(SinkConfig.DATABASE.key(), DATABASE);
    texts.put(SinkConfig.BLOCK_AGE.key(), "200ms");
    texts.put("tributary.kafka.consumer.session.timeout.ms", "6000");
    texts.put("tributary.kafka.consumer.heartbeat.interval.ms", "1000");
    texts.putAll(extra);
    return texts;
  }

  Settings settings() {
    return Settings.of(settingTexts(), SinkConfig.allSettings());
  }

  ClickHouseSink startSink() {
    return ClickHouseSink.start(settings(), RunOptions.of(new SimpleMeterRegistry()));
  }

  /** The one value that a query answers, as text; empty where there is no table yet. */
  String ask(String sql) {
    List<GenericRecord> rows = query(sql);
    return rows.isEmpty() ? "" : rows.get(0).getString(1);
  }

  List<GenericRecord> query(String sql) {
    return client.queryAll(sql.replace("{db}", DATABASE));
  }

  void execute(String sql) {
    try {
      client.execute(sql.replace("{db}", DATABASE)).get().close();
    } catch (Exception e) {
      throw new IllegalStateException(sql, e);
    }
  }

  @Override
  public void close() {
    stopClickHouse();
    broker.close();
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
