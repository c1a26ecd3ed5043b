package dev.tributary.runtime.serde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.schemas.LedgerEntry;
import dev.tributary.schemas.Span;
import dev.tributary.schemas.Topic;
import dev.tributary.schemas.Topics;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ThinAvroSerdeTest {

  private static final String TOPIC = "spans";

  private final long seed = RandomRecords.seed();
  private final RandomRecords records = new RandomRecords(seed);
  private final InMemoryRegistry registry = new InMemoryRegistry();
  private final SchemaIds ids = new SchemaIds(registry, true, CompatibilityLevel.FULL);

  static List<Topic<?, ?>> recordTopics() {
    return Topics.all().stream()
        .filter(topic -> SpecificRecord.class.isAssignableFrom(topic.value()))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("recordTopics")
  void value_randomRecordsOfEveryTopic_comeBackEqual(Topic<?, ?> topic) {
    try (TopicSerdes serdes = TopicSerdes.inMemory()) {
      assertRoundTrip(serdes, topic);
    }
  }

  private <V> void assertRoundTrip(TopicSerdes serdes, Topic<?, V> topic) {
    Serde<V> serde = serdes.value(topic);
    for (int i = 0; i < 40; i++) {
      V record = topic.value().cast(records.next(topic.value().asSubclass(SpecificRecord.class)));

      byte[] bytes = serde.serializer().serialize(topic.name(), record);
      V back = serde.deserializer().deserialize(topic.name(), bytes);

      assertThat(back).as("seed %s, record %s", seed, i).isEqualTo(record);
    }
  }

  @Test
  void serialize_record_isMagicIdAndAvroBinary() throws IOException {
    LedgerEntry entry = records.next(LedgerEntry.class);
    ByteArrayOutputStream expected = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(expected, null);
    new SpecificDatumWriter<>(LedgerEntry.class).write(entry, encoder);
    encoder.flush();

    byte[] bytes = serializer(LedgerEntry.class).serialize(TOPIC, entry);

    assertThat(bytes).startsWith(0, 0, 0, 0, 1).endsWith(expected.toByteArray());
    assertThat(bytes).hasSize(5 + expected.size());
    assertThat(registry.lookup("spans-value", LedgerEntry.getClassSchema().toString())).contains(1);
  }

  @Test
  void serde_null_isATombstone() {
    assertThat(serializer(Span.class).serialize(TOPIC, null)).isNull();
    assertThat(deserializer(Span.class).deserialize(TOPIC, (byte[]) null)).isNull();
  }

  @Test
  void deserialize_writtenByAnEarlierVersion_fillsDefaults() throws IOException {
    // Given
    Schema current = Span.getClassSchema();
    List<Schema.Field> kept = new ArrayList<>();
    for (Schema.Field field : current.getFields()) {
      if (!field.name().equals("session_id")) {
        kept.add(new Schema.Field(field, field.schema()));
      }
    }
    Schema earlier = Schema.createRecord("Span", "", "dev.tributary.schemas", false, kept);
    Span span = records.next(Span.class);
    span.setSessionId("s-1");
    GenericRecord old = new GenericData.Record(earlier);
    kept.forEach(field -> old.put(field.name(), span.get(field.name())));
    int id = registry.register("spans-value", earlier.toString());

    // When
    Span back = deserializer(Span.class).deserialize(TOPIC, framed(id, earlier, old));

    // Then
    span.setSessionId(null);
    assertThat(back).as("seed %s", seed).isEqualTo(span);
  }

  @Test
  void deserialize_otherRecord_namesBothSchemas() {
    byte[] entry = serializer(LedgerEntry.class).serialize(TOPIC, records.next(LedgerEntry.class));

    assertThatThrownBy(() -> deserializer(Span.class).deserialize(TOPIC, entry))
        .isInstanceOf(SerializationException.class)
        .hasMessageContaining("topic spans")
        .hasMessageContaining("LedgerEntry")
        .hasMessageContaining("expected dev.tributary.schemas.Span");
  }

  @Test
  void deserialize_notFramed_saysSo() {
    for (byte[] bytes : List.of(new byte[0], new byte[] {0, 0, 0}, "{\"a\": 1}".getBytes())) {
      assertThatThrownBy(() -> deserializer(Span.class).deserialize(TOPIC, bytes))
          .isInstanceOf(SerializationException.class)
          .hasMessageContaining("not the Confluent wire format");
    }
  }

  @Test
  void deserialize_unknownId_saysSo() {
    byte[] bytes = ByteBuffer.allocate(20).putInt(1, 4711).array();

    assertThatThrownBy(() -> deserializer(Span.class).deserialize(TOPIC, bytes))
        .isInstanceOf(SerializationException.class)
        .hasMessageContaining("4711");
  }

  @Test
  void deserialize_damagedBytes_isASerializationExceptionOrAnotherRecord() {
    Random random = new Random(seed);
    ThinAvroSerializer<Span> serializer = serializer(Span.class);
    ThinAvroDeserializer<Span> deserializer = deserializer(Span.class);
    int refused = 0;
    for (int i = 0; i < 1_000; i++) {
      byte[] bytes = serializer.serialize(TOPIC, records.next(Span.class));
      byte[] damaged = damage(bytes, random);
      try {
        deserializer.deserialize(TOPIC, damaged);
      } catch (SerializationException e) {
        refused++;
      }
      Span whole = records.next(Span.class);
      assertThat(deserializer.deserialize(TOPIC, serializer.serialize(TOPIC, whole)))
          .as("seed %s, after damage %s", seed, i)
          .isEqualTo(whole);
    }
    assertThat(refused).as("seed %s", seed).isGreaterThan(300);
  }

  /**
   * A damaged length must cost what is there, not what it claims: no record may end the process.
   */
  @ParameterizedTest
  @MethodSource("recordTopics")
  void deserialize_claimsMoreThanThereIs_isASerializationException(Topic<?, ?> topic) {
    assertRefused(topic.value().asSubclass(SpecificRecord.class));
  }

  private <V extends SpecificRecord> void assertRefused(Class<V> type) {
    ThinAvroDeserializer<V> deserializer = deserializer(type);
    byte[] twoBillion = {(byte) 0xEE, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0x0F};
    byte[] bytes = serializer(type).serialize(TOPIC, records.next(type));
    for (int at = 5; at < bytes.length; at++) {
      byte[] damaged =
          ByteBuffer.allocate(bytes.length + twoBillion.length - 1)
              .put(bytes, 0, at)
              .put(twoBillion)
              .put(bytes, at + 1, bytes.length - at - 1)
              .array();
      try {
        deserializer.deserialize(TOPIC, damaged);
      } catch (SerializationException e) {
        assertThat(e).hasMessageContaining(TOPIC);
      }
    }
  }

  private static byte[] damage(byte[] bytes, Random random) {
    if (random.nextBoolean()) {
      return java.util.Arrays.copyOf(bytes, 5 + random.nextInt(bytes.length - 5));
    }
    byte[] damaged = bytes.clone();
    damaged[5 + random.nextInt(bytes.length - 5)] = (byte) random.nextInt();
    return damaged;
  }

  @Test
  void serialize_afterAFailedRecord_isNotContaminated() {
    ThinAvroSerializer<Span> serializer = serializer(Span.class);
    Span whole = records.next(Span.class);
    byte[] expected = serializer.serialize(TOPIC, whole);
    Span broken = records.next(Span.class);
    broken.put("span_id", null);

    assertThatThrownBy(() -> serializer.serialize(TOPIC, broken))
        .isInstanceOf(SerializationException.class)
        .hasMessageContaining("Span")
        .hasMessageContaining(TOPIC);

    assertThat(serializer.serialize(TOPIC, whole)).isEqualTo(expected);
  }

  @Test
  void serde_sharedByThreads_keepsRecordsApart() throws Exception {
    // Given
    ThinAvroSerializer<Span> serializer = serializer(Span.class);
    ThinAvroDeserializer<Span> deserializer = deserializer(Span.class);
    List<Span> spans = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      spans.add(records.next(Span.class));
    }

    // When
    ExecutorService threads = Executors.newFixedThreadPool(4);
    List<Future<List<Span>>> results = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      results.add(
          threads.submit(
              () ->
                  spans.stream()
                      .map(s -> deserializer.deserialize(TOPIC, serializer.serialize(TOPIC, s)))
                      .toList()));
    }
    threads.shutdown();

    // Then
    for (Future<List<Span>> result : results) {
      assertThat(result.get()).as("seed %s", seed).isEqualTo(spans);
    }
  }

  private <V extends SpecificRecord> ThinAvroSerializer<V> serializer(Class<V> type) {
    return new ThinAvroSerializer<>(ids, new AvroType<>(type), topic -> topic + "-value");
  }

  private <V extends SpecificRecord> ThinAvroDeserializer<V> deserializer(Class<V> type) {
    return new ThinAvroDeserializer<>(ids, new AvroType<>(type));
  }

  private static byte[] framed(int id, Schema schema, GenericRecord record) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(ByteBuffer.allocate(5).putInt(1, id).array());
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
    GenericData model = org.apache.avro.specific.SpecificData.getForClass(Span.class);
    new GenericDatumWriter<GenericRecord>(schema, model).write(record, encoder);
    encoder.flush();
    return bytes.toByteArray();
  }
}
