package dev.tributary.normalize;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.normalize.core.NormalizeResult.Normalized;
import dev.tributary.runtime.config.Settings;
import dev.tributary.schemas.Span;
import dev.tributary.schemas.SpanKind;
import dev.tributary.schemas.UsageConvention;
import dev.tributary.schemas.UsageQuality;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Fields of recorded spans that the rows of truth do not cover. */
class NormalizedFieldsTest {
  @Test
  void usage_anthropicCacheWrites_bothLifetimesFromProviderMetadata() {
    // When
    Span call = span("vercel-ai-v6/an_cache_write.otlp.pb", SpanKind.LLM);

    // Then
    assertThat(call.getUsage().getInputUncached()).isEqualTo(12);
    assertThat(call.getUsage().getCacheWrite5m()).isEqualTo(1800);
    assertThat(call.getUsage().getCacheWrite1h()).isEqualTo(600);
    assertThat(call.getUsage().getAssumedCacheTtl()).isFalse();
    assertThat(call.getUsageConvention()).isEqualTo(UsageConvention.INCLUSIVE);
    assertThat(call.getProvider()).isEqualTo("anthropic");
    assertThat(call.getServiceTier()).isEqualTo("standard");
  }

  @Test
  void usage_exclusiveByProof_sameBuckets() {
    // When
    Span call = span("traceloop/an_cache_write.otlp.pb", SpanKind.LLM);

    // Then
    assertThat(call.getUsage().getInputUncached()).isEqualTo(12);
    assertThat(call.getUsage().getCacheWrite5m()).isEqualTo(2400);
    assertThat(call.getUsage().getAssumedCacheTtl()).isTrue();
    assertThat(call.getUsageConvention()).isEqualTo(UsageConvention.EXCLUSIVE);
  }

  @Test
  void usage_exclusiveByTable_withoutProof() {
    // When
    Span call = span("traceloop/an_basic.otlp.pb", SpanKind.LLM);

    // Then
    assertThat(call.getUsageConvention()).isEqualTo(UsageConvention.EXCLUSIVE);
  }

  @Test
  void usage_partition_disjointBuckets() {
    // When
    Span call = span("langfuse-sdk/resp_basic.otlp.pb", SpanKind.LLM);

    // Then
    assertThat(call.getUsageConvention()).isEqualTo(UsageConvention.PARTITION);
    assertThat(call.getUsage().getInputUncached()).isEqualTo(220);
    assertThat(call.getUsage().getCacheRead()).isEqualTo(1280);
    assertThat(call.getUsage().getOutputText()).isEqualTo(72);
    assertThat(call.getUsage().getReasoning()).isEqualTo(448);
    assertThat(call.getRawUsage()).containsEntry("langfuse.observation.usage_details.input", 220L);
  }

  @Test
  void usage_countedLocallyFromText_estimated() {
    assertThat(span("traceloop/stream_usage.otlp.pb", SpanKind.LLM).getUsageQuality())
        .isEqualTo(UsageQuality.ESTIMATED);
    assertThat(span("traceloop/chat_basic.otlp.pb", SpanKind.LLM).getUsageQuality())
        .isEqualTo(UsageQuality.REPORTED);
  }

  @Test
  void error_levelWithoutStatus_httpStatusFromMessage() {
    // When
    Span call = span("langfuse-sdk/err_429.otlp.pb", SpanKind.LLM);

    // Then
    assertThat(call.getHttpStatus()).isEqualTo(429);
    assertThat(call.getReportedCost()).isEqualTo("0");
    assertThat(call.getUsage()).isNull();
  }

  @Test
  void tagsAndPeople_conventionalPlaces_found() {
    // When
    Span langfuse = span("langfuse-sdk/agent_tools.otlp.pb", SpanKind.AGENT);
    Span openInference = span("openinference/agent_tools.otlp.pb", SpanKind.LLM);
    Span agent = span("openinference/agent_tools.otlp.pb", SpanKind.AGENT);

    // Then
    assertThat(langfuse.getTags().getWorkspace()).isEqualTo("acme");
    assertThat(langfuse.getTags().getEnvironment()).isEqualTo("staging");
    assertThat(openInference.getTags().getWorkspace()).isEqualTo("acme");
    assertThat(openInference.getResourceTags().getEnvironment()).isEqualTo("test");
    assertThat(openInference.getUserHash()).hasSize(64).isEqualTo(langfuse.getUserHash());
    assertThat(agent.getTags().getAgent()).isEqualTo("weather_agent");
  }

  @Test
  void tools_sameArgumentsInAnyDialect_sameHash() {
    // When
    Span tool = span("vercel-ai-v6/agent_tools.otlp.pb", SpanKind.TOOL);
    Span other = span("otel-contrib-openai/agent_tools.otlp.pb", SpanKind.TOOL);

    // Then
    assertThat(tool.getToolName()).isEqualTo("list_cities").isEqualTo(other.getToolName());
    assertThat(tool.getToolArgsHash()).hasSize(32).isEqualTo(other.getToolArgsHash());
  }

  @Test
  void timeToFirstToken_fromCompletionStart_microseconds() {
    // When
    Span call = span("langfuse-sdk/stream_usage.otlp.pb", SpanKind.LLM);

    // Then
    assertThat(call.getTtftUs()).isBetween(0L, call.getEndTimeUs() - call.getStartTimeUs());
    assertThat(call.getStream()).isTrue();
  }

  @Test
  void tags_configured_beforeTheBuiltInOrInsteadOfThem() {
    // Given
    NormalizeConfig config =
        NormalizeConfig.from(
            Settings.of(
                Map.of(
                    "tributary.normalize.tags.feature", "app.area",
                    "tributary.normalize.tags.team", "=squad",
                    "tributary.normalize.tags.region", "cloud.region")));

    // When
    var sources = config.rules().tags().sources();

    // Then
    assertThat(sources.get("feature").span()).startsWith("app.area", "tributary.feature");
    assertThat(sources.get("team").span()).containsExactly("squad");
    assertThat(sources.get("region").resource()).containsExactly("cloud.region");
  }

  private static Span span(String file, SpanKind kind) {
    return OtlpFixtures.normalized(file).stream()
        .map(Normalized::span)
        .filter(span -> span.getKind() == kind)
        .findFirst()
        .orElseThrow();
  }
}
