package dev.tributary.normalize;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.UnknownFieldSet;
import dev.tributary.normalize.core.Attributes;
import dev.tributary.normalize.core.NormalizeResult;
import dev.tributary.normalize.core.NormalizeResult.Normalized;
import dev.tributary.normalize.core.Normalizer;
import dev.tributary.normalize.core.OtlpBatch;
import dev.tributary.normalize.core.OtlpSpan;
import dev.tributary.schemas.FrameworkAttributes;
import dev.tributary.schemas.GenAiAttributes;
import dev.tributary.schemas.Purpose;
import dev.tributary.schemas.Span;
import dev.tributary.schemas.SpanStatus;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.TracesData;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Values that a payload can hold and no instrumentation would write: each costs only itself. */
class HostileValuesTest {
  private static final long NOW_NANOS = OtlpFixtures.NOW.getEpochSecond() * 1_000_000_000L;

  /** Its exponent fits into an int; its number of digits does not. */
  private static final String BEYOND_INT = "1e2147483647";

  @ParameterizedTest
  @ValueSource(strings = {BEYOND_INT, "-" + BEYOND_INT, "10e2147483646", "1e400", "1e-2147483647"})
  void count_exponentOfAnySize_notReadAndTheSpanGoesOn(String number) {
    Span units =
        span(
            GenAiAttributes.AI_RESPONSE_PROVIDER_METADATA,
            "{\"anthropic\":{\"usage\":{\"server_tool_use\":{\"web_search_requests\":"
                + number
                + "}}}}",
            GenAiAttributes.USAGE_INPUT_TOKENS,
            7L);
    Span tokens =
        span(
            FrameworkAttributes.LANGSMITH_USAGE,
            "{\"input_tokens\":" + number + ",\"output_tokens\":3}");

    assertThat(units.getUsage().getInputUncached()).isEqualTo(7);
    assertThat(units.getUsage().getUnits()).isNull();
    assertThat(tokens.getUsage().getInputUncached()).isNull();
    assertThat(tokens.getUsage().getOutputText()).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1e9999", "1e99999999", BEYOND_INT, "1e-9999"})
  void reportedCost_exponentOfAnySize_notWrittenOut(String number) {
    Span langfuse = span(GenAiAttributes.LANGFUSE_COST_DETAILS, "{\"total\":" + number + "}");
    Span mlflow = span(FrameworkAttributes.MLFLOW_COST, "{\"total_cost\":" + number + "}");

    // Not compared as text: a failure would write it out as well.
    assertThat(langfuse.getReportedCost() == null).as("langfuse has none").isTrue();
    assertThat(mlflow.getReportedCost() == null).as("mlflow has none").isTrue();
  }

  @Test
  void langfuseParts_sumBeyondALong_refused() {
    Span span =
        span(
            GenAiAttributes.LANGFUSE_USAGE_DETAILS,
            "{\"input\":9223372036854775807,\"input_a\":9223372036854775807,\"input_b\":12}");

    assertThat(span.getUsage()).isNull();
    assertThat(span.getUsageError()).isEqualTo("ABSURD_COUNT");
  }

  /** A total must not stand in for a count that is refused: nothing says which of them is right. */
  @Test
  void geminiOutput_beyondAnyContext_refusedWhateverTheTotal() {
    Span span =
        span(
            GenAiAttributes.PROVIDER_NAME,
            "gcp.gemini",
            GenAiAttributes.USAGE_INPUT_TOKENS,
            5L,
            GenAiAttributes.USAGE_OUTPUT_TOKENS,
            Long.MAX_VALUE,
            GenAiAttributes.USAGE_TOTAL_TOKENS,
            10L);

    assertThat(span.getUsage()).isNull();
    assertThat(span.getUsageError()).isEqualTo("ABSURD_COUNT");
  }

  @ParameterizedTest
  @CsvSource({
    "Eval, EVAL, 0",
    "product, PRODUCT, 0",
    "'', PRODUCT, 0",
    "unknown, UNKNOWN, 1",
    "judge, UNKNOWN, 1"
  })
  void purpose_thatNobodyKnows_isNoProductsAndCounted(String stated, Purpose purpose, int failed) {
    List<String> found = new ArrayList<>();
    Normalizer normalizer =
        OtlpFixtures.normalizer((finding, subject) -> found.add(finding + " " + subject));
    Attributes attributes =
        new Attributes.Builder().add(GenAiAttributes.TRIBUTARY_PURPOSE, stated).build();

    NormalizeResult result =
        normalizer
            .normalize(
                new OtlpBatch(
                    List.of(
                        new OtlpBatch.Group(
                            Attributes.NONE, "acme", "1", List.of(otlp(attributes, "", ""))))),
                OtlpFixtures.CONTEXT)
            .get(0);

    assertThat(((Normalized) result).span().getPurpose()).isEqualTo(purpose);
    assertThat(
            found.stream().filter(("COERCION_FAILED " + GenAiAttributes.TRIBUTARY_PURPOSE)::equals))
        .hasSize(failed);
  }

  /** What stays off the span is counted, of whatever type it is. */
  @Test
  void structureWhereANameBelongs_isCounted() {
    List<String> failed = new ArrayList<>();
    Normalizer normalizer =
        OtlpFixtures.normalizer((finding, subject) -> failed.add(finding + " " + subject));
    Attributes attributes =
        new Attributes.Builder()
            .add(GenAiAttributes.REQUEST_MODEL, List.of("gpt-4o"))
            .add(GenAiAttributes.CONVERSATION_ID, Map.of("id", "c-1"))
            .add(GenAiAttributes.RESPONSE_ID, List.of())
            .build();
    normalizer.normalize(
        new OtlpBatch(
            List.of(
                new OtlpBatch.Group(
                    Attributes.NONE, "acme", "1", List.of(otlp(attributes, "", ""))))),
        OtlpFixtures.CONTEXT);

    assertThat(failed)
        .contains(
            "COERCION_FAILED " + GenAiAttributes.REQUEST_MODEL,
            "COERCION_FAILED " + GenAiAttributes.CONVERSATION_ID)
        .doesNotContain("COERCION_FAILED " + GenAiAttributes.RESPONSE_ID);
  }

  @Test
  void structureWhereANameBelongs_staysOffTheSpan() {
    Map<String, Object> planted = Map.of("note", "planted words of a user");
    Normalized normalized =
        normalized(
            GenAiAttributes.SESSION_ID,
            planted,
            GenAiAttributes.AGENT_NAME,
            planted,
            GenAiAttributes.TOOL_NAME,
            planted,
            "tributary.feature",
            planted);

    assertThat(normalized.span().toString()).doesNotContain("planted");
    assertThat(normalized.content().getAttributes().toString()).contains("planted words");
  }

  @Test
  void errorType_empty_noError() {
    assertThat(span(GenAiAttributes.ERROR_TYPE, "").getStatus()).isEqualTo(SpanStatus.UNSET);
    assertThat(span(GenAiAttributes.ERROR_TYPE, " ").getStatus()).isEqualTo(SpanStatus.UNSET);
  }

  @ParameterizedTest
  @CsvSource({
    "ot=th:8, 0.5",
    "'vendor=1,ot=th:c;rv:1', 0.25",
    "'vendor=1, ot=rv:1;th:c', 0.25",
    "robot=th:8, ",
    "'ot=p:8,vendor=th:8', ",
    "ot=xth:8, ",
  })
  void samplingThreshold_onlyOfTheMemberOfOpenTelemetry(String traceState, Double probability) {
    OtlpSpan plain = otlp(Attributes.NONE, traceState, "");

    assertThat(result(plain).span().getSamplingProbability()).isEqualTo(probability);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Error code: 429 - {'error': {'message': 'Rate limit'}} | 429",
        "RateLimitError: Error code: 429 - {'error': 1} | 429",
        "Error code: 4290 - many | ",
        "Error code: none | ",
        "Error: 503 Service Unavailable | 503",
        "200 requests were left | ",
        "399 of them | ",
        "600 of them | ",
      })
  void httpStatus_asPythonClientsWriteIt_read(String message, Integer status) {
    assertThat(result(otlp(Attributes.NONE, "", message)).span().getHttpStatus()).isEqualTo(status);
  }

