package dev.tributary.standalone.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordedBodyTest {
  @TempDir private Path folder;

  /** A Collector's file exporter writes a request a line: sending the first alone loses money. */
  @ParameterizedTest
  @ValueSource(strings = {"{\"resourceSpans\":[]}\n{\"resourceSpans\":[]}\n", "", " \n", "[]", "7"})
  void jsonThatIsNotOneRequest_isRefusedWithItsFile(String text) throws Exception {
    Path file = Files.writeString(folder.resolve("calls.json"), text);

    assertThatThrownBy(() -> RecordedBody.read(file))
        .isInstanceOf(TraceFileException.class)
        .hasMessageContaining("calls.json, line ");
  }

  @Test
  void jsonBeyondTheParsersLimits_isRefusedWithItsFile() throws Exception {
    Path file = Files.writeString(folder.resolve("deep.json"), "[".repeat(5_000));

    assertThatThrownBy(() -> RecordedBody.read(file))
        .isInstanceOf(TraceFileException.class)
        .hasMessageContaining("deep.json, line ");
  }

  @Test
  void protobuf_everyTimeMoves_andAMissingOneStaysMissing() throws Exception {
    Path file = folder.resolve("calls.pb");
    Files.write(file, request(span(100, 200, 150), span(300, 0, 0)).toByteArray());

    RecordedBody body = RecordedBody.read(file);

    assertThat(body.lastEndNanos()).isEqualTo(200);
    assertThat(ExportTraceServiceRequest.parseFrom(body.shifted(1_000)))
        .isEqualTo(request(span(1_100, 1_200, 1_150), span(1_300, 0, 0)));
  }

  @Test
  void json_everyTimeMoves_inBothSpellings_andAMissingOneStaysMissing() throws Exception {
    String text =
        """
        {"resourceSpans":[{"scopeSpans":[{"spans":[
          {"startTimeUnixNano":"100","endTimeUnixNano":200,"events":[{"timeUnixNano":"150"}]},
          {"start_time_unix_nano":"300","end_time_unix_nano":"250"},
          {"startTimeUnixNano":"300","endTimeUnixNano":"0","events":[{"timeUnixNano":null}]}]}]}]}
        """;
    Path file = Files.writeString(folder.resolve("calls.json"), text);

    RecordedBody body = RecordedBody.read(file);

    assertThat(body.lastEndNanos()).isEqualTo(250);
    JsonNode spans = new ObjectMapper().readTree(body.shifted(1_000)).findValue("spans");
    assertThat(spans.get(0).path("startTimeUnixNano").asText()).isEqualTo("1100");
    assertThat(spans.get(0).path("endTimeUnixNano").asText()).isEqualTo("1200");
    assertThat(spans.get(0).findValue("timeUnixNano").asText()).isEqualTo("1150");
    assertThat(spans.get(1).path("start_time_unix_nano").asText()).isEqualTo("1300");
    assertThat(spans.get(1).path("end_time_unix_nano").asText()).isEqualTo("1250");
    assertThat(spans.get(2).path("endTimeUnixNano").asText()).isEqualTo("0");
    assertThat(spans.get(2).findValue("timeUnixNano").isNull()).isTrue();
  }

  private static ExportTraceServiceRequest request(Span... spans) {
    ScopeSpans.Builder scope = ScopeSpans.newBuilder();
    for (Span span : spans) {
      scope.addSpans(span);
    }
    return ExportTraceServiceRequest.newBuilder()
        .addResourceSpans(ResourceSpans.newBuilder().addScopeSpans(scope))
        .build();
  }

  private static Span span(long start, long end, long event) {
    return Span.newBuilder()
        .setStartTimeUnixNano(start)
        .setEndTimeUnixNano(end)
        .addEvents(Span.Event.newBuilder().setTimeUnixNano(event))
        .build();
  }
}
