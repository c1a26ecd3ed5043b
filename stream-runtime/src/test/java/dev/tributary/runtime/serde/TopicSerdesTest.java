package dev.tributary.runtime.serde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.schemas.Span;
import dev.tributary.schemas.Topics;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;
import org.junit.jupiter.api.Test;

final class TopicSerdesTest {

  private final Span span = new RandomRecords(RandomRecords.seed()).next(Span.class);

  @Test
  void key_stringTopic_isUtf8() {
    try (TopicSerdes serdes = TopicSerdes.inMemory()) {
      byte[] key = serdes.key(Topics.SPANS).serializer().serialize("t", "größe|1");

      assertThat(key).asString(java.nio.charset.StandardCharsets.UTF_8).isEqualTo("größe|1");
    }
  }

  @Test
  void value_bytesTopic_passesBytes() {
    byte[] bytes = {1, 2, 3};
    try (TopicSerdes serdes = TopicSerdes.inMemory()) {
      assertThat(serdes.value(Topics.OTLP_SPANS).serializer().serialize("t", bytes))
          .isEqualTo(bytes);
    }
  }

  @Test
  void value_withoutOne_isOnlyReadWhereItMeansSomething() {
    try (TopicSerdes serdes = TopicSerdes.inMemory()) {
      assertThat(serdes.value(Topics.REF).deserializer().deserialize("t", (byte[]) null)).isNull();
      assertThatThrownBy(
              () -> serdes.value(Topics.SCORES).deserializer().deserialize("t", (byte[]) null))
          .isInstanceOf(SerializationException.class)
          .hasMessageContaining("t: a record without a value");
    }
  }

  @Test
  void value_prefixedTopic_registersUnderTheRealTopicName() {
    InMemoryRegistry registry = InMemoryRegistry.shared("prefixed");
    try (TopicSerdes serdes = TopicSerdes.create(SerdeOptions.of("mock://prefixed"))) {
      serdes.value(Topics.SPANS).serializer().serialize("staging.llm.spans.v1", span);
    }

    assertThat(registry.lookup("staging.llm.spans.v1-value", Span.getClassSchema().toString()))
        .isPresent();
  }

  @Test
  void avro_internalTopics_shareOneSubject() {
    InMemoryRegistry registry = InMemoryRegistry.shared("internal");
    try (TopicSerdes serdes = TopicSerdes.create(SerdeOptions.of("mock://internal"))) {
      Serde<Span> serde = serdes.avro(Span.class);
      serde.serializer().serialize("app-store-changelog", span);
      serde.serializer().serialize("app-x-repartition", span);
    }

    assertThat(registry.lookup("dev.tributary.schemas.Span", Span.getClassSchema().toString()))
        .isPresent();
    assertThat(registry.lookup("app-store-changelog-value", Span.getClassSchema().toString()))
        .isEmpty();
  }

  @Test
  void value_autoRegisterOffAndNothingRegistered_saysWhatToDo() {
    SerdeOptions options =
        SerdeOptions.fromConfluent(
            Map.of("schema.registry.url", "mock://empty", "auto.register.schemas", "false"));
    try (TopicSerdes serdes = TopicSerdes.create(options)) {
      assertThatThrownBy(() -> serdes.value(Topics.SPANS).serializer().serialize("t", span))
          .isInstanceOf(SerializationException.class)
          .hasMessageContaining("t-value")
          .hasMessageContaining("auto-register");
    }
  }

  @Test
  void value_classesNamed_areUsedWithConfluentsSettings() {
    SerdeOptions options =
        SerdeOptions.of("mock://named")
            .withValueClasses(
                NamedSerializer.class.getName(),
                NamedDeserializer.class.getName(),
                Map.of("value.subject.name.strategy", "X"));
    try (TopicSerdes serdes = TopicSerdes.create(options)) {
      Serde<Span> serde = serdes.value(Topics.SPANS);
      NamedSerializer serializer = (NamedSerializer) (Serializer<?>) serde.serializer();

      assertThat(serializer.settings)
          .containsEntry("schema.registry.url", "mock://named")
          .containsEntry("specific.avro.reader", true)
          .containsEntry("auto.register.schemas", true)
          .containsEntry("value.subject.name.strategy", "X");
      Object read = ((Deserializer<?>) serde.deserializer()).deserialize("t", new byte[0]);
      assertThat(read).as("what the named class makes").isSameAs(NamedDeserializer.READ);
    }
  }

  @Test
  void value_namedClassMissing_saysWhich() {
    SerdeOptions options =
        SerdeOptions.of("mock://missing").withValueClasses("no.such.A", "no.such.B", Map.of());
    try (TopicSerdes serdes = TopicSerdes.create(options)) {
      assertThatThrownBy(() -> serdes.value(Topics.SPANS))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("no.such.A");
    }
  }

  @Test
  void fromConfluent_credentialsAndStores_areRead() {
    SerdeOptions options =
        SerdeOptions.fromConfluent(
            Map.of(
                "schema.registry.url", "https://a:8081, https://b:8081/ccompat",
                "basic.auth.credentials.source", "USER_INFO",
                "basic.auth.user.info", "tributary:s:cret",
                "schema.registry.ssl.truststore.location", "ca.p12",
                "schema.registry.ssl.truststore.password", "changeit"));

    assertThat(options.registryUrls()).containsExactly("https://a:8081", "https://b:8081/ccompat");
    assertThat(options.basicAuth()).contains(new SerdeOptions.BasicAuth("tributary", "s:cret"));
    assertThat(options.trustStore().orElseThrow().password()).isEqualTo(Optional.of("changeit"));
    assertThat(options.toString()).doesNotContain("s:cret").doesNotContain("changeit");
  }

  @Test
  void fromConfluent_whatOurSerdeDoesNotDo_isRefused() {
    assertRefused("specific.avro.reader", "false");
    assertRefused("use.latest.version", "true");
    assertRefused(
        "value.subject.name.strategy", "io.confluent.kafka.serializers.subject.RecordNameStrategy");
    assertRefused("auto.register.schemas", "yes");
    assertRefused("basic.auth.credentials.source", "SASL_INHERIT");
  }

  private static void assertRefused(String key, String value) {
    assertThatThrownBy(
            () ->
                SerdeOptions.fromConfluent(
                    Map.of("schema.registry.url", "http://localhost:1", key, value)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(key)
        .hasMessageContaining(value)
        .hasMessageContaining("allowed");
  }

  /** Stands for a class named in the configuration. */
  public static final class NamedSerializer implements Serializer<Object> {
    private Map<String, Object> settings = Map.of();

    @Override
    public void configure(Map<String, ?> configs, boolean isKey) {
      settings = Map.copyOf(configs);
    }

    @Override
    public byte[] serialize(String topic, Object data) {
      return new byte[0];
    }
  }

  /** Its counterpart. */
  public static final class NamedDeserializer implements Deserializer<Object> {
    static final Object READ = new Object();

    @Override
    public Object deserialize(String topic, byte[] data) {
      return READ;
    }
  }
}
