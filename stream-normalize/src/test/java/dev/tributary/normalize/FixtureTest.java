package dev.tributary.normalize;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tributary.normalize.core.NormalizeResult;
import dev.tributary.normalize.core.NormalizeResult.Normalized;
import dev.tributary.schemas.Span;
import dev.tributary.schemas.SpanKind;
import dev.tributary.schemas.SpanStatus;
import dev.tributary.schemas.TokenUsage;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every recorded payload against the truth noted when it was recorded. */
class FixtureTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** Which calls own usage is for the join to decide; in these payloads it is these kinds. */
  private static final Set<SpanKind> CALLS = EnumSet.of(SpanKind.LLM, SpanKind.EMBEDDING);

  @ParameterizedTest
  @ValueSource(strings = {".otlp.pb", ".otlp.json"})
  void expectedRows_everyFixture(String ending) {
    // Given
    ExpectedRows expected = new ExpectedRows(OtlpFixtures.folder());

    // When
    List<JsonNode> lines = new ArrayList<>();
    for (String file : expected.files(ending)) {
      OtlpFixtures.normalized(file).forEach(span -> lines.add(line(file, span.span())));
    }

    // Then
    assertThat(expected.misses(lines, false)).isEmpty();
    assertThat(expected.exact()).isEqualTo(79);
    // 22 rows, one of them without a payload.
    assertThat(expected.partlyUnknown()).isEqualTo(21);
  }

  static Stream<String> protoFixtures() {
    return OtlpFixtures.names(".otlp.pb").stream();
  }

  @ParameterizedTest
  @MethodSource("protoFixtures")
  void normalize_protobufAndJsonTwin_equal(String file) {
    // When
    List<NormalizeResult> proto = OtlpFixtures.results(OtlpFixtures.parse(file));
    List<NormalizeResult> json =
        OtlpFixtures.results(OtlpFixtures.parse(file.replace(".otlp.pb", ".otlp.json")));

    // Then
    assertThat(bytes(json)).isEqualTo(bytes(proto));
  }

  @Test
  void normalize_everyFixture_nothingRejectedAndDialectsKnown() {
    // When
    Set<String> dialects = new java.util.TreeSet<>();
    for (String file : OtlpFixtures.names(".otlp.pb")) {
      String run = file.substring(0, file.indexOf('/'));
      OtlpFixtures.normalized(file)
          .forEach(result -> dialects.add(run + " " + result.span().getDialect()));
    }

    // Then
    assertThat(dialects)
        .containsExactlyInAnyOrder(
            "langfuse-sdk langfuse",
            "openinference openinference",
            "otel-contrib-openai otel",
            "traceloop traceloop",
            "vercel-ai-v6 vercel-ai");
  }

  private static List<String> bytes(List<NormalizeResult> results) {
    List<String> bytes = new ArrayList<>();
    for (NormalizeResult result : results) {
      Normalized normalized = (Normalized) result;
      bytes.add(AvroBytes.hex(normalized.span()));
      bytes.add(AvroBytes.hex(normalized.content()));
    }
    return bytes;
  }

  /** One span as the command line prints it, without what only the join knows. */
  private static ObjectNode line(String file, Span span) {
    TokenUsage usage = span.getUsage();
    ObjectNode line = MAPPER.createObjectNode();
    line.put("file", file);
    line.put("kind", span.getKind().name().toLowerCase(Locale.ROOT));
    line.put("usage_counted", CALLS.contains(span.getKind()));
    line.put("response_id", span.getResponseId());
    line.put(
        "model",
        span.getModelReturned() == null ? span.getModelRequested() : span.getModelReturned());
    line.put("usage_quality", span.getUsageQuality().name().toLowerCase(Locale.ROOT));
    line.put("error", span.getStatus() == SpanStatus.ERROR);
    span.getFinishReasons().forEach(r -> line.withArray("finish_reasons").add(r.name()));
    if (usage != null) {
      Long write = sum(usage.getCacheWrite5m(), usage.getCacheWrite1h());
      line.put("cache_write_tokens", write);
      line.put("cache_read_tokens", usage.getCacheRead());
      line.put("reasoning_tokens", usage.getReasoning());
      line.put(
          "input_tokens",
          sum(
              usage.getInputUncached(),
              usage.getCacheRead(),
              write,
              usage.getInputAudio(),
              usage.getInputImage()));
      line.put(
          "output_tokens",
          sum(
              usage.getOutputText(),
              usage.getReasoning(),
              usage.getOutputAudio(),
              usage.getOutputImage()));
    }
    return line;
  }

  private static Long sum(Long... parts) {
    Long sum = null;
    for (Long part : parts) {
      sum = part == null ? sum : Long.valueOf(part + (sum == null ? 0 : sum));
    }
    return sum;
  }
}
