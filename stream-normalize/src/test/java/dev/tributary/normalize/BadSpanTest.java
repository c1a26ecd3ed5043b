package dev.tributary.normalize;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.tributary.normalize.core.Findings.Finding;
import dev.tributary.normalize.core.NormalizeResult;
import dev.tributary.normalize.core.NormalizeResult.Normalized;
import dev.tributary.normalize.core.NormalizeResult.RejectedSpan;
import dev.tributary.normalize.core.RejectReason;
import dev.tributary.runtime.testing.Generator;
import dev.tributary.schemas.GenAiAttributes;
import dev.tributary.schemas.SpanContent;
import dev.tributary.schemas.SpanKind;
import dev.tributary.schemas.UsageQuality;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.TracesData;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Spans that are refused, spans that are kept without a part, and spans that are too large. */
class BadSpanTest {
  private static final long NOW = OtlpFixtures.NOW.getEpochSecond() * 1_000_000_000L;
  private static final long HOUR = 3_600_000_000_000L;
  private static final long DAY = 24 * HOUR;

  static Stream<Arguments> refused() {
    return Stream.of(
        refused(RejectReason.INVALID_TRACE_ID, span -> span.setTraceId(bytes(15))),
        refused(
            RejectReason.INVALID_TRACE_ID,
            span -> span.setTraceId(ByteString.copyFrom(new byte[16]))),
        refused(RejectReason.INVALID_TRACE_ID, Span.Builder::clearTraceId),
        refused(RejectReason.INVALID_SPAN_ID, span -> span.setSpanId(bytes(9))),
        refused(RejectReason.INVALID_PARENT_ID, span -> span.setParentSpanId(bytes(16))),
        refused(RejectReason.INVALID_TIMESTAMP, Span.Builder::clearStartTimeUnixNano),
        refused(RejectReason.END_BEFORE_START, span -> span.setEndTimeUnixNano(NOW - 3 * HOUR)),
        refused(RejectReason.TIMESTAMP_IN_FUTURE, span -> span.setEndTimeUnixNano(NOW + 2 * HOUR)),
        refused(
            RejectReason.TIMESTAMP_TOO_OLD, span -> span.setStartTimeUnixNano(NOW - 401 * DAY)));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void span_notSound_refusedAndTheRestGoesOn(RejectReason reason, Consumer<Span.Builder> fault) {
    // Given
    Span.Builder bad = sound();
    fault.accept(bad);

    // When
    List<NormalizeResult> results = normalize(sound(), bad, sound());

    // Then
    assertThat(results).hasSize(3);
    assertThat(results.get(0)).isInstanceOf(Normalized.class);
    assertThat(results.get(2)).isInstanceOf(Normalized.class);
    RejectedSpan rejected = (RejectedSpan) results.get(1);
    assertThat(rejected.reason()).isEqualTo(reason);
    assertThat(rejected.index()).isEqualTo(1);
  }

  @Test
  void span_parentOfZerosAndNoEnd_aRootWithoutEnd() {
    // Given
    Span.Builder open =
        sound().setParentSpanId(ByteString.copyFrom(new byte[8])).clearEndTimeUnixNano();

    // When
    var span = ((Normalized) normalize(open).get(0)).span();

    // Then
    assertThat(span.getParentSpanId()).isNull();
    assertThat(span.getHasEnd()).isFalse();
    assertThat(span.getEndTimeUs()).isEqualTo(span.getStartTimeUs());
  }

  static Stream<Arguments> contradictions() {
    return Stream.of(
        Arguments.of(GenAiAttributes.USAGE_INPUT_TOKENS, -5L, "NEGATIVE_COUNT"),
        Arguments.of(GenAiAttributes.USAGE_OUTPUT_TOKENS, Long.MAX_VALUE, "ABSURD_COUNT"),
        Arguments.of(GenAiAttributes.USAGE_REASONING, 5_000L, "SUBSETS_EXCEED_OUTPUT"),
        Arguments.of(GenAiAttributes.USAGE_IMAGE_INPUT, 50_000L, "SUBSETS_EXCEED_INPUT"));
  }

  @ParameterizedTest
  @MethodSource("contradictions")
  void usage_contradiction_refusedWithRawNumbersAndSpanGoesOn(
      String attribute, long count, String error) {
    // When
    Span.Builder bad = sound().addAttributes(0, RandomRequests.number(attribute, count));
    var span = ((Normalized) normalize(bad).get(0)).span();

    // Then
    assertThat(span.getUsage()).isNull();
    assertThat(span.getUsageQuality()).isEqualTo(UsageQuality.MISSING);
    assertThat(span.getUsageError()).isEqualTo(error);
    assertThat(span.getRawUsage()).containsEntry(attribute, count);
    assertThat(span.getModelReturned()).isNotNull();
  }

  @Test
  void span_overOneMebibyte_contentCutAndMoneyKept() {
    // Given
    String huge = "wörter ".repeat(400_000);
    Span.Builder span =
        sound()
            .addAttributes(RandomRequests.text(GenAiAttributes.INPUT_MESSAGES, huge))
            .addAttributes(RandomRequests.text(GenAiAttributes.OUTPUT_MESSAGES, huge));
    for (int i = 0; i < 1_000; i++) {
      span.addAttributes(RandomRequests.text("extra." + i, "x".repeat(2_000)));
    }
    List<Finding> findings = new ArrayList<>();

    // When
    Normalized result = (Normalized) normalize(findings, span).get(0);

    // Then
    SpanContent content = result.content();
    assertThat(AvroBytes.of(content).length).isLessThan(1_000_000);
    assertThat(content.getTruncated()).isTrue();
    assertThat(content.getInput()).endsWith("…[cut, 2800000 characters in all]");
    assertThat(findings).containsOnlyOnce(Finding.CONTENT_TRUNCATED);
    assertThat(result.span().getUsage()).isNotNull();
    assertThat(AvroBytes.of(result.span()).length).isLessThan(16_000);
  }

  @Test
  void span_ofUnknownDialect_kindOtherNamesKeptAndCounted() {
    // Given
    Span.Builder span =
        sound()
            .clearAttributes()
            .addAttributes(RandomRequests.text("acme.step", "some text"))
            .addAttributes(RandomRequests.number("acme.tokens", 12));
    List<Finding> findings = new ArrayList<>();

    // When
    Normalized result = (Normalized) normalize(findings, span).get(0);

    // Then
    assertThat(result.span().getKind()).isEqualTo(SpanKind.OTHER);
    assertThat(result.span().getDialect()).isEqualTo("unknown");
    assertThat(result.span().getUsage()).isNull();
    assertThat(result.span().getUnknownAttributes()).containsExactly("acme.step", "acme.tokens");
    assertThat(result.content().getAttributes()).containsEntry("acme.step", "some text");
    assertThat(findings).containsExactly(Finding.UNKNOWN_DIALECT);
  }

  @ParameterizedTest
  @org.junit.jupiter.params.provider.ValueSource(strings = {"", " ", "null", "0", "undefined"})
  void session_junk_absent(String junk) {
    Span.Builder span =
        sound()
            .addAttributes(RandomRequests.text(GenAiAttributes.SESSION_ID, junk))
            .addAttributes(RandomRequests.text(GenAiAttributes.CONVERSATION_ID, "c-7"));
    assertThat(((Normalized) normalize(span).get(0)).span().getSessionId()).isEqualTo("c-7");
  }

  /** What an SDK writes for "nobody" must not hide the person that another attribute states. */
  @ParameterizedTest
  @org.junit.jupiter.params.provider.ValueSource(strings = {"", "null", "0", "undefined"})
  void user_junk_theNextStatedIsTheUser(String junk) {
    Span.Builder known = sound().addAttributes(RandomRequests.text("user.id", "ann"));
    Span.Builder hidden =
        sound()
            .addAttributes(RandomRequests.text(GenAiAttributes.LANGFUSE_USER_ID, junk))
            .addAttributes(RandomRequests.text("user.id", "ann"));

    String user = ((Normalized) normalize(known).get(0)).span().getUserHash();
    assertThat(((Normalized) normalize(hidden).get(0)).span().getUserHash())
        .isNotNull()
        .isEqualTo(user);
  }

  private static Arguments refused(RejectReason reason, Consumer<Span.Builder> fault) {
    return Arguments.of(reason, fault);
  }

  private static ByteString bytes(int count) {
    return ByteString.copyFrom(
        "0123456789abcdef".getBytes(java.nio.charset.StandardCharsets.UTF_8), 0, count);
  }

  private static Span.Builder sound() {
    return Span.newBuilder(new RandomRequests(new Generator(7)).span().build())
        .setTraceId(bytes(16))
        .setSpanId(bytes(8))
        .setStartTimeUnixNano(NOW - 2 * HOUR)
        .setEndTimeUnixNano(NOW - HOUR)
        .clearParentSpanId()
        .clearAttributes()
        .addAttributes(RandomRequests.text(GenAiAttributes.OPERATION_NAME, "chat"))
        .addAttributes(RandomRequests.text(GenAiAttributes.RESPONSE_MODEL, "gpt-4o"))
        .addAttributes(RandomRequests.number(GenAiAttributes.USAGE_INPUT_TOKENS, 4_000))
        .addAttributes(RandomRequests.number(GenAiAttributes.USAGE_OUTPUT_TOKENS, 300));
  }

  private static List<NormalizeResult> normalize(Span.Builder... spans) {
    return normalize(new ArrayList<>(), spans);
  }

  private static List<NormalizeResult> normalize(List<Finding> findings, Span.Builder... spans) {
    ResourceSpans.Builder resource = ResourceSpans.newBuilder();
    var scope = resource.addScopeSpansBuilder();
    for (Span.Builder span : spans) {
      scope.addSpans(span);
    }
    byte[] bytes = TracesData.newBuilder().addResourceSpans(resource).build().toByteArray();
    try {
      return OtlpFixtures.normalizer((finding, subject) -> findings.add(finding))
          .normalize(OtlpProto.parse(bytes), OtlpFixtures.CONTEXT);
    } catch (MalformedOtlpException e) {
      throw new AssertionError(e);
    }
  }
}
