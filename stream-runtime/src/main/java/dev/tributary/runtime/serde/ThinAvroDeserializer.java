package dev.tributary.runtime.serde;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.io.DatumReader;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads one record class from the Confluent wire format, whichever registered version of its schema
 * wrote it. Thread-safe, see {@link ThinAvroSerializer}.
 *
 * <p>Bytes that are not such a record give a {@link SerializationException} that names topic and
 * reason but never content; an absent registry gives {@link SchemaRegistryUnavailableException}.
 */
final class ThinAvroDeserializer<V extends SpecificRecord> implements Deserializer<V> {

  private final SchemaIds schemas;
  private final AvroType<V> type;
  private final ThreadLocal<Readers<V>> readers = ThreadLocal.withInitial(Readers::new);

  ThinAvroDeserializer(SchemaIds schemas, AvroType<V> type) {
    this.schemas = schemas;
    this.type = type;
  }

  @Override
  public @Nullable V deserialize(String topic, byte @Nullable [] data) {
    if (data == null) {
      return null;
    }
    if (data.length < ThinAvroSerializer.HEADER_BYTES || data[0] != ThinAvroSerializer.MAGIC) {
      throw new SerializationException(
          "topic " + topic + ": not the Confluent wire format: " + data.length + " bytes");
    }
    int id = ByteBuffer.wrap(data, 1, Integer.BYTES).getInt();
    Readers<V> mine = readers.get();
    DatumReader<V> reader = mine.byWriterId.get(id);
    if (reader == null) {
      reader = type.reader(writerSchema(topic, id));
      mine.byWriterId.put(id, reader);
    }
    return decode(topic, id, data, mine, reader);
  }

  private V decode(String topic, int id, byte[] data, Readers<V> mine, DatumReader<V> reader) {
    int length = data.length - ThinAvroSerializer.HEADER_BYTES;
    V value;
    boolean isWhole;
    try {
      mine.decoder.read(data, ThinAvroSerializer.HEADER_BYTES, length);
      value = reader.read(null, mine.decoder);
      isWhole = mine.decoder.isEnd();
    } catch (IOException | RuntimeException e) {
      // Broken bytes surface as nearly any RuntimeException of Avro's; a reader that stopped half
      // way may hold state.
      mine.byWriterId.remove(id);
      throw new SerializationException(
          "topic " + topic + ": " + length + " bytes are not a " + type + " of schema id " + id, e);
    }
    if (!isWhole) {
      throw new SerializationException(
          "topic " + topic + ": bytes left over after a " + type + " of schema id " + id);
    }
    return value;
  }

  private Schema writerSchema(String topic, int id) {
    Schema writer = schemas.byId(id);
    if (!type.isVersionOf(writer)) {
      throw new SerializationException(
          "topic "
              + topic
              + ": schema id "
              + id
              + " is "
              + writer.getFullName()
              + ", expected "
              + type.fullName());
    }
    return writer;
  }

  private static final class Readers<V> {
    private final Map<Integer, DatumReader<V>> byWriterId = new HashMap<>();
    private final HonestDecoder decoder = new HonestDecoder();
  }
}
