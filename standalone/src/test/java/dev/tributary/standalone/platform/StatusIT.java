package dev.tributary.standalone.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.runtime.config.CommonSettings;
import dev.tributary.runtime.config.Settings;
import dev.tributary.runtime.errors.DeadLetters;
import dev.tributary.runtime.testing.KafkaTestCluster;
import dev.tributary.schemas.TopicNames;
import dev.tributary.schemas.Topics;
import dev.tributary.standalone.review.SqlStub;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

/** Asked of topics and groups as settings name them: of others everything looks well. */
class StatusIT {
  private static final String DLQ = new TopicNames("acme.").of(Topics.DLQ);

  @Test
  void namesOfSettings_areAskedFor() throws Exception {
    try (KafkaTestCluster cluster = KafkaTestCluster.start();
        SqlStub clickHouse =
            new SqlStub(
                sql ->
                    sql.contains("FROM double_reported")
                        ? "checkout gateway\t2\t0.5\n"
                        : sql.contains("FROM refused")
                            ? "attribution\tBEYOND_MEMORY\t3\t0.25\n"
                            : "")) {
      Settings settings =
          Settings.of(cluster.settings("any"))
              .with(
                  Map.of(
                      CommonSettings.TOPIC_PREFIX.key(), "acme.",
                      CommonSettings.APPLICATION_ID_PREFIX.key(), "acme"));
      cluster.create(DLQ, 1);
      cluster.create("spans", 1);
      deadLetters(cluster, "cost", 2);
      deadLetters(cluster, "normalize", 1);
      send(cluster, DLQ, 1);
      send(cluster, "spans", 5);
      cluster
          .admin()
          .alterConsumerGroupOffsets(
              "acme-attribution", Map.of(new TopicPartition("spans", 0), new OffsetAndMetadata(1)))
          .all()
          .get();
      StringWriter text = new StringWriter();

      Status.print(settings, clickHouse.client(), new PrintWriter(text));

      assertThat(text.toString())
          .contains("Dead letters  4 records on " + DLQ)
          .containsPattern("cost +2\n  normalize +1\n  unknown +1\n")
          .containsPattern("attribution +4\n")
          .containsPattern("attribution +BEYOND_MEMORY +3 +0.25\n")
          .containsPattern("checkout gateway +2 +0.5\n");
    }
  }

  /** Transactions that ended, and one that was taken back, leave offsets and no records. */
  private static void deadLetters(KafkaTestCluster cluster, String module, int records) {
    DeadLetters letters = new DeadLetters(DLQ, module, 1_000);
    DeadLetters.Origin origin = new DeadLetters.Origin("spans", 0, 1, -1, "UNDECODABLE", "");
    Properties writing = new Properties();
    writing.put("bootstrap.servers", cluster.bootstrapServers());
    writing.put("transactional.id", "dead-letters-of-" + module);
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(writing, new ByteArraySerializer(), new ByteArraySerializer())) {
      producer.initTransactions();
      producer.beginTransaction();
      producer.send(letters.of(origin, null, new byte[] {1}, null));
      producer.flush();
      producer.abortTransaction();
      for (int i = 0; i < records; i++) {
        producer.beginTransaction();
        producer.send(letters.of(origin, null, new byte[] {1}, null));
        producer.commitTransaction();
      }
    }
  }

  @Test
  void topicWithoutDeadLetters_hasNone() throws Exception {
    try (KafkaTestCluster cluster = KafkaTestCluster.start();
        SqlStub clickHouse = new SqlStub(sql -> "")) {
      StringWriter text = new StringWriter();
      cluster.create(DLQ, 3);
      Settings settings =
          Settings.of(cluster.settings("any"))
              .with(Map.of(CommonSettings.TOPIC_PREFIX.key(), "acme."));

      Status.print(settings, clickHouse.client(), new PrintWriter(text));

      assertThat(text.toString()).contains("Dead letters  none on " + DLQ + "\n\n");
    }
  }

  /** As after a kill, when the file with the addresses is still there. */
  @Test
  void instanceThatIsGone_isOneLine() throws Exception {
    try (SqlStub clickHouse = new SqlStub(sql -> "")) {
      Settings settings =
          Settings.of(Map.of(CommonSettings.BOOTSTRAP_SERVERS.key(), "127.0.0.1:1"));

      assertThatThrownBy(
              () ->
                  Status.print(settings, clickHouse.client(), new PrintWriter(new StringWriter())))
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith("Kafka does not answer at 127.0.0.1:1: ");
    }
  }

  private static void send(KafkaTestCluster cluster, String topic, int records) {
    try (KafkaProducer<String, String> producer =
        cluster.producer(new StringSerializer(), new StringSerializer())) {
      for (int i = 0; i < records; i++) {
        producer.send(new ProducerRecord<>(topic, "any"));
      }
    }
  }
}
