package dev.tributary.standalone.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import dev.tributary.normalize.OtlpJson;
import dev.tributary.normalize.OtlpProto;
import dev.tributary.normalize.core.OtlpBatch;
import dev.tributary.normalize.core.OtlpSpan;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a request's bytes on their way into Kafka. */
class OtlpSplitterTest {
  private static final int MAX_RECORD = 1_000;
  private static final int MAX_TOTAL = 20_000;

  @Test
  void protobuf_textThatIsNoUtf8InOneSpan_allGoOn() throws Exception {
    byte[] body = withBrokenText(request("", span(1, 20), span(2, 20)));

    OtlpSplitter.Split split = split(body, false);

    assertThat(split.records()).containsExactly(body);
    assertThat(names(split, false)).hasSize(2);
  }

  @Test
  void protobuf_textThatIsNoUtf8InALargeRequest_splitAndAllGoOn() throws Exception {
    byte[] body = withBrokenText(request("", span(1, 600), span(2, 600), span(3, 20)));

    OtlpSplitter.Split split = split(body, false);

    assertThat(split.records())
        .hasSize(3)
        .allSatisfy(record -> assertThat(record).hasSizeLessThan(MAX_RECORD));
    assertThat(names(split, false)).hasSize(3).contains("x".repeat(20));
    assertThat(split.leftOut()).isZero();
  }

  /** Who reads the topic refuses that span alone. */
  @ParameterizedTest
  @CsvSource({"20, 1", "600, 3"})
  void protobuf_oneSpanIsBroken_allGoOn(int size, int records) throws Exception {
    byte[] body = request("", span(1, size), span(2, size), span(3, size));
    for (int i = 1; i < body.length; i++) {
      if (body[i - 1] == 2 && body[i] == (Span.NAME_FIELD_NUMBER << 3 | 2)) {
        // Behind the id of the second: there is no such type.
        body[i] = Span.NAME_FIELD_NUMBER << 3 | 7;
      }
    }

    OtlpSplitter.Split split = split(body, false);

    assertThat(split.records()).hasSize(records);
    List<String> unreadable = new ArrayList<>();
    int readable = 0;
    for (byte[] record : split.records()) {
      for (OtlpBatch.Group group : OtlpProto.parse(record).groups()) {
        for (OtlpSpan span : group.spans()) {
          if (span.unreadable() == null) {
            readable++;
          } else {
            unreadable.add(span.unreadable());
          }
        }
      }
    }
    assertThat(readable).isEqualTo(2);
    assertThat(unreadable).hasSize(1);
  }

