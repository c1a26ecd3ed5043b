package dev.tributary.normalize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.normalize.core.Attributes;
import dev.tributary.normalize.core.LogBatch;
import dev.tributary.normalize.core.MetricBatch;
import dev.tributary.normalize.core.NormalizeResult.Normalized;
import dev.tributary.normalize.core.OtlpBatch;
import dev.tributary.normalize.core.OtlpLog;
import dev.tributary.normalize.core.OtlpPoint;
import dev.tributary.normalize.core.OtlpSpan;
import dev.tributary.schemas.GenAiAttributes;
import dev.tributary.schemas.SpanStatus;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class OtlpJsonTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"0af7651916cd43dd8448eb211c80319c\"",
        "\"0AF7651916CD43DD8448EB211C80319C\"",
        "[10,247,101,25,22,205,67,221,132,72,235,33,28,128,49,156]",
        "{\"type\":\"Buffer\",\"data\":[10,247,101,25,22,205,67,221,132,72,235,33,28,128,49,156]}",
        "{\"0\":10,\"1\":247,\"2\":101,\"3\":25,\"4\":22,\"5\":205,\"6\":67,\"7\":221,\"8\":132,"
            + "\"9\":72,\"10\":235,\"11\":33,\"12\":28,\"13\":128,\"14\":49,\"15\":156}"
      })
  void traceId_anySpelling_hex(String id) {
    assertThat(span("\"traceId\":" + id).traceId()).isEqualTo(TRACE);
    assertThat(span("\"trace_id\":" + id).traceId()).isEqualTo(TRACE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"1795211421636000123\"",
        "1795211421636000123",
        "{\"low\":-883525253,\"high\":417980230}"
      })
  void time_anySpelling_nanoseconds(String time) {
    assertThat(span("\"startTimeUnixNano\":" + time).startNanos()).isEqualTo(1795211421636000123L);
    assertThat(span("\"end_time_unix_nano\":" + time).endNanos()).isEqualTo(1795211421636000123L);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"yesterday\"", "-5", "true", "1e400", "\"18446744073709551616\""})
  void time_notReadable_spanRejectedNotBatch(String time) {
    assertThat(span("\"startTimeUnixNano\":" + time).startNanos()).isNegative();
  }

  @ParameterizedTest
  @ValueSource(strings = {"2", "\"2\"", "\"STATUS_CODE_ERROR\"", "\"ERROR\""})
  void statusCode_numberOrName_error(String code) {
    assertThat(span("\"status\":{\"code\":" + code + "}").statusCode()).isEqualTo(2);
  }

  @Test
  void values_bothNumberStylesAndNesting_sameModel() {
    assertThat(value("{\"intValue\":128}")).isEqualTo(128L);
    assertThat(value("{\"intValue\":\"128\"}")).isEqualTo(128L);
    assertThat(value("{\"int_value\":{\"low\":128,\"high\":0}}")).isEqualTo(128L);
    assertThat(value("{\"doubleValue\":2}")).isEqualTo(2.0);
    assertThat(value("{\"doubleValue\":\"NaN\"}")).isEqualTo(Double.NaN);
    assertThat(value("{\"boolValue\":true}")).isEqualTo(true);
    assertThat(value("{\"arrayValue\":{\"values\":[{\"stringValue\":\"stop\"}]}}"))
        .isEqualTo(List.of("stop"));
    assertThat(
            value(
                "{\"kvlistValue\":{\"values\":[{\"key\":\"a\",\"value\":{\"intValue\":\"1\"}}]}}"))
        .isEqualTo(Map.of("a", 1L));
  }

  @Test
  void attributes_objectWrittenByHand_readAsPlainValues() {
    Attributes attributes =
        span("\"attributes\":{\"model\":\"m\",\"tokens\":12,\"stops\":[\"a\",[\"b\"]],"
                + "\"typed\":{\"intValue\":\"7\"},\"none\":null,\"absent\":{},"
                + "\"messages\":[{\"role\":\"user\",\"parts\":[{\"n\":1}]}]}")
            .attributes();

    assertThat(attributes.find("model")).isEqualTo("m");
    assertThat(attributes.find("tokens")).isEqualTo(12L);
    assertThat(attributes.find("stops")).isEqualTo(List.of("a", List.of("b")));
    assertThat(attributes.find("typed")).isEqualTo(7L);
    assertThat(attributes.find("none")).isNull();
    assertThat(attributes.find("absent")).isNull();
    assertThat(attributes.find("messages"))
        .isEqualTo(List.of(Map.of("role", "user", "parts", List.of(Map.of("n", 1L)))));
  }

  @ParameterizedTest
  @CsvSource({
    "instrumentationLibrarySpans, instrumentationLibrary",
    "instrumentation_library_spans, instrumentation_library"
  })
  void parse_scopesUnderTheirOldName_readAlike(String list, String scope)
      throws MalformedOtlpException {
    String text =
        "{\"resourceSpans\":[{\"scopeSpans\":[],\""
            + list
            + "\":[{\""
            + scope
            + "\":{\"name\":\"lib\",\"version\":\"1\"},"
            + "\"spans\":[{\"traceId\":\""
            + TRACE
            + "\"}]}]}]}";

    OtlpBatch batch = OtlpJson.parse(text.getBytes(StandardCharsets.UTF_8));

    assertThat(batch.groups().get(0).scopeName()).isEqualTo("lib");
    assertThat(batch.groups().get(0).spans()).extracting(OtlpSpan::traceId).containsExactly(TRACE);
  }

  @ParameterizedTest
  @CsvSource({
    "scopeLogs, scope, logRecords",
    "instrumentationLibraryLogs, instrumentationLibrary, logs",
    "instrumentation_library_logs, instrumentation_library, log_records"
  })
  void parseLogs_scopesUnderTheirOldName_readAlike(String list, String scope, String records)
      throws MalformedOtlpException {
    String text =
        "{\"resourceLogs\":[{\"%s\":[{\"%s\":{\"name\":\"lib\",\"version\":\"1\"},\"%s\":[{\"traceId\":\"%s\"}]}]}]}"
            .formatted(list, scope, records, TRACE);

    LogBatch batch = OtlpLogJson.parse(text.getBytes(StandardCharsets.UTF_8));

    assertThat(batch.groups().get(0).scopeName()).isEqualTo("lib");
    assertThat(batch.groups().get(0).scopeVersion()).isEqualTo("1");
    assertThat(batch.groups().get(0).logs()).extracting(OtlpLog::traceId).containsExactly(TRACE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "scopeMetrics",
        "instrumentationLibraryMetrics",
        "instrumentation_library_metrics"
      })
  void parseMetrics_scopesUnderTheirOldName_readAlike(String list) throws MalformedOtlpException {
    String text = SignalRequests.metricsJson().replace("scopeMetrics", list);

    MetricBatch batch = OtlpMetricJson.parse(text.getBytes(StandardCharsets.UTF_8));

    assertThat(batch.groups().get(0).points())
        .extracting(OtlpPoint::metric)
        .containsExactly(
            "vllm:num_requests_running",
            "vllm:generation_tokens_total",
            "tgi_request_queue_duration");
  }

  @Test
  void values_nestedWithoutEnd_cutAtTheLimit() {
    // Given
    String deep = "{\"arrayValue\":{\"values\":[".repeat(40) + "]}}".repeat(40);

    // When
    Object value = value(deep);
    Object byHand = value("[".repeat(40) + "]".repeat(40));

    // Then
    assertThat(value.toString()).contains("nested too deep");
    assertThat(byHand.toString()).contains("nested too deep");
  }

  static Stream<Arguments> oddities() {
    return Stream.of(
        Arguments.of(
            "unknown member nested deep", "\"x\":" + "[".repeat(5_000) + "]".repeat(5_000)),
        Arguments.of(
            "value nested deep",
            "\"value\":" + "{\"arrayValue\":{\"values\":[".repeat(900) + "]}}".repeat(900)),
        Arguments.of("number of many digits", "\"value\":{\"intValue\":" + "9".repeat(5_000) + "}"),
        Arguments.of(
            "fraction of many digits", "\"value\":{\"doubleValue\":0." + "3".repeat(5_000) + "}"),
        Arguments.of("long name", "\"" + "n".repeat(60_000) + "\":1"),
        Arguments.of("bare NaN", "\"value\":{\"doubleValue\":NaN}"),
        Arguments.of("bare infinity", "\"value\":{\"doubleValue\":-Infinity}"),
        Arguments.of("line feed in a text", "\"value\":{\"stringValue\":\"a\nb\"}"),
        Arguments.of("bytes that are no UTF-8", "\"value\":{\"stringValue\":\"a\u00C3\u0028b\"}"),
        Arguments.of(
            "text cut inside a character", "\"value\":{\"stringValue\":\"\u00E2\u0082\"}"));
  }

  /** What one attribute holds costs that attribute at most, and never the spans beside it. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("oddities")
  void request_oddAttribute_everySpanKept(String what, String attribute)
      throws MalformedOtlpException {
    String before = "\"traceId\":\"" + TRACE + "\"";
    String odd = before + ",\"attributes\":[{\"key\":\"k\"," + attribute + "}]";
    String after = before + ",\"name\":\"after\"";
    // One byte for each character: bytes that are no UTF-8 come from the cases.
    byte[] bytes =
        request(before + "},{" + odd + "},{" + after).getBytes(StandardCharsets.ISO_8859_1);

    List<OtlpSpan> spans = OtlpJson.parse(bytes).groups().get(0).spans();

    assertThat(spans).hasSize(3).allMatch(span -> span.traceId().equals(TRACE));
    assertThat(spans.get(2).name()).isEqualTo("after");
  }

  @Test
  void values_odd_readAsFarAsTheyGo() throws MalformedOtlpException {
    assertThat(value("{\"doubleValue\":NaN}")).isEqualTo(Double.NaN);
    assertThat(value("{\"doubleValue\":-Infinity}")).isEqualTo(Double.NEGATIVE_INFINITY);
    assertThat(value("{\"doubleValue\":0." + "5".repeat(2_000) + "}")).isEqualTo(5.0 / 9);
    assertThat(value("{\"intValue\":" + "9".repeat(2_000) + "}")).isEqualTo("9".repeat(2_000));
    assertThat(value("{\"stringValue\":\"a\nb\"}")).isEqualTo("a\nb");
    String cut = request("\"name\":\"a\u00C3(b\"");
    byte[] bytes = cut.getBytes(StandardCharsets.ISO_8859_1);
    assertThat(OtlpJson.parse(bytes).groups().get(0).spans().get(0).name()).isEqualTo("a\uFFFD(b");
  }

  @Test
  void parse_byteOrderMark_skipped() throws MalformedOtlpException {
    byte[] bytes = ("\uFEFF" + request("\"name\":\"n\"")).getBytes(StandardCharsets.UTF_8);
    assertThat(OtlpJson.parse(bytes).spanCount()).isEqualTo(1);
    bytes[bytes.length - "n\"}]}]}]}".length()] = (byte) 0xC3;
    assertThat(OtlpJson.parse(bytes).spanCount()).isEqualTo(1);
  }

  /** JSON is UTF-8 here: what looks like another encoding is not guessed at. */
  @ParameterizedTest
  @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32", "UTF-32LE"})
  void parse_otherEncoding_malformed(String encoding) {
    byte[] bytes = request("\"name\":\"n\"").getBytes(Charset.forName(encoding));
    assertThatThrownBy(() -> OtlpJson.parse(bytes)).isInstanceOf(MalformedOtlpException.class);
  }

  /** Bytes that are no UTF-8 are mended, and what is wrong beside them is still refused. */
  @ParameterizedTest
  @ValueSource(strings = {"", "\u00C3"})
  void parse_cutOffOrMoreThanOneValue_malformed(String odd) {
    String whole = request("\"name\":\"" + odd + "(\"");
    for (String text : List.of(whole.substring(0, whole.length() - 1), whole + "{}", "", odd)) {
      byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
      assertThatThrownBy(() -> OtlpJson.parse(bytes)).isInstanceOf(MalformedOtlpException.class);
    }
  }

  /** A frame that is no list would lose its spans without a trace. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"resourceSpans\":[{\"scopeSpans\":{\"spans\":[{\"name\":\"n\"}]}}]}",
        "{\"resourceSpans\":[{\"instrumentationLibrarySpans\":{\"spans\":[{\"name\":\"n\"}]}}]}",
        "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":{\"name\":\"n\"}}]}]}",
        "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":\"none\"}]}]}",
        "{\"resourceSpans\":[5]}",
        "{\"resourceSpans\":[{\"scopeSpans\":[[]]}]}"
      })
  void parse_frameOfAnotherShape_malformed(String text) {
    assertThatThrownBy(() -> OtlpJson.parse(text.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(MalformedOtlpException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"resourceSpans\":[]}",
        "{\"resourceSpans\":[{}]}",
        "{\"resourceSpans\":[{\"scopeSpans\":null}]}",
        "{\"resourceSpans\":[{\"scopeSpans\":[{\"scope\":null,\"spans\":null}]}]}"
      })
  void parse_emptyFrames_noSpans(String text) throws MalformedOtlpException {
    assertThat(OtlpJson.parse(text.getBytes(StandardCharsets.UTF_8)).spanCount()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"resourceLogs\":[{\"scopeLogs\":{}}]}",
        "{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":{}}]}]}"
      })
  void parseLogs_frameOfAnotherShape_malformed(String text) {
    assertThatThrownBy(() -> OtlpLogJson.parse(text.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(MalformedOtlpException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"resourceMetrics\":[{\"scopeMetrics\":{}}]}",
        "{\"resourceMetrics\":[{\"scopeMetrics\":[{\"metrics\":{}}]}]}"
      })
  void parseMetrics_frameOfAnotherShape_malformed(String text) {
    assertThatThrownBy(() -> OtlpMetricJson.parse(text.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(MalformedOtlpException.class);
  }

  @Test
  void usage_numbersAsTextAndStatusByName_read() throws MalformedOtlpException {
    // Given
    String json =
        request(
            "\"traceId\":\""
                + TRACE
                + "\",\"spanId\":\"b7ad6b7169203331\",\"startTimeUnixNano\":\"1795211421636000123\","
                + "\"endTimeUnixNano\":\"1795211421736000123\",\"status\":{\"code\":\"ERROR\"},"
                + "\"attributes\":[{\"key\":\""
                + GenAiAttributes.USAGE_INPUT_TOKENS
                + "\",\"value\":{\"stringValue\":\" 12 \"}},{\"key\":\""
                + GenAiAttributes.USAGE_OUTPUT_TOKENS
                + "\",\"value\":{\"doubleValue\":7.0}},{\"key\":\""
                + GenAiAttributes.RESPONSE_MODEL
                + "\",\"value\":{\"stringValue\":\"gpt-4o\"}}]");

    // When
    Normalized result =
        (Normalized)
            OtlpFixtures.results(OtlpJson.parse(json.getBytes(StandardCharsets.UTF_8))).get(0);

    // Then
    assertThat(result.span().getUsage().getInputUncached()).isEqualTo(12);
    assertThat(result.span().getUsage().getOutputText()).isEqualTo(7);
    assertThat(result.span().getUsage().getCacheRead()).isNull();
    assertThat(result.span().getStatus()).isEqualTo(SpanStatus.ERROR);
    assertThat(result.span().getProvider()).isEqualTo("openai");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "{\"resourceSpans\":[", "nope", "{\"a\":1}", "{} {}"})
  void parse_notARequest_malformed(String text) {
    assertThatThrownBy(() -> OtlpJson.parse(text.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(MalformedOtlpException.class);
  }

  private static Object value(String json) {
    return span("\"attributes\":[{\"key\":\"k\",\"value\":" + json + "}]").attributes().value(0);
  }

  private static OtlpSpan span(String members) {
    try {
      byte[] bytes = request(members).getBytes(StandardCharsets.UTF_8);
      return OtlpJson.parse(bytes).groups().get(0).spans().get(0);
    } catch (MalformedOtlpException e) {
      throw new AssertionError(e);
    }
  }

  private static String request(String members) {
    return "{\"resource_spans\":[{\"scope_spans\":[{\"spans\":[{" + members + "}]}]}]}";
  }
}
