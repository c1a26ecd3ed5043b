package dev.tributary.runtime.serde;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DatumWriter;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * Writes one record class in the Confluent wire format, byte-identical to Confluent's {@code
 * KafkaAvroSerializer} 7.9.2. Thread-safe: Kafka Streams gives one instance to all stream threads,
 * so buffers belong to threads.
 */
final class ThinAvroSerializer<V extends SpecificRecord> implements Serializer<V> {

  static final byte MAGIC = 0;
  static final int HEADER_BYTES = 5;

  private final SchemaIds schemas;
  private final AvroType<V> type;
  private final UnaryOperator<String> subjectOfTopic;
  private final Map<String, Integer> idByTopic = new ConcurrentHashMap<>();
  private final ThreadLocal<Buffer<V>> buffers;

  ThinAvroSerializer(SchemaIds schemas, AvroType<V> type, UnaryOperator<String> subjectOfTopic) {
    this.schemas = schemas;
    this.type = type;
    this.subjectOfTopic = subjectOfTopic;
    this.buffers = ThreadLocal.withInitial(() -> new Buffer<>(type.writer()));
  }

  @Override
  public byte @Nullable [] serialize(String topic, @Nullable V value) {
    if (value == null) {
      return null;
    }
    Integer known = idByTopic.get(topic);
    int id = known != null ? known : idOf(topic);
    Buffer<V> buffer = buffers.get();
    try {
      return buffer.write(id, value);
    } catch (IOException | RuntimeException e) {
      // Avro reports a value that does not fit by NullPointerException, ClassCastException and its
      // own; the encoder still holds half a record, so the next record gets a new one.
      buffers.remove();
      throw new SerializationException("cannot encode " + type + " for topic " + topic, e);
    }
  }

  private int idOf(String topic) {
    int id = schemas.idOf(subjectOfTopic.apply(topic), type);
    idByTopic.put(topic, id);
    return id;
  }

  private static final class Buffer<V> {

    private final DatumWriter<V> writer;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
    private final BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);

    Buffer(DatumWriter<V> writer) {
      this.writer = writer;
    }

    byte[] write(int id, V value) throws IOException {
      bytes.reset();
      bytes.write(MAGIC);
      bytes.write(id >>> 24);
      bytes.write(id >>> 16);
      bytes.write(id >>> 8);
      bytes.write(id);
      writer.write(value, encoder);
      encoder.flush();
      return bytes.toByteArray();
    }
  }
}
