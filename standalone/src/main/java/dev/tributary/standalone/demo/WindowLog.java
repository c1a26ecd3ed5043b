package dev.tributary.standalone.demo;

import dev.tributary.runtime.config.CommonSettings;
import dev.tributary.runtime.config.Settings;
import dev.tributary.runtime.run.ClientProperties;
import dev.tributary.runtime.run.SettingsSerdes;
import dev.tributary.runtime.serde.TopicSerdes;
import dev.tributary.schemas.Keys;
import dev.tributary.schemas.MinuteClosed;
import dev.tributary.schemas.TopicNames;
import dev.tributary.schemas.Topics;
import dev.tributary.schemas.Window;
import dev.tributary.schemas.WindowRecord;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/**
 * Windows on {@code llm.windows} for a time in which no application ran. Only for an instance whose
 * stream-cost has not spoken yet: its minutes are closed by nobody else, and what stream-cost says
 * later begins where this ends. Not for several threads.
 */
public final class WindowLog implements AutoCloseable {
  /** Makes the key of the end of a minute; its partition is given, so it says nothing. */
  private static final String MINUTE_KEY = "minute-closed";

  private final Admin admin;
  private final String topic;
  private final TopicSerdes serdes;
  private final KafkaProducer<String, WindowRecord> producer;
  private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

  /** Opens the topic of an instance. */
  public WindowLog(Settings settings) {
    this.topic = new TopicNames(settings.get(CommonSettings.TOPIC_PREFIX)).of(Topics.WINDOWS);
    this.admin = Admin.create(ClientProperties.admin(settings));
    this.serdes = SettingsSerdes.of(settings);
    Properties properties = ClientProperties.producer(settings);
    properties.put(ProducerConfig.ACKS_CONFIG, "all");
    properties.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    properties.put(ProducerConfig.LINGER_MS_CONFIG, 20);
    properties.put(ProducerConfig.BATCH_SIZE_CONFIG, 256 << 10);
    this.producer =
        new KafkaProducer<>(
            properties, new StringSerializer(), serdes.value(Topics.WINDOWS).serializer());
  }

  /** Whether nothing was ever written to it. */
  public boolean isEmpty() throws InterruptedException {
    Map<TopicPartition, OffsetSpec> asked =
        partitions().stream().collect(Collectors.toMap(each -> each, each -> OffsetSpec.latest()));
    try {
      return admin.listOffsets(asked).all().get().values().stream()
          .allMatch(end -> end.offset() == 0);
    } catch (ExecutionException e) {
      throw new IllegalStateException("cannot ask where " + topic + " ends", e);
    }
  }

  private List<TopicPartition> partitions() {
    return producer.partitionsFor(topic).stream()
        .map(info -> new TopicPartition(topic, info.partition()))
        .toList();
  }

  /** Sends a window, by series as stream-cost does. */
  public void send(Window window) {
    send(
        null,
        Keys.series(window.getTenant(), window.getSeries()),
        new WindowRecord(window),
        window.getStartTimeUs() + window.getLengthUs());
  }

  /** Says on every partition that all windows up to a time have been sent. */
  public void closeUntil(long untilUs) {
    for (TopicPartition each : partitions()) {
      MinuteClosed closed = new MinuteClosed(untilUs, each.partition(), new TreeMap<>(), List.of());
      send(each.partition(), MINUTE_KEY, new WindowRecord(closed), untilUs);
    }
  }

  private void send(@Nullable Integer partition, String key, WindowRecord record, long atUs) {
    Exception failed = failure.get();
    if (failed != null) {
      throw new IllegalStateException("cannot write to " + topic, failed);
    }
    // The callback keeps what fails; flush() tells it.
    Future<RecordMetadata> unused =
        producer.send(
            new ProducerRecord<>(topic, partition, atUs / 1_000, key, record),
            (written, e) -> {
              if (e != null) {
                failure.compareAndSet(null, e);
              }
            });
  }

  /**
   * Waits until everything is written.
   *
   * @throws IllegalStateException where something could not be written
   */
  public void flush() {
    producer.flush();
    Exception failed = failure.get();
    if (failed != null) {
      throw new IllegalStateException("cannot write to " + topic, failed);
    }
  }

  @Override
  public void close() {
    producer.close();
    serdes.close();
    admin.close();
  }
}
