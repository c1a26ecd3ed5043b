package dev.tributary.runtime.serde;

import dev.tributary.schemas.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.utils.Utils;

/**
 * The serdes of all topics: keys are UTF-8 strings or bytes, values Avro in the Confluent wire
 * format, bytes or strings, as the topic's declaration says.
 *
 * <p>Subjects follow Confluent's TopicNameStrategy ({@code <topic>-value}); stores and repartition
 * topics share one subject per record class (its full name), so they add no subject per
 * application. Serdes may be used by several threads. Closing closes the serdes and the registry
 * connection.
 */
public final class TopicSerdes implements AutoCloseable {

  private final SchemaRegistryClient registry;
  private final SchemaIds schemas;
  private final SerdeOptions options;
  private final long maxValueBytes;
  private final List<Serde<?>> made = new ArrayList<>();

  private TopicSerdes(SchemaRegistryClient registry, SerdeOptions options, long maxValueBytes) {
    this.registry = registry;
    this.options = options;
    this.maxValueBytes = maxValueBytes;
    this.schemas =
        new SchemaIds(registry, options.autoRegister(), options.compatibility().orElse(null));
    AvroTrust.install();
  }

  /** Serdes on a registry of their own in memory: for topology tests and offline work. */
  public static TopicSerdes inMemory() {
    return new TopicSerdes(new InMemoryRegistry(), SerdeOptions.of("mock://own"), Long.MAX_VALUE);
  }

  /** Serdes as configured. Does not connect: the registry is asked at the first record. */
  public static TopicSerdes create(SerdeOptions options) {
    return create(options, Long.MAX_VALUE);
  }

  /**
   * Serdes as configured that refuse to encode a topic's value above a size, by {@code
   * RecordTooLargeException}: Kafka 4.3.1 cannot go on with a transaction after its producer has
   * refused a record, but it can after a serializer has.
   *
   * @param maxValueBytes what the producer accepts, less what key and headers may take
   */
  public static TopicSerdes create(SerdeOptions options, long maxValueBytes) {
    return new TopicSerdes(registry(options), options, maxValueBytes);
  }

  /**
   * The client that {@link #create} uses, for start-up checks and tools; the caller closes it.
   *
   * @throws ConfigException where a key or trust store cannot be read
   */
  public static SchemaRegistryClient registry(SerdeOptions options) {
    String first = options.registryUrls().get(0);
    return first.startsWith("mock://")
        ? InMemoryRegistry.shared(first.substring("mock://".length()))
        : new HttpRegistryClient(options);
  }

  /** Serde of the topic's keys. */
  public <K> Serde<K> key(Topic<K, ?> topic) {
    return plain(topic.key(), "key of topic " + topic.name());
  }

  /** Serde of the topic's values; a record without one is undecodable, except where compacted. */
  @SuppressWarnings("unchecked") // the class object says what V is
  public <V> Serde<V> value(Topic<?, V> topic) {
    Class<V> type = topic.value();
    if (SpecificRecord.class.isAssignableFrom(type)) {
      Serde<V> serde =
          (Serde<V>) record(type.asSubclass(SpecificRecord.class), TopicSerdes::valueSubject);
      Deserializer<V> reader = serde.deserializer();
      return Serdes.serdeFrom(
          limited(serde.serializer()),
          topic.cleanup() == Topic.Cleanup.COMPACT
              ? reader
              : new ValueRequiredDeserializer<>(reader));
    }
    return plain(type, "value of topic " + topic.name());
  }

  private <V> Serializer<V> limited(Serializer<V> writer) {
    return maxValueBytes == Long.MAX_VALUE
        ? writer
        : new SizeLimitedSerializer<>(writer, maxValueBytes);
  }

  /** Serde of a record in state stores and repartition topics. */
  public <V extends SpecificRecord> Serde<V> avro(Class<V> type) {
    return record(type, topic -> type.getName());
  }

  @Override
  public synchronized void close() {
    made.forEach(Serde::close);
    made.clear();
    registry.close();
  }

  private static String valueSubject(String topic) {
    return topic + "-value";
  }

  private <V extends SpecificRecord> Serde<V> record(
      Class<V> type, UnaryOperator<String> subjectOfTopic) {
    if (options.valueSerializerClass().isPresent()) {
      return remember(configured());
    }
    AvroType<V> avro = new AvroType<>(type);
    return remember(
        Serdes.serdeFrom(
            new ThinAvroSerializer<>(schemas, avro, subjectOfTopic),
            new ThinAvroDeserializer<>(schemas, avro)));
  }

  /** The classes named in the configuration, set up as Kafka's own clients would. */
  @SuppressWarnings("unchecked") // nothing but the configuration says what these classes encode
  private <V> Serde<V> configured() {
    Map<String, Object> settings = ConfluentSettings.write(options);
    Serializer<V> serializer =
        (Serializer<V>) instance(options.valueSerializerClass().orElseThrow(), Serializer.class);
    serializer.configure(settings, false);
    Deserializer<V> deserializer =
        (Deserializer<V>)
            instance(options.valueDeserializerClass().orElseThrow(), Deserializer.class);
    deserializer.configure(settings, false);
    return Serdes.serdeFrom(serializer, deserializer);
  }

  private static <T> T instance(String className, Class<T> kind) {
    try {
      return Utils.newInstance(className, kind);
    } catch (ClassNotFoundException e) {
      throw new ConfigException(
          "class " + className + " is not on the class path; needed as a " + kind.getSimpleName());
    }
  }

  @SuppressWarnings("unchecked") // compared with the class object
  private static <T> Serde<T> plain(Class<T> type, String what) {
    if (type == String.class) {
      return (Serde<T>) Serdes.String();
    }
    if (type == byte[].class) {
      return (Serde<T>) Serdes.ByteArray();
    }
    throw new IllegalArgumentException(
        what
            + ": no serde for "
            + type.getName()
            + "; allowed: String, byte[], a generated record");
  }

  private synchronized <V> Serde<V> remember(Serde<V> serde) {
    made.add(serde);
    return serde;
  }
}
