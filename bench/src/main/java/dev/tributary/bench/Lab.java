package dev.tributary.bench;

import dev.tributary.embedded.kafka.EmbeddedBrokerMain;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A broker in a process of its own, its topics, and a folder for everything. */
final class Lab implements AutoCloseable {
  /** As many as a standalone instance has. */
  static final int PARTITIONS = 4;

  static final int MAX_RECORD_BYTES = 8 << 20;

  private final Path folder;
  private final boolean keep;
  private final ChildJvm broker;
  private final String bootstrap;
  private final Admin admin;
  private final Properties producing = new Properties();

  private Lab(Path folder, boolean keep, ChildJvm broker, String bootstrap) {
    this.folder = folder;
    this.keep = keep;
    this.broker = broker;
    this.bootstrap = bootstrap;
    producing.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
    producing.put(ProducerConfig.ENABLE_METRICS_PUSH_CONFIG, false);
    this.admin = Admin.create(producing);
    producing.put(ProducerConfig.ACKS_CONFIG, "all");
    producing.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    producing.put(ProducerConfig.LINGER_MS_CONFIG, 20);
    producing.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, MAX_RECORD_BYTES);
  }

  /**
   * Starts the broker on an empty folder.
   *
   * @param keep leave the folder at the end, with all data and logs
   */
  static Lab start(Path parent, boolean keep) {
    try {
      Path folder =
          keep
              ? Folders.kept(parent, "tributary-bench-")
              : Folders.working(parent, "tributary-bench-");
      String largest = Integer.toString(MAX_RECORD_BYTES);
      ChildJvm broker =
          ChildJvm.start(
              "broker",
              EmbeddedBrokerMain.class.getName(),
              folder,
              List.of("-Xms256m", "-Xmx768m"),
              List.of(
                  folder.resolve("kafka").toString(),
                  "message.max.bytes=" + largest,
                  "replica.fetch.max.bytes=" + largest));
      return new Lab(folder, keep, broker, broker.awaitReady());
    } catch (IOException e) {
      throw new BenchException("cannot use " + parent, e);
    }
  }

  Path folder() {
    return folder;
  }

  String bootstrap() {
    return bootstrap;
  }

  ProcessUse brokerUse() {
    return broker.use();
  }

  void createTopic(String name) throws ExecutionException, InterruptedException {
    NewTopic topic = new NewTopic(name, Optional.of(PARTITIONS), Optional.of((short) 1));
    admin.createTopics(List.of(topic)).all().get();
  }

  void deleteTopics(Collection<String> names) throws ExecutionException, InterruptedException {
    admin.deleteTopics(names).all().get();
  }

  /** Writes bodies in turn to all partitions, and waits until the broker has them. */
  void produce(String topic, List<byte[]> bodies) throws ExecutionException, InterruptedException {
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    // A producer that lives on keeps asking for the topics of earlier rounds, which are gone.
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(producing, new ByteArraySerializer(), new ByteArraySerializer())) {
      int partition = 0;
      for (byte[] body : bodies) {
        sent.add(producer.send(new ProducerRecord<>(topic, partition, null, body)));
        partition = (partition + 1) % PARTITIONS;
      }
    }
    for (Future<RecordMetadata> each : sent) {
      each.get();
    }
  }

  @Override
  public void close() {
    admin.close();
    broker.close();
    if (!keep) {
      Folders.delete(folder);
    }
  }
}
