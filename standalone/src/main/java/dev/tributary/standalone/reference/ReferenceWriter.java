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
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
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
  private static final int TRANSACTION_MS = 20_000;
  private static final Duration SHOWN_WITHIN = Duration.ofMillis(3L * TRANSACTION_MS);
  private static final Duration CLOSE_WITHIN = Duration.ofSeconds(10);

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
    // Readers see nothing of the topic's end while a publisher that died holds its transaction.
    writing.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, TRANSACTION_MS);
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
   * Appends records in order, all or none, and waits until all replicas have them and readers see
   * them: a transaction is shown a moment after its commit was accepted.
   *
   * @throws PlatformException where another one has published since this was opened: nothing is
   *     appended then; or where Kafka fails or does not answer, and nobody knows
   */
  void append(List<Reference> records) {
    try {
      producer.beginTransaction();
      Future<RecordMetadata> last = null;
      for (Reference record : records) {
        String key = Keys.reference(record.getTenant(), record.getKind(), record.getId());
        // What fails here fails the commit.
        last = producer.send(new ProducerRecord<>(topic, 0, key, record));
      }
      producer.commitTransaction();
      if (last != null && !log.isShown(last.get().offset(), SHOWN_WITHIN)) {
        throw new PlatformException(
            "reference data of tenant " + tenant + " is published, but nobody sees it yet");
      }
    } catch (KafkaException e) {
      throw failure(e);
    } catch (ExecutionException e) {
      throw failure(e.getCause() instanceof KafkaException inner ? inner : new KafkaException(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PlatformException("interrupted while publishing reference data", e);
    }
  }

  private PlatformException failure(KafkaException failure) {
    return new PlatformException(
        "reference data of tenant " + tenant + " was not published: " + reason(failure), failure);
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
    producer.close(CLOSE_WITHIN);
    serdes.close();
  }
}
