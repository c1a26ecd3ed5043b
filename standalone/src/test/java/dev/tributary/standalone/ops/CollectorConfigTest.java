package dev.tributary.standalone.ops;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tributary.normalize.NormalizeMain;
import dev.tributary.runtime.config.Setting;
import dev.tributary.schemas.Topics;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** The Collector's configurations against themselves and against what stream-normalize reads. */
@ParameterizedClass
@ValueSource(strings = {"ops/collector/config.yaml", "ops/collector/enrich.yaml"})
class CollectorConfigTest {
  /** Components of opentelemetry-collector-contrib that these files may use. */
  private static final Set<String> COMPONENTS =
      Set.of("otlp", "memory_limiter", "resource", "transform", "attributes", "kafka");

  private final JsonNode config;

  CollectorConfigTest(String file) throws IOException {
    config = OpsFiles.yaml(file);
  }

  @Test
  void components_areKnown() {
    for (String kind : List.of("receivers", "processors", "exporters")) {
      assertThat(config.path(kind).fieldNames())
          .toIterable()
          .allMatch(name -> COMPONENTS.contains(name.split("/", 2)[0]));
    }
  }

  /** Statements set what stream-normalize reads as tags, never over what is there. */
  @Test
  void statements_areWellFormed() {
    for (JsonNode processor : config.path("processors")) {
      for (JsonNode group : processor.path("trace_statements")) {
        assertThat(group.path("context").asText()).isIn("resource", "span");
        group.path("statements").forEach(statement -> TransformStatement.check(statement.asText()));
      }
    }
  }

  @Test
  void pipelines_useWhatIsDefinedAndAllOfIt() {
    for (String kind : List.of("receivers", "processors", "exporters")) {
      Set<String> defined = new HashSet<>();
      config.path(kind).fieldNames().forEachRemaining(defined::add);
      Set<String> used = new HashSet<>();
      config
          .path("service")
          .path("pipelines")
          .forEach(pipeline -> pipeline.path(kind).forEach(name -> used.add(name.asText())));
      assertThat(used).as(kind).isNotEmpty().isEqualTo(defined);
    }
    assertThat(config.path("service").path("pipelines").fieldNames())
        .toIterable()
        .containsExactlyInAnyOrder("traces", "logs", "metrics");
  }

  @Test
  void topics_areThoseOfTheCatalogue() {
    List<String> ours = Topics.all().stream().map(topic -> topic.name()).toList();
    for (String signal : List.of("traces", "logs", "metrics")) {
      JsonNode settings = exporter().path(signal);
      assertThat(ours).contains(settings.path("topic").asText());
      assertThat(settings.path("encoding").asText())
          .isEqualTo(normalizeDefault("tributary.normalize.encoding").toLowerCase(Locale.ROOT));
    }
  }

  /** Batches of several tenants would become one record with one tenant's header. */
  @Test
  void tenantHeader_isTheOneReadAndPartitionsBatches() {
    String header = normalizeDefault("tributary.normalize.tenant-header");
    assertThat(texts(exporter().path("include_metadata_keys"))).containsExactly(header);
    assertThat(
            texts(
                exporter()
                    .path("sending_queue")
                    .path("batch")
                    .path("partition")
                    .path("metadata_keys")))
        .containsExactly(header);
    config
        .path("receivers")
        .path("otlp")
        .path("protocols")
        .forEach(protocol -> assertThat(protocol.path("include_metadata").asBoolean()).isTrue());
  }

  @Test
  void sender_isAnsweredAfterKafka() {
    assertThat(exporter().path("producer").path("required_acks").asInt()).isEqualTo(-1);
    assertThat(exporter().path("sending_queue").path("wait_for_result").asBoolean()).isTrue();
    assertThat(exporter().path("sending_queue").path("block_on_overflow").asBoolean()).isTrue();
  }

  private JsonNode exporter() {
    return config.path("exporters").path("kafka");
  }

  private static List<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    list.forEach(element -> texts.add(element.asText()));
    return texts;
  }

  private static String normalizeDefault(String key) {
    for (Setting<?> setting : NormalizeMain.APP.allSettings()) {
      if (setting.key().equals(key)) {
        return String.valueOf(setting.defaultText());
      }
    }
    throw new AssertionError("no setting " + key);
  }
}