  @Test
  void protobuf_valueNestedDeeply_allGoOn() throws Exception {
    AnyValue deep = AnyValue.newBuilder().setStringValue("core").build();
    for (int i = 0; i < 60; i++) {
      AnyValue.Builder around = AnyValue.newBuilder();
      around.getArrayValueBuilder().addValues(deep);
      deep = around.build();
    }
    Span odd =
        span(1, 5).toBuilder()
            .addAttributes(KeyValue.newBuilder().setKey("deep").setValue(deep))
            .build();

    OtlpSplitter.Split split = split(request("", odd, span(2, 5)), false);

    assertThat(names(split, false)).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void largeRequest_resourceRepeatedForEachSpan_refusedBeyondABound(boolean json) {
    Span[] spans = new Span[100];
    for (int i = 0; i < spans.length; i++) {
      spans[i] = span(i, 5);
    }
    byte[] body = json ? json("x".repeat(600), spans.length) : request("x".repeat(600), spans);

    RefusedRequestException refused =
        catchThrowableOfType(RefusedRequestException.class, () -> split(body, json));

    assertThat(refused).isNotNull();
    assertThat(refused.status()).isEqualTo(413);
  }

  /** Kafka refuses a record of one byte more, and nothing below it has to be split or left out. */
  @Test
  void bounds_areTheLastThatFit() throws Exception {
    byte[] body = request("", span(1, 600), span(2, 20));
    int single = request("", span(1, 600)).length;
    int other = request("", span(2, 20)).length;

    assertThat(OtlpSplitter.split(body, false, body.length, MAX_TOTAL).records())
        .containsExactly(body);
    assertThat(OtlpSplitter.split(body, false, body.length - 1, MAX_TOTAL).records()).hasSize(2);
    assertThat(OtlpSplitter.split(body, false, single, MAX_TOTAL).leftOut()).isZero();
    assertThat(OtlpSplitter.split(body, false, single - 1, MAX_TOTAL).leftOut()).isEqualTo(1);
    assertThat(OtlpSplitter.split(body, false, single, single + other).records()).hasSize(2);
    RefusedRequestException refused =
        catchThrowableOfType(
            RefusedRequestException.class,
            () -> OtlpSplitter.split(body, false, single, single + other - 1));
    assertThat(refused.status()).isEqualTo(413);
  }

  @Test
  void otherSignals_areTakenUpToTheSizeOfARecord() throws Exception {
    assertThat(OtlpSplitter.whole(new byte[10], 10).records()).hasSize(1);
    RefusedRequestException refused =
        catchThrowableOfType(
            RefusedRequestException.class, () -> OtlpSplitter.whole(new byte[11], 10));
    assertThat(refused.status()).isEqualTo(413);
  }

  @Test
  void json_largeRequest_everySpanWithItsResourceAndScope() throws Exception {
    OtlpSplitter.Split split = split(json("shop", 15), true);

    assertThat(split.records()).hasSize(15);
    for (byte[] record : split.records()) {
      OtlpBatch.Group group = OtlpJson.parse(record).groups().get(0);
      assertThat(group.resource().value(0)).isEqualTo("shop");
      assertThat(group.scopeName()).isEqualTo("judge");
      assertThat(group.spans()).hasSize(1);
    }
    assertThat(names(split, true)).doesNotHaveDuplicates().hasSize(15);
  }

  /** What is taken in a small request is taken in one that has to be split. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "scope_spans | instrumentationLibrarySpans",
        "scope_spans | instrumentation_library_spans",
        "\"name\":\"0 | \"x\":NaN,\"name\":\"0",
        "{\"resource_spans | \uFEFF{\"resource_spans",
      })
  void json_largeRequestThatOneCanRead_splitLikeAnother(String usual, String odd) throws Exception {
    String body = new String(json("shop", 15), StandardCharsets.UTF_8).replace(usual, odd);

    OtlpSplitter.Split split = split(body.getBytes(StandardCharsets.UTF_8), true);

    assertThat(names(split, true)).doesNotHaveDuplicates().hasSize(15);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\":1}",
        "{} {}",
        "[]",
        "{\"resourceSpans\":7}",
        "{\"resourceSpans\":[",
        "nope",
        "NESTED",
        "DIGITS"
      })
  void json_notATraceRequest_400(String text) {
    String body =
        switch (text) {
          case "NESTED" -> "{\"resourceSpans\":" + "[".repeat(1_100) + "]".repeat(1_100) + "}";
          case "DIGITS" -> "{\"resourceSpans\":[" + "1".repeat(1_100) + "]}";
          default -> text;
        };

    RefusedRequestException refused =
        catchThrowableOfType(
            RefusedRequestException.class,
            () -> OtlpSplitter.split(body.getBytes(StandardCharsets.UTF_8), true, 10_000, 10_000));

    assertThat(refused).isNotNull();
    assertThat(refused.status()).isEqualTo(400);
  }

  private static OtlpSplitter.Split split(byte[] body, boolean json)
      throws RefusedRequestException {
    return OtlpSplitter.split(body, json, MAX_RECORD, MAX_TOTAL);
  }

  private static List<String> names(OtlpSplitter.Split split, boolean json) throws Exception {
    List<String> names = new ArrayList<>();
    for (byte[] record : split.records()) {
      OtlpBatch batch = json ? OtlpJson.parse(record) : OtlpProto.parse(record);
      batch
          .groups()
          .forEach(group -> group.spans().stream().map(OtlpSpan::name).forEach(names::add));
    }
    return names;
  }

  /** The request with a byte that is no UTF-8 in the first name of twenty characters. */
  private static byte[] withBrokenText(byte[] request) {
    byte[] name = "x".repeat(20).getBytes(StandardCharsets.UTF_8);
    byte[] broken = request.clone();
    for (int i = 0; i + name.length <= broken.length; i++) {
      if (java.util.Arrays.equals(broken, i, i + name.length, name, 0, name.length)) {
        broken[i] = (byte) 0xC3;
        return broken;
      }
    }
    throw new AssertionError("no such name");
  }

  private static byte[] request(String service, Span... spans) {
    ResourceSpans.Builder resource = ResourceSpans.newBuilder();
    if (!service.isEmpty()) {
      resource
          .getResourceBuilder()
          .addAttributes(
              KeyValue.newBuilder()
                  .setKey("service.name")
                  .setValue(AnyValue.newBuilder().setStringValue(service)));
    }
    resource.addScopeSpans(ScopeSpans.newBuilder().addAllSpans(List.of(spans)));
    return ExportTraceServiceRequest.newBuilder().addResourceSpans(resource).build().toByteArray();
  }

  private static Span span(int id, int nameLength) {
    return Span.newBuilder()
        .setTraceId(ByteString.copyFrom(new byte[16]))
        .setSpanId(ByteString.copyFrom(new byte[] {0, 0, 0, 0, 0, 0, 0, (byte) id}))
        .setName("x".repeat(nameLength))
        .build();
  }

  private static byte[] json(String service, int spans) {
    StringBuilder json = new StringBuilder();
    json.append("{\"resource_spans\":[{\"resource\":{\"attributes\":[{\"key\":\"service.name\",")
        .append("\"value\":{\"stringValue\":\"")
        .append(service)
        .append("\"}}]},\"scope_spans\":[{\"scope\":{\"name\":\"judge\"},\"spans\":[");
    for (int i = 0; i < spans; i++) {
      json.append(i == 0 ? "" : ",")
          .append("{\"name\":\"")
          .append(i)
          .append("-x".repeat(40))
          .append("\"}");
    }
    return json.append("]}]}]}").toString().getBytes(StandardCharsets.UTF_8);
  }
}
