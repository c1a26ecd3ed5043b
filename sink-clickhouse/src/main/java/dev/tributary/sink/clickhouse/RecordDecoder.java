package dev.tributary.sink.clickhouse;

import dev.tributary.runtime.errors.DeadLetters;
import dev.tributary.runtime.serde.SchemaRegistryClient;
import dev.tributary.runtime.serde.SchemaRegistryUnavailableException;
import dev.tributary.sink.clickhouse.core.MalformedRecordException;
import dev.tributary.sink.clickhouse.core.RowReader;
import dev.tributary.sink.clickhouse.core.TopicLayout;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.SchemaParseException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Turns records in the Confluent wire format (a zero byte, the schema's id, Avro binary) into rows.
 * A record that cannot be read becomes a dead letter; nothing is skipped. One thread.
 */
final class RecordDecoder {
  private static final int HEADER_BYTES = 5;

  /** While the registry is away it is asked so often, whoever needs it. */
  private static final Duration ASK_AGAIN = Duration.ofSeconds(1);

  /** Why a record is not a row. */
  enum Reason {
    /** The value is not in the wire format. */
    NOT_FRAMED,
    /** The registry does not know the schema's id. */
    UNKNOWN_SCHEMA,
    /** The writer's schema has types that the columns cannot hold. */
    UNSUITABLE_SCHEMA,
    /** The bytes are not what the schema says. */
    MALFORMED
  }

  private record SchemaOfTopic(String topic, int id) {}

  private final SchemaRegistryClient registry;
  private final DeadLetters deadLetters;
  private final SinkMetrics metrics;
  private final Clock clock;
  private final Map<SchemaOfTopic, RowReader> readers = new HashMap<>();
  private long askAgainMs;

  RecordDecoder(
      SchemaRegistryClient registry, DeadLetters deadLetters, SinkMetrics metrics, Clock clock) {
    this.registry = registry;
    this.deadLetters = deadLetters;
    this.metrics = metrics;
    this.clock = clock;
  }

  /**
   * Adds a record to a block.
   *
   * @return false: its schema is not known and the registry is away; it must be tried again, and
   *     the block is as before
   */
  boolean add(ConsumerRecord<byte[], byte[]> record, TopicLayout layout, OpenBlock block) {
    byte[] value = record.value();
    if (value == null) {
      block.addTombstone();
      return true;
    }
    if (value.length < HEADER_BYTES || value[0] != 0) {
      kill(record, block, Reason.NOT_FRAMED, "");
      return true;
    }
    SchemaOfTopic schema = new SchemaOfTopic(layout.topic(), ByteBuffer.wrap(value, 1, 4).getInt());
    try {
      RowReader reader = readers.get(schema);
      if (reader == null) {
        if (clock.millis() < askAgainMs) {
          return false;
        }
        Optional<String> text = registry.schemaById(schema.id());
        if (text.isEmpty()) {
          kill(record, block, Reason.UNKNOWN_SCHEMA, "");
          return true;
        }
        reader = RowReader.compile(text.get(), layout);
        readers.put(schema, reader);
      }
      if (!reader.read(
          value, HEADER_BYTES, value.length, record.partition(), record.offset(), block.data())) {
        block.addWithoutRow();
      }
    } catch (SchemaRegistryUnavailableException e) {
      askAgainMs = clock.millis() + ASK_AGAIN.toMillis();
      metrics.error("registry", e);
      return false;
    } catch (MalformedRecordException e) {
      kill(record, block, Reason.MALFORMED, e.getClass().getName());
    } catch (IllegalArgumentException | SchemaParseException e) {
      kill(record, block, Reason.UNSUITABLE_SCHEMA, e.getClass().getName());
    }
    return true;
  }

  private void kill(
      ConsumerRecord<byte[], byte[]> record, OpenBlock block, Reason reason, String exception) {
    block.addDeadLetter(letter(record, reason.name(), exception));
  }

  /** The dead letter of a record. */
  ProducerRecord<byte[], byte[]> letter(
      ConsumerRecord<byte[], byte[]> record, String reason, String exception) {
    return deadLetters.of(record, reason, exception);
  }
}
