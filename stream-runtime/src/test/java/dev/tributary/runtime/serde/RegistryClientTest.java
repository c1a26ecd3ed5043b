package dev.tributary.runtime.serde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.embedded.registry.Compatibility;
import dev.tributary.embedded.registry.EmbeddedRegistry;
import dev.tributary.schemas.Span;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Both clients keep the same promises: in memory, and over HTTP to a registry that asks who calls.
 */
final class RegistryClientTest {

  private static final String V1 = schema(List.of("a"), List.of());
  private static final String V2 = schema(List.of("a"), List.of("b"));
  private static final String BREAKING = schema(List.of("a", "c"), List.of());

  enum Kind {
    IN_MEMORY,
    HTTP
  }

  @TempDir Path dir;
  private Optional<EmbeddedRegistry> server = Optional.empty();

  @AfterEach
  void stop() {
    server.ifPresent(EmbeddedRegistry::close);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void register_sameSchema_hasOneIdEverywhere(Kind kind) {
    try (SchemaRegistryClient client = client(kind)) {
      int id = client.register("s-value", V1);

      assertThat(client.register("s-value", V1)).isEqualTo(id);
      assertThat(client.register("other +/value", V1)).isEqualTo(id);
      assertThat(client.register("s-value", V2)).isNotEqualTo(id);
      assertThat(client.schemaById(id)).contains(V1);
      assertThat(client.lookup("other +/value", V1)).contains(id);
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void register_otherDocumentation_isAnotherId(Kind kind) {
    String documented = V1.replace("\"name\":\"R\"", "\"name\":\"R\",\"doc\":\"text\"");
    try (SchemaRegistryClient client = client(kind)) {
      int id = client.register("s-value", V1);

      assertThat(client.register("s-value", documented)).isNotEqualTo(id);
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void unknown_isEmpty(Kind kind) {
    try (SchemaRegistryClient client = client(kind)) {
      assertThat(client.lookup("s-value", V1)).isEmpty();
      assertThat(client.schemaById(77)).isEmpty();
      assertThat(client.isCompatible("s-value", BREAKING)).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void register_incompatible_namesSubjectAndStatus(Kind kind) {
    try (SchemaRegistryClient client = client(kind)) {
      client.register("s-value", V1);

      assertThat(client.isCompatible("s-value", V2)).isTrue();
      assertThat(client.isCompatible("s-value", BREAKING)).isFalse();
      assertThatThrownBy(() -> client.register("s-value", BREAKING))
          .isInstanceOf(SchemaRegistryException.class)
          .hasMessageContaining("s-value")
          .hasMessageContaining("incompatible")
          .extracting(e -> ((SchemaRegistryException) e).status())
          .isEqualTo(409);
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void setCompatibility_none_letsAnythingIn(Kind kind) {
    try (SchemaRegistryClient client = client(kind)) {
      client.register("s-value", V1);
      client.setCompatibility("s-value", CompatibilityLevel.NONE);

      assertThat(client.register("s-value", BREAKING)).isPositive();
    }
  }

  /** The level is for the first schema; whoever changes it later has a reason. */
  @ParameterizedTest
  @EnumSource(Kind.class)
  void serdes_leaveAnotherLevelOfAKnownSubjectAsItIs(Kind kind) {
    String subject = "spans-value";
    try (SchemaRegistryClient client = client(kind)) {
      AvroType<Span> type = new AvroType<>(Span.class);
      new SchemaIds(client, true, CompatibilityLevel.FULL).idOf(subject, type);
      assertThat(client.isCompatible(subject, BREAKING)).isFalse();
      client.setCompatibility(subject, CompatibilityLevel.NONE);

      new SchemaIds(client, true, CompatibilityLevel.FULL).idOf(subject, type);

      assertThat(client.isCompatible(subject, BREAKING)).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void register_notASchema_saysSo(Kind kind) {
    try (SchemaRegistryClient client = client(kind)) {
      assertThatThrownBy(() -> client.register("s-value", "{}"))
          .isInstanceOf(SchemaRegistryException.class)
          .extracting(e -> ((SchemaRegistryException) e).errorCode())
          .isEqualTo(42201);
    }
  }

  private SchemaRegistryClient client(Kind kind) {
    if (kind == Kind.IN_MEMORY) {
      return new InMemoryRegistry();
    }
    EmbeddedRegistry registry =
        EmbeddedRegistry.start(
            new EmbeddedRegistry.Options(
                dir, 0, Compatibility.FULL, Optional.of("tributary:geheim")));
    server = Optional.of(registry);
    String url = registry.url().replace("://", "://tributary:geheim@");
    return TopicSerdes.registry(
        SerdeOptions.fromConfluent(java.util.Map.of("schema.registry.url", url)));
  }

  private static String schema(List<String> required, List<String> optional) {
    SchemaBuilder.FieldAssembler<Schema> fields = SchemaBuilder.record("R").namespace("x").fields();
    required.forEach(name -> fields.requiredString(name));
    optional.forEach(name -> fields.optionalString(name));
    return fields.endRecord().toString();
  }
}
