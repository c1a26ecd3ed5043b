package dev.tributary.standalone.compare;

import dev.tributary.runtime.config.CommonSettings;
import dev.tributary.runtime.config.Settings;
import dev.tributary.runtime.run.ClientProperties;
import dev.tributary.runtime.run.SettingsSerdes;
import dev.tributary.runtime.serde.TopicSerdes;
import dev.tributary.schemas.Event;
import dev.tributary.schemas.Keys;
import dev.tributary.schemas.TopicNames;
import dev.tributary.schemas.Topics;
import dev.tributary.standalone.platform.PlatformException;
import dev.tributary.standalone.platform.SqlClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Writes what a comparison or a gate found to {@code llm.events}, each thing once: an event's id
 * says what it is about, and those that ClickHouse has are not written again.
 */
final class QualityEvents {
  private static final int ID_BYTES = 16;

  private QualityEvents() {}

  /** A deterministic id of the parts. */
  static String id(String... parts) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(String.join("\u0000", parts).getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, ID_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Those whose id ClickHouse does not have yet. */
  static List<Event> unknown(SqlClient sql, List<Event> events)
      throws IOException, InterruptedException {
    if (events.isEmpty()) {
      return events;
    }
    String ids =
        events.stream()
            .map(event -> "'" + event.getEventId() + "'")
            .collect(Collectors.joining(", "));
    Set<String> known = new HashSet<>();
    sql.rows("SELECT DISTINCT event_id FROM events WHERE event_id IN (" + ids + ")")
        .forEach(row -> known.add(row.get(0)));
    List<Event> left = new ArrayList<>(events);
    left.removeIf(event -> known.contains(event.getEventId()));
    return left;
  }

  /** Writes events and waits until they are there. */
  static void write(Settings settings, List<Event> events) {
    Properties writing = ClientProperties.producer(settings);
    writing.put(ProducerConfig.ACKS_CONFIG, "all");
    writing.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    String topic = new TopicNames(settings.get(CommonSettings.TOPIC_PREFIX)).of(Topics.EVENTS);
    try (TopicSerdes serdes = SettingsSerdes.of(settings);
        KafkaProducer<String, Event> producer =
            new KafkaProducer<>(
                writing, new StringSerializer(), serdes.value(Topics.EVENTS).serializer())) {
      for (Event event : events) {
        producer
            .send(
                new ProducerRecord<>(
                    topic,
                    null,
                    TimeUnit.MICROSECONDS.toMillis(event.getEventTimeUs()),
                    Keys.event(event.getTenant(), event.getSubject()),
                    event))
            .get();
      }
    } catch (ExecutionException e) {
      throw new PlatformException("events were not written: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PlatformException("interrupted while writing events", e);
    }
  }
}
