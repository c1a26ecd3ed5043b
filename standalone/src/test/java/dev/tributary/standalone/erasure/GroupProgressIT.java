package dev.tributary.standalone.erasure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.runtime.config.Settings;
import dev.tributary.runtime.testing.KafkaTestCluster;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

/** What a transaction has written counts before it is committed: it may be as good as that. */
class GroupProgressIT {
  private static final String TOPIC = "texts";
  private static final String GROUP = "loader";
  private static final TopicPartition PARTITION = new TopicPartition(TOPIC, 0);

  @Test
  void records_ofAnOpenTransaction_areStillToBeRead() throws Exception {
    try (KafkaTestCluster cluster = KafkaTestCluster.start();
        GroupProgress groups = GroupProgress.open(Settings.of(cluster.settings("any")));
        KafkaProducer<String, String> producer = transactional(cluster)) {
      cluster.create(TOPIC, 1);
      producer.initTransactions();
      producer.beginTransaction();
      producer.send(new ProducerRecord<>(TOPIC, "first"));
      producer.commitTransaction();
      readUpTo(cluster, 2); // the record and the mark of its commit
      assertThat(groups.hasRead(GROUP, groups.ends(TOPIC))).isTrue();

      producer.beginTransaction();
      producer.send(new ProducerRecord<>(TOPIC, "second"));
      producer.flush();

      assertThat(groups.hasRead(GROUP, groups.ends(TOPIC))).isFalse();
      producer.commitTransaction();
      assertThat(groups.hasRead(GROUP, groups.ends(TOPIC))).isFalse();
      readUpTo(cluster, 4);
      assertThat(groups.hasRead(GROUP, groups.ends(TOPIC))).isTrue();
    }
  }

  private static void readUpTo(KafkaTestCluster cluster, long offset) throws Exception {
    cluster
        .admin()
        .alterConsumerGroupOffsets(GROUP, Map.of(PARTITION, new OffsetAndMetadata(offset)))
        .all()
        .get();
  }

  private static KafkaProducer<String, String> transactional(KafkaTestCluster cluster) {
    Properties properties = new Properties();
    properties.put("bootstrap.servers", cluster.bootstrapServers());
    properties.put("transactional.id", "normalize");
    return new KafkaProducer<>(properties, new StringSerializer(), new StringSerializer());
  }
}
