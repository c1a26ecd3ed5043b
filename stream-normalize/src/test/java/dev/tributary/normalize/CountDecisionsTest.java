package dev.tributary.normalize;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.schemas.FrameworkAttributes;
import dev.tributary.schemas.GenAiAttributes;
import dev.tributary.schemas.Span;
import dev.tributary.schemas.UsageConvention;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which of a span's numbers are parts of which, where several readings would do. */
class CountDecisionsTest {
  @Test
  void audio_partOfItCached_countedOnce() {
    Span span =
        span(
            "acme",
            "1",
            GenAiAttributes.USAGE_INPUT_TOKENS,
            100L,
            GenAiAttributes.USAGE_CACHE_READ,
            40L,
            GenAiAttributes.USAGE_AUDIO_INPUT,
            30L,
            GenAiAttributes.USAGE_AUDIO_CACHE_READ,
            10L);

    assertThat(span.getUsage().getInputUncached()).isEqualTo(40);
    assertThat(span.getUsage().getInputAudio()).isEqualTo(20);
    assertThat(span.getUsage().getCacheRead()).isEqualTo(40);
  }

  @Test
  void images_partOfThemCached_countedOnce() {
    Span span =
        span(
            "acme",
            "1",
            GenAiAttributes.USAGE_INPUT_TOKENS,
            100L,
            GenAiAttributes.USAGE_CACHE_READ,
            40L,
            GenAiAttributes.USAGE_IMAGE_INPUT,
            30L,
            GenAiAttributes.USAGE_IMAGE_CACHE_READ,
            10L,
            GenAiAttributes.USAGE_OUTPUT_TOKENS,
            50L,
            GenAiAttributes.USAGE_IMAGE_OUTPUT,
            20L,
            GenAiAttributes.USAGE_REASONING,
            10L);

    assertThat(span.getUsage().getInputUncached()).isEqualTo(40);
    assertThat(span.getUsage().getInputImage()).isEqualTo(20);
    assertThat(span.getUsage().getCacheRead()).isEqualTo(40);
    assertThat(span.getUsage().getOutputText()).isEqualTo(20);
    assertThat(span.getUsage().getOutputImage()).isEqualTo(20);
  }

  /** The sum would still come out: only the two counts contradict each other. */
  @ParameterizedTest
  @CsvSource({
    GenAiAttributes.USAGE_IMAGE_INPUT + "," + GenAiAttributes.USAGE_IMAGE_CACHE_READ,
    GenAiAttributes.USAGE_AUDIO_INPUT + "," + GenAiAttributes.USAGE_AUDIO_CACHE_READ
  })
  void modality_moreCachedThanThereWas_refused(String all, String cached) {
    Span span =
        span(
            "acme",
            "1",
            GenAiAttributes.USAGE_INPUT_TOKENS,
            100L,
            GenAiAttributes.USAGE_CACHE_READ,
            40L,
            all,
            10L,
            cached,
            11L);

    assertThat(span.getUsage()).isNull();
    assertThat(span.getUsageError()).isEqualTo("SUBSETS_EXCEED_INPUT");
  }

  /** A lifetime is assumed only of what was written. */
  @ParameterizedTest
  @CsvSource({"0, false", "5, true"})
  void cacheWrite_withoutLifetime_assumedWhereThereIsAny(long written, boolean isAssumed) {
    Span span =
        span(
            "acme",
            "1",
            GenAiAttributes.USAGE_INPUT_TOKENS,
            100L,
            GenAiAttributes.USAGE_CACHE_WRITE,
            written);

    assertThat(span.getUsage().getCacheWrite5m()).isEqualTo(written);
    assertThat(span.getUsage().getAssumedCacheTtl()).isEqualTo(isAssumed);
  }

  @Test
  void count_atTheBound_taken_aboveIt_refused() {
    Span at = span("acme", "1", GenAiAttributes.USAGE_INPUT_TOKENS, 1_000_000_000_000L);
    Span above = span("acme", "1", GenAiAttributes.USAGE_INPUT_TOKENS, 1_000_000_000_001L);

    assertThat(at.getUsage().getInputUncached()).isEqualTo(1_000_000_000_000L);
    assertThat(above.getUsageError()).isEqualTo("ABSURD_COUNT");
  }