  /** From there on a double stands for several whole numbers, and none of them is a count. */
  @Test
  void count_asADoubleBeyondExactness_notRead() {
    double exact = 1L << 53;
    double next = exact + 2;

    assertThat(span(GenAiAttributes.USAGE_INPUT_TOKENS, exact).getUsageError())
        .isEqualTo("ABSURD_COUNT");
    assertThat(span(GenAiAttributes.USAGE_INPUT_TOKENS, next).getUsageError()).isNull();
    assertThat(span(GenAiAttributes.USAGE_INPUT_TOKENS, next).getUsage()).isNull();
    assertThat(span(GenAiAttributes.USAGE_INPUT_TOKENS, next).getRawUsage()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"1, 1.0", "0.25, 0.25", "0, ", "-0.5, ", "1.01, ", "often, "})
  void samplingProbability_stated(String stated, Double probability) {
    assertThat(
            span(GenAiAttributes.TRIBUTARY_SAMPLING_PROBABILITY, stated).getSamplingProbability())
        .isEqualTo(probability);
  }

  /** The first resend is the second attempt. */
  @ParameterizedTest
  @CsvSource({"0, 1", "1, 2", "-1, ", "9000000, "})
  void attempt_ofResends(long resends, Integer attempt) {
    assertThat(span(GenAiAttributes.HTTP_RESEND_COUNT, resends).getAttempt()).isEqualTo(attempt);
  }

