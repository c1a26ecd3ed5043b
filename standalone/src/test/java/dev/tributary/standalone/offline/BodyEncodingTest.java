package dev.tributary.standalone.offline;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BodyEncodingTest {
  private static final Path FILE = Path.of("request.pb");

  /** The tag is a line break, and the length after it may be any character that begins JSON. */
  @ParameterizedTest
  @ValueSource(ints = {'{', '[', 64, 127})
  void protobufOfEveryLength_isProtobuf(int length) {
    byte[] body = protobuf(length);

    assertThat(body[0]).isEqualTo((byte) '\n');
    assertThat(body[1]).isEqualTo((byte) length);
    assertThat(BodyEncoding.isJson(FILE, body)).isFalse();
    assertThat(BodyEncoding.isJson(Path.of("request.json"), body)).isFalse();
  }

  /** A request of which the end is missing is told as what it was meant to be. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"resourceSpans\":[]}|true",
        "LF{\"resourceSpans\":[]}|true",
        "LF{\"resourceSpans\":[|true",
        "LF[{\"resourceSpans\":[]}]|true",
        "LF{\"resourceSpans\":[]}LF{\"resourceSpans\":[]}LF|true",
        " {|true",
        "[|true",
        "hello|false",
        "'  '|false"
      })
  void text_isJsonWhereItBeginsLikeIt(String text, boolean isJson) {
    byte[] body = text.replace("LF", "\n").getBytes(StandardCharsets.UTF_8);

    assertThat(BodyEncoding.isJson(FILE, body)).isEqualTo(isJson);
  }

  @Test
  void whatIsNeither_isWhatItsNameSays() {
    byte[] neither = "hello".getBytes(StandardCharsets.UTF_8);

    assertThat(BodyEncoding.isJson(Path.of("hello.json"), neither)).isTrue();
    assertThat(BodyEncoding.isJson(Path.of("empty.json"), new byte[0])).isTrue();
    assertThat(BodyEncoding.isJson(FILE, neither)).isFalse();
    assertThat(BodyEncoding.isJson(FILE, new byte[0])).isFalse();
  }

  /** A request whose one part has so many bytes. */
  private static byte[] protobuf(int length) {
    int ofOneLetter = request("x").getResourceSpans(0).getSerializedSize();
    return request("x".repeat(1 + length - ofOneLetter)).toByteArray();
  }

  private static ExportTraceServiceRequest request(String name) {
    Span span =
        Span.newBuilder()
            .setTraceId(ByteString.copyFrom(new byte[16]))
            .setSpanId(ByteString.copyFrom(new byte[8]))
            .setName(name)
            .build();
    return ExportTraceServiceRequest.newBuilder()
        .addResourceSpans(
            ResourceSpans.newBuilder().addScopeSpans(ScopeSpans.newBuilder().addSpans(span)))
        .build();
  }
}