  /** The attribute's output holds the thoughts that the provider's object counts beside it. */
  @Test
  void thoughtsBesideAnotherOutput_notAddedToThisOne() {
    Span span =
        span(
            "acme",
            "1",
            GenAiAttributes.USAGE_OUTPUT_TOKENS,
            30L,
            FrameworkAttributes.LANGSMITH_USAGE,
            "{\"prompt_token_count\":5,\"candidates_token_count\":20,"
                + "\"thoughts_token_count\":10,\"total_token_count\":35}");

    assertThat(span.getUsage().getOutputText()).isEqualTo(20);
    assertThat(span.getUsage().getReasoning()).isEqualTo(10);
  }

  @Test
  void total_aboveStatedThoughts_makesNoMoreOfThem() {
    Span span =
        span(
            "acme",
            "1",
            GenAiAttributes.PROVIDER_NAME,
            "gcp.gemini",
            GenAiAttributes.USAGE_INPUT_TOKENS,
            100L,
            GenAiAttributes.USAGE_OUTPUT_TOKENS,
            50L,
            GenAiAttributes.USAGE_REASONING,
            30L,
            GenAiAttributes.USAGE_TOTAL_TOKENS,
            170L);

    assertThat(span.getUsage().getOutputText()).isEqualTo(20);
    assertThat(span.getUsage().getReasoning()).isEqualTo(30);
  }

  @Test
  void thoughts_asManyAsTheOutput_insideIt() {
    Span span =
        span(
            "acme",
            "1",
            GenAiAttributes.PROVIDER_NAME,
            "gcp.gemini",
            GenAiAttributes.USAGE_OUTPUT_TOKENS,
            30L,
            GenAiAttributes.USAGE_REASONING,
            30L);

    assertThat(span.getUsage().getOutputText()).isZero();
    assertThat(span.getUsage().getReasoning()).isEqualTo(30);
  }

  @Test
  void langfuseParts_thatMakeTheTotal_partition() {
    Span span =
        span(
            "langfuse-sdk",
            "3",
            GenAiAttributes.LANGFUSE_USAGE_DETAILS,
            "{\"input\":10,\"output\":5,\"total\":15}");

    assertThat(span.getUsageConvention()).isEqualTo(UsageConvention.PARTITION);
  }

  @Test
  void providersObject_besideAnInputOfAnotherSize_provesNothingOfIt() {
    Span span =
        span(
            "acme",
            "1",
            GenAiAttributes.USAGE_INPUT_TOKENS,
            27L,
            FrameworkAttributes.LANGSMITH_USAGE,
            "{\"input_tokens\":17,\"cache_read_input_tokens\":10,\"output_tokens\":5}");

    assertThat(span.getUsageConvention()).isEqualTo(UsageConvention.ASSUMED);
    assertThat(span.getUsage().getInputUncached()).isEqualTo(17);
  }

  @ParameterizedTest
  @CsvSource({"0.27.99, EXCLUSIVE, 2507", "0.28.0, ASSUMED, 107", "0.0, EXCLUSIVE, 2507"})
  void scopeRule_lastVersionItHoldsFor_included(
      String version, UsageConvention convention, long uncached) {
    Span span =
        span(
            "@traceloop/instrumentation-anthropic",
            version,
            GenAiAttributes.PROVIDER_NAME,
            "anthropic",
            GenAiAttributes.USAGE_INPUT_TOKENS,
            2507L,
            GenAiAttributes.USAGE_CACHE_READ,
            2400L);

    assertThat(span.getUsageConvention()).isEqualTo(convention);
    assertThat(span.getUsage().getInputUncached()).isEqualTo(uncached);
  }

  private static Span span(String scope, String version, Object... attributes) {
    return OneSpan.of(scope, version, OneSpan.attributes(attributes), List.of()).span();
  }
}