  @Test
  void groups_nestedWithoutEnd_malformed() {
    byte[] bytes = new byte[2_000_000];
    java.util.Arrays.fill(bytes, (byte) 0x73);

    org.assertj.core.api.Assertions.assertThatThrownBy(() -> OtlpProto.parse(bytes))
        .isInstanceOf(MalformedOtlpException.class);
  }

  /** Deep enough to run out of stack, were each level followed. */
  @ParameterizedTest
  @ValueSource(strings = {"array", "map"})
  void value_nestedWithoutEnd_cutAndTheSpanGoesOn(String structure) throws Exception {
    List<byte[]> heads = new ArrayList<>();
    int length = 0;
    byte[] tags =
        structure.equals("array")
            ? new byte[] {0x0A, 0x2A}
            : new byte[] {0x12, 0x0A, 0x32}; // a map's entries have a key and a value
    for (int level = 0; level < 30_000; level++) {
      for (byte tag : tags) {
        ByteString.Output head = ByteString.newOutput();
        CodedOutputStream out = CodedOutputStream.newInstance(head);
        out.writeRawByte(tag);
        out.writeUInt32NoTag(length);
        out.flush();
        heads.add(head.toByteString().toByteArray());
        length += heads.get(heads.size() - 1).length;
      }
    }
    Collections.reverse(heads);
    ByteString.Output value = ByteString.newOutput();
    for (byte[] head : heads) {
      value.write(head);
    }
    AnyValue empty = AnyValue.getDefaultInstance();
    KeyValue attribute =
        KeyValue.newBuilder()
            .setKey("deep")
            .setValue(
                empty.toBuilder().setUnknownFields(UnknownFieldSet.parseFrom(value.toByteString())))
            .build();
    TracesData.Builder request = TracesData.newBuilder();
    request
        .addResourceSpansBuilder()
        .addScopeSpansBuilder()
        .addSpansBuilder()
        .addAttributes(attribute);

    Object read =
        OtlpProto.parse(request.build().toByteArray())
            .groups()
            .get(0)
            .spans()
            .get(0)
            .attributes()
            .value(0);

    assertThat(read.toString()).contains("nested too deep").hasSizeLessThan(1_000);
  }

  @Test
  void providersUsageObject_inLangfuse_rawNumbersKept() {
    Span span =
        span(
            GenAiAttributes.LANGFUSE_USAGE_DETAILS,
            "{\"prompt_tokens\":100,\"completion_tokens\":5,"
                + "\"completion_tokens_details\":{\"reasoning_tokens\":50}}");

    assertThat(span.getUsageError()).isEqualTo("SUBSETS_EXCEED_OUTPUT");
    assertThat(span.getRawUsage()).containsValues(100L, 5L, 50L);
  }

  private static Span span(Object... attributes) {
    return normalized(attributes).span();
  }

  private static Normalized normalized(Object... attributes) {
    Attributes.Builder builder = new Attributes.Builder();
    for (int i = 0; i < attributes.length; i += 2) {
      builder.add((String) attributes[i], attributes[i + 1]);
    }
    return result(otlp(builder.build(), "", ""));
  }

  private static Normalized result(OtlpSpan span) {
    OtlpBatch batch =
        new OtlpBatch(List.of(new OtlpBatch.Group(Attributes.NONE, "acme", "1", List.of(span))));
    return (Normalized) OtlpFixtures.results(batch).get(0);
  }

  private static OtlpSpan otlp(Attributes attributes, String traceState, String statusMessage) {
    return new OtlpSpan(
        "0af7651916cd43dd8448eb211c80319c",
        "b7ad6b7169203331",
        "",
        traceState,
        "call",
        NOW_NANOS - 1_000_000,
        NOW_NANOS,
        attributes,
        List.of(),
        List.of(),
        statusMessage.isEmpty() ? 0 : 2,
        statusMessage);
  }
}
