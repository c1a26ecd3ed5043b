package dev.tributary.normalize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import dev.tributary.normalize.core.NormalizeResult;
import dev.tributary.normalize.core.NormalizeResult.Normalized;
import dev.tributary.normalize.core.NormalizeResult.RejectedSpan;
import dev.tributary.normalize.core.RejectReason;
import dev.tributary.runtime.testing.TopologyFixture;
import dev.tributary.schemas.GenAiAttributes;
import dev.tributary.schemas.Rejected;
import dev.tributary.schemas.Topics;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A span whose bytes are broken costs no other span of its request its place. */
class BrokenSpanTest {
  private static final long END = SignalRequests.NOW_NANOS - 1_000_000_000;
  private static final ByteString SOUND = span("aaaaaaaaaaaaaaaa").toByteString();
  private static final ByteString LAST = span("cccccccccccccccc").toByteString();

  /** What a span's bytes may end in that is no protobuf. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        // A length beyond the span: its name, an attribute, an event, a link, its state.
        "2a7f41",
        "4a7f41",
        "5a7f41",
        "6a7f41",
        "7a7f41",
        // Within an attribute, an event, a link, its state.
        "4a020a7f",
        "5a02127f",
        "6a020a7f",
        "7a02127f",
        // An attribute's value, and what is in it.
        "4a0412020a7f",
        "4a06120432020a7f",
        "4a0412022a7f",
        // A negative length, a number that never ends, field 0, a wire type there is none of.
        "2affffffff0f",
        "80ffffffffffffffffff01",
        "02",
        "0e",
        "0f",
        // Times cut short, a group without an end.
        "390102",
        "410102",
        "a306",
      })
  void brokenSpan_isRefusedWithItsPlace_andTheRestGoesOn(String broken) throws Exception {
    ByteString known = span("bbbbbbbbbbbbbbbb").toByteString();
    ByteString bad = known.concat(ByteString.copyFrom(HexFormat.of().parseHex(broken)));

    List<NormalizeResult> results =
        normalize(request(scope(SOUND), scope(SOUND, bad, LAST), scope(LAST)));

    assertThat(results).hasSize(5);
    assertThat(results.get(2))
        .isInstanceOfSatisfying(
            RejectedSpan.class,
            refused -> {
              assertThat(refused.reason()).isEqualTo(RejectReason.MALFORMED_SPAN);
              assertThat(refused.index()).isEqualTo(2);
              assertThat(refused.detail())
                  .startsWith("resourceSpans[0].scopeSpans[1].spans[1] is not protobuf at byte ")
                  .endsWith(" of its " + bad.size());
              assertThat(refused.traceId()).isEqualTo(SignalRequests.TRACE);
              assertThat(refused.spanId()).isEqualTo("bbbbbbbbbbbbbbbb");
              assertThat(refused.eventTimeUs()).isEqualTo(END / 1_000);
            });
    assertThat(ids(results))
        .containsExactly(
            "aaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaa", "cccccccccccccccc", "cccccccccccccccc");
  }

  /** Wherever a span is cut, the frame says where the next one begins. */
  @Test
  void spanCutAnywhere_leavesTheOthersAsTheyAre() throws Exception {
    List<NormalizeResult> without = normalize(request(scope(SOUND, LAST)));
    int refused = 0;
    for (int length = 0; length < SOUND.size(); length++) {
      List<NormalizeResult> results =
          normalize(request(scope(SOUND, SOUND.substring(0, length), LAST)));

      assertThat(results).hasSize(3);
      assertThat(((Normalized) results.get(0)).span()).isEqualTo(span(without, 0));
      assertThat(((Normalized) results.get(2)).span()).isEqualTo(span(without, 1));
      if (results.get(1) instanceof RejectedSpan bad
          && bad.reason() == RejectReason.MALFORMED_SPAN) {
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(SOUND.size() / 2);
  }

  /** Without its frame nobody knows where a span ends. */
  @Test
  void frameThatIsBroken_isNoRequest() {
    byte[] whole = request(scope(SOUND, LAST));
    for (int length = 1; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);

      assertThatThrownBy(() -> OtlpProto.parse(cut))
          .isInstanceOf(MalformedOtlpException.class)
          .hasMessage("MALFORMED_PROTO");
    }
  }

  /** As in JSON, where what is no span is refused alone, too. */
  @Test
  void brokenSpanInJson_isRefused_andTheRestGoesOn() throws Exception {
    String sound =
        "{\"traceId\":\"%s\",\"spanId\":\"aaaaaaaaaaaaaaaa\",\"startTimeUnixNano\":\"%d\"}"
            .formatted(SignalRequests.TRACE, END);
    String json =
        "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[%s,7,%s]}]}]}".formatted(sound, sound);

    List<NormalizeResult> results =
        OtlpFixtures.normalizer()
            .normalize(OtlpJson.parse(json.getBytes(StandardCharsets.UTF_8)), OtlpFixtures.CONTEXT);

    assertThat(results.get(1))
        .isInstanceOfSatisfying(
            RejectedSpan.class, refused -> assertThat(refused.index()).isEqualTo(1));
    assertThat(ids(results)).hasSize(2);
  }

  @Test
  void brokenSpan_isARecordOfItsOwn_andTheRestIsSent() {
    try (TopologyFixture fixture = TopologyFixture.of(NormalizeMain.APP)) {
      fixture.clock().set(OtlpFixtures.NOW);
      fixture
          .rawInput(Topics.OTLP_SPANS)
          .pipeInput(null, request(scope(SOUND, SOUND.substring(0, 40), LAST)));

      Rejected rejected = fixture.values(Topics.REJECTED).get(0);
      assertThat(rejected.getReason()).isEqualTo("MALFORMED_SPAN");
      assertThat(rejected.getDetail())
          .startsWith("resourceSpans[0].scopeSpans[0].spans[1] is not protobuf");
      assertThat(fixture.values(Topics.SPANS)).hasSize(2);
      assertThat(fixture.rawOutput(Topics.DLQ).readRecordsToList()).isEmpty();
    }
  }

  private static List<String> ids(List<NormalizeResult> results) {
    return results.stream()
        .filter(Normalized.class::isInstance)
        .map(result -> ((Normalized) result).span().getSpanId())
        .toList();
  }

  private static dev.tributary.schemas.Span span(List<NormalizeResult> results, int index) {
    return ((Normalized) results.get(index)).span();
  }

  private static List<NormalizeResult> normalize(byte[] request) throws MalformedOtlpException {
    return OtlpFixtures.normalizer().normalize(OtlpProto.parse(request), OtlpFixtures.CONTEXT);
  }

  private static byte[] request(ByteString... scopes) {
    ByteString resource = message(ResourceSpans.SCOPE_SPANS_FIELD_NUMBER, scopes);
    return message(ExportTraceServiceRequest.RESOURCE_SPANS_FIELD_NUMBER, resource).toByteArray();
  }

  private static ByteString scope(ByteString... spans) {
    return message(ScopeSpans.SPANS_FIELD_NUMBER, spans);
  }

  private static ByteString message(int field, ByteString... items) {
    UnknownFieldSet.Field.Builder values = UnknownFieldSet.Field.newBuilder();
    for (ByteString item : items) {
      values.addLengthDelimited(item);
    }
    return UnknownFieldSet.newBuilder().addField(field, values.build()).build().toByteString();
  }

  private static Span span(String id) {
    return Span.newBuilder()
        .setTraceId(SignalRequests.id(SignalRequests.TRACE))
        .setSpanId(SignalRequests.id(id))
        .setName("chat")
        .setStartTimeUnixNano(END - 60_000_000_000L)
        .setEndTimeUnixNano(END)
        .addAttributes(RandomRequests.text(GenAiAttributes.OPERATION_NAME, "chat"))
        .addAttributes(RandomRequests.number(GenAiAttributes.USAGE_INPUT_TOKENS, 4_000))
        .build();
  }
}
