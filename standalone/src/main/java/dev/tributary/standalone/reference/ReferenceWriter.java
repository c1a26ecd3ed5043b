package dev.tributary.standalone.reference;

import dev.tributary.runtime.config.CommonSettings;
import dev.tributary.runtime.config.Settings;
import dev.tributary.runtime.run.ClientProperties;
import dev.tributary.runtime.run.SettingsSerdes;
import dev.tributary.runtime.serde.TopicSerdes;
import dev.tributary.schemas.Keys;
import dev.tributary.schemas.Reference;
import dev.tributary.schemas.TopicNames;
import dev.tributary.schemas.Topics;
import dev.tributary.standalone.platform.PlatformException;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Reads a tenant's reference data and appends to it, as the only one who does: the transactional id
 * is the tenant's, so whoever opens later fences those before. What they read may then be out of
 * date, and nothing that they append is taken. A version is one transaction: whole, or not there.
 */
final class ReferenceWriter implements AutoCloseable {
  private final String tenant;
  private final String topic;
  private final TopicSerdes serdes;
  private final ReferenceLog log;
  private final KafkaProducer<String, Reference> producer;

  private ReferenceWriter(Settings settings, String tenant) {
    this.tenant = tenant;
    this.topic = new TopicNames(settings.get(CommonSettings.TOPIC_PREFIX)).of(Topics.REF);
    this.serdes = SettingsSerdes.of(settings);
    this.log = ReferenceLog.open(settings);
    Properties writing = ClientProperties.producer(settings);
    writing.put(ProducerConfig.ACKS_CONFIG, "all");
    writing.put(ProducerConfig.LINGER_MS_CONFIG, "5");
    writing.put(
        ProducerConfig.TRANSACTIONAL_ID_CONFIG,
        settings.get(CommonSettings.APPLICATION_ID_PREFIX) + "-run-" + topic + "-" + tenant);
    this.producer =
        new KafkaProducer<>(writing, new StringSerializer(), serdes.value(Topics.REF).serializer());
  }

  /** Fences those who opened before, and waits until what they began is done with. */
  static ReferenceWriter open(Settings settings, String tenant) {
    ReferenceWriter writer = new ReferenceWriter(settings, tenant);
    try {
      writer.producer.initTransactions();
      return writer;
    } catch (KafkaException e) {
      writer.close();
      throw e;
    }
  }

  /** The latest record of every key of the tenant. */
  Map<String, Reference> read() {
    return log.read(tenant);
  }

  /**
   * Appends records in order, all or none, and waits until all replicas have them.
   *
   * @throws PlatformException where another one publishes; nothing is appended then
   */
  void append(List<Reference> records) {
    try {
      producer.beginTransaction();
      for (Reference record : records) {
        String key = Keys.reference(record.getTenant(), record.getKind(), record.getId());
        // What fails here fails the commit.
        var unused = producer.send(new ProducerRecord<>(topic, 0, key, record));
      }
      producer.commitTransaction();
    } catch (KafkaException e) {
      throw new PlatformException(
          "reference data of tenant " + tenant + " was not published: " + reason(e), e);
    }
  }

  /** What went wrong first: later calls only say that something had. */
  private static String reason(KafkaException failure) {
    Throwable first = failure;
    while (first.getCause() != null) {
      first = first.getCause();
    }
    return first instanceof ProducerFencedException
            || first instanceof InvalidProducerEpochException
        ? "somebody else published in the meantime; do it again"
        : String.valueOf(first.getMessage());
  }

  @Override
  public void close() {
    log.close();
    producer.close();
    serdes.close();
  }
}
