package dev.tributary.normalize;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.runtime.errors.DeadLetters;
import dev.tributary.runtime.metrics.MetricNames;
import dev.tributary.runtime.testing.TopologyFixture;
import dev.tributary.schemas.Rejected;
import dev.tributary.schemas.Span;
import dev.tributary.schemas.SpanContent;
import dev.tributary.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NormalizeTopologyTest {
  private TopologyFixture fixture;

  @BeforeEach
  void start() {
    fixture = TopologyFixture.of(NormalizeMain.APP, Map.of("tributary.normalize.user-secret", "s"));
    fixture.clock().set(OtlpFixtures.NOW);
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  @Test
  void otlpRequest_protobuf_spansAndContentKeyedByTrace() {
    // When
    fixture
        .rawInput(Topics.OTLP_SPANS)
        .pipeInput(null, OtlpFixtures.bytes("traceloop/agent_tools.otlp.pb"));

    // Then
    List<TestRecord<String, Span>> spans = fixture.records(Topics.SPANS);
    assertThat(spans).hasSize(8);
    assertThat(spans)
        .allSatisfy(
            record -> {
              Span span = record.value();
              assertThat(record.key()).isEqualTo("default|" + span.getTraceId());
              assertThat(record.timestamp()).isEqualTo(span.getEndTimeUs() / 1_000);
            });
    List<SpanContent> contents = fixture.values(Topics.SPAN_CONTENT);
    assertThat(contents).hasSize(8);
    assertThat(contents.get(0).getInput()).contains("Weather in all French cities?");
    assertThat(fixture.values(Topics.REJECTED)).isEmpty();
  }

  @Test
  void otlpRequest_jsonByHeader_sameAsProtobuf() {
    // When
    fixture
        .rawInput(Topics.OTLP_SPANS)
        .pipeInput(null, OtlpFixtures.bytes("vercel-ai-v6/an_tools.otlp.pb"));
    pipe("vercel-ai-v6/an_tools.otlp.json", "tributary-encoding", "otlp_json");

    // Then
    List<Span> spans = fixture.values(Topics.SPANS);
    assertThat(spans.subList(spans.size() / 2, spans.size()))
        .isEqualTo(spans.subList(0, spans.size() / 2));
  }

  @Test
  void otlpRequest_truncated_deadLetterWithPositionAndReason() {
    // Given
    byte[] whole = OtlpFixtures.bytes("traceloop/chat_basic.otlp.pb");

    // When
    fixture
        .rawInput(Topics.OTLP_SPANS)
        .pipeInput(null, java.util.Arrays.copyOf(whole, whole.length / 2));
    fixture.rawInput(Topics.OTLP_SPANS).pipeInput(null, whole);

    // Then
    List<TestRecord<byte[], byte[]>> dead = fixture.rawOutput(Topics.DLQ).readRecordsToList();
    assertThat(dead).hasSize(1);
    assertThat(header(dead.get(0), DeadLetters.REASON)).isEqualTo("MALFORMED_PROTO");
    assertThat(header(dead.get(0), DeadLetters.TOPIC)).isEqualTo("otlp_spans");
    assertThat(header(dead.get(0), DeadLetters.OFFSET)).isEqualTo("0");
    assertThat(fixture.values(Topics.SPANS)).hasSize(1);
  }

  @Test
  void otlpRequest_jsonOnProtoTopic_deadLetter() {
    // When
    fixture
        .rawInput(Topics.OTLP_SPANS)
        .pipeInput(null, OtlpFixtures.bytes("traceloop/chat_basic.otlp.json"));

    // Then
    List<TestRecord<byte[], byte[]>> dead = fixture.rawOutput(Topics.DLQ).readRecordsToList();
    assertThat(header(dead.get(0), DeadLetters.REASON)).isEqualTo("JSON_ON_PROTO_TOPIC");
  }

  @Test
  void tenantHeader_valid_firstPartOfKey() {
    // When
    pipe("traceloop/chat_basic.otlp.pb", "tributary-tenant", "acme");

    // Then
    assertThat(fixture.records(Topics.SPANS).get(0).key()).startsWith("acme|");
  }

  @Test
  void tenantHeader_invalid_rejected() {
    // When
    pipe("traceloop/chat_basic.otlp.pb", "tributary-tenant", "Acme|Corp");

    // Then
    Rejected rejected = fixture.values(Topics.REJECTED).get(0);
    assertThat(rejected.getReason()).isEqualTo("INVALID_TENANT");
    assertThat(rejected.getDetail()).doesNotContain("Acme");
    assertThat(fixture.values(Topics.SPANS)).isEmpty();
  }

  @Test
  void avroSpan_sound_passedOnUnderTheTenantOfTheHeader() {
    // Given
    Span span = OtlpFixtures.normalized("otel-contrib-openai/chat_basic.otlp.pb").get(0).span();
    span.setTenant("pretended");

    // When
    fixture.input(Topics.SPANS_IN).pipeInput(null, span);

    // Then
    Span out = fixture.values(Topics.SPANS).get(0);
    assertThat(out.getTenant()).isEqualTo("default");
    assertThat(out.getDialect()).isEqualTo("avro");
    assertThat(out.getUsage()).isEqualTo(span.getUsage());
    assertThat(fixture.count(MetricNames.SENT_PRIMARY)).isEqualTo(1);
  }

  private void pipe(String file, String header, String value) {
    fixture
        .rawInput(Topics.OTLP_SPANS)
        .pipeInput(
            new TestRecord<>(
                null,
                OtlpFixtures.bytes(file),
                new RecordHeaders().add(header, value.getBytes(StandardCharsets.UTF_8))));
  }

  private static String header(TestRecord<?, ?> record, String name) {
    return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }
}
