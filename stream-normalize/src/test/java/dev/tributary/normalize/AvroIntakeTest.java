package dev.tributary.normalize;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.normalize.core.AvroIntake;
import dev.tributary.normalize.core.Findings;
import dev.tributary.normalize.core.NormalizeResult;
import dev.tributary.normalize.core.NormalizeResult.Normalized;
import dev.tributary.normalize.core.NormalizeResult.RejectedSpan;
import dev.tributary.normalize.core.Pseudonyms;
import dev.tributary.normalize.core.RejectReason;
import dev.tributary.schemas.Retrieval;
import dev.tributary.schemas.Span;
import dev.tributary.schemas.SpanLink;
import dev.tributary.schemas.SpanStatus;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AvroIntakeTest {
  private static final String TEXT = "first line of a prompt\nsecond line";

  private final AvroIntake intake =
      new AvroIntake(
          NormalizeConfig.defaults().rules(), new Pseudonyms("s", Map.of()), Findings.IGNORED);

  @Test
  void span_textInFieldsOfNames_leftOut() {
    // Given
    Span span = sound();
    span.setModelRequested(TEXT);
    span.setErrorType("Rate limit reached for someone");
    span.getTags().setFeature(TEXT);
    span.setSessionId("null");
    span.setUserHash("ada@example.com");

    // When
    Span out = ((Normalized) take(span)).span();

    // Then
    assertThat(out.toString()).doesNotContain("first line", "Rate limit", "ada@");
    assertThat(out.getStatus()).isEqualTo(SpanStatus.ERROR);
    assertThat(out.getSessionId()).isNull();
    assertThat(out.getUserHash()).hasSize(64);
  }

  /** A field of a hash that holds a word instead is a name like any other. */
  @Test
  void hash_thatIsNone_isRedacted() {
    Span span = sound();
    span.setToolArgsHash("ada@example.com");
    span.setInputHash("0123456789abcdef0123456789abcdef");

    Span out = ((Normalized) take(span)).span();

    assertThat(out.getToolArgsHash()).isEqualTo("[redacted:email]");
    assertThat(out.getInputHash()).isEqualTo("0123456789abcdef0123456789abcdef");
  }

  /** Else all anonymous calls would be one person's. */
  @ParameterizedTest
  @ValueSource(strings = {"null", "0", "undefined", "None"})
  void user_junk_isNobody(String junk) {
    Span span = sound();
    span.setUserHash(junk);

    assertThat(((Normalized) take(span)).span().getUserHash()).isNull();
  }

  @Test
  void retrieval_textAsItsSource_leftOut() {
    // Given
    Span span = sound();
    Retrieval retrieval = new Retrieval();
    retrieval.setSource(TEXT);
    retrieval.setHits(3);
    span.setRetrieval(retrieval);

    // When
    Span out = ((Normalized) take(span)).span();

    // Then
    assertThat(out.getRetrieval().getSource()).isNull();
    assertThat(out.getRetrieval().getHits()).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -0.5, 1.5, Double.NaN, Double.POSITIVE_INFINITY})
  void samplingProbability_none_leftOut(double stated) {
    // Given
    Span span = sound();
    span.setSamplingProbability(stated);

    // When
    Span out = ((Normalized) take(span)).span();

    // Then
    assertThat(out.getSamplingProbability()).isNull();
  }

  @Test
  void links_withoutSoundIds_leftOut() {
    // Given
    Span span = sound();
    SpanLink good = new SpanLink(span.getTraceId(), span.getSpanId());
    span.setLinks(
        List.of(
            new SpanLink("somebody@example.com", span.getSpanId()),
            good,
            new SpanLink(span.getTraceId(), "0000000000000000")));

    // When
    Span out = ((Normalized) take(span)).span();

    // Then
    assertThat(out.getLinks()).containsExactly(good);
  }

  /** Ids in upper case are ids, on links as on the span itself. */
  @Test
  void links_inUpperCase_kept() {
    // Given
    Span span = sound();
    SpanLink good = new SpanLink(span.getTraceId(), span.getSpanId());
    span.setLinks(
        List.of(
            new SpanLink(
                span.getTraceId().toUpperCase(Locale.ROOT),
                span.getSpanId().toUpperCase(Locale.ROOT))));

    // When
    Span out = ((Normalized) take(span)).span();

    // Then
    assertThat(out.getLinks()).containsExactly(good);
  }

  @Test
  void usage_negativeBucket_refusedAndSpanGoesOn() {
    // Given
    Span span = sound();
    span.getUsage().setOutputText(-1L);

    // When
    Span out = ((Normalized) take(span)).span();

    // Then
    assertThat(out.getUsage()).isNull();
    assertThat(out.getUsageError()).isEqualTo("NEGATIVE_COUNT");
  }

  @Test
  void span_endBeforeStart_rejected() {
    // Given
    Span span = sound();
    span.setEndTimeUs(span.getStartTimeUs() - 1);

    // When
    RejectedSpan refused = (RejectedSpan) take(span);

    // Then
    assertThat(refused.reason()).isEqualTo(RejectReason.END_BEFORE_START);
    assertThat(refused.traceId()).isEqualTo(span.getTraceId());
  }

  @Test
  void span_idsThatAreNone_rejectedWithoutThem() {
    // Given
    Span span = sound();
    span.setTraceId("somebody@example.com");

    // When
    RejectedSpan refused = (RejectedSpan) take(span);

    // Then
    assertThat(refused.reason()).isEqualTo(RejectReason.INVALID_TRACE_ID);
    assertThat(refused.traceId()).isNull();
    assertThat(refused.detail()).doesNotContain("somebody");
  }

  private NormalizeResult take(Span span) {
    return intake.take(span, OtlpFixtures.CONTEXT);
  }

  private static Span sound() {
    return OtlpFixtures.normalized("otel-contrib-openai/chat_basic.otlp.pb").get(0).span();
  }
}
