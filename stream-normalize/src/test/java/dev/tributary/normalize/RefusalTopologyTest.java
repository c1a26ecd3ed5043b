package dev.tributary.normalize;

import static dev.tributary.normalize.RandomRequests.number;
import static dev.tributary.normalize.RandomRequests.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.runtime.testing.TopologyFixture;
import dev.tributary.schemas.GenAiAttributes;
import dev.tributary.schemas.Rejected;
import dev.tributary.schemas.Topics;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.TracesData;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Where a refusal goes and what it is found by: the trace, and the time its cost belongs to. */
class RefusalTopologyTest {
  private static final long END = SignalRequests.NOW_NANOS - 1_000_000_000;
  private static final long START = END - 60_000_000_000L;

  private TopologyFixture fixture;

  @BeforeEach
  void start() {
    fixture = TopologyFixture.of(NormalizeMain.APP);
    fixture.clock().set(OtlpFixtures.NOW);
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  @Test
  void span_withoutItsId_underItsTraceAtItsEnd() {
    TestRecord<String, Rejected> record = refusal(span().clearSpanId());

    assertThat(record.key()).isEqualTo("default|" + SignalRequests.TRACE);
    assertThat(record.value().getReason()).isEqualTo("INVALID_SPAN_ID");
    assertThat(record.value().getEventTimeUs()).isEqualTo(END / 1_000);
  }

  @Test
  void span_withoutATrace_underItsTenant() {
    TestRecord<String, Rejected> record = refusal(span().clearTraceId());

    assertThat(record.key()).isEqualTo("default");
    assertThat(record.value().getTraceId()).isNull();
  }

  @Test
  void usage_refused_underItsTrace_keptFromTheRefusalOn() {
    TestRecord<String, Rejected> record =
        refusal(span().addAttributes(number(GenAiAttributes.USAGE_INPUT_TOKENS, -1)));

    assertThat(record.key()).isEqualTo("default|" + SignalRequests.TRACE);
    assertThat(record.timestamp()).isEqualTo(fixture.clock().millis());
    assertThat(record.value().getReason()).isEqualTo("INVALID_USAGE");
    assertThat(record.value().getEventTimeUs()).isEqualTo(END / 1_000);
    assertThat(record.value().getSpan()).isEqualTo(fixture.values(Topics.SPANS).get(0));
  }

  private TestRecord<String, Rejected> refusal(Span.Builder span) {
    TracesData.Builder data = TracesData.newBuilder();
    data.addResourceSpansBuilder().addScopeSpansBuilder().addSpans(span);
    fixture.rawInput(Topics.OTLP_SPANS).pipeInput(null, data.build().toByteArray());
    return fixture.records(Topics.REJECTED).get(0);
  }

  private static Span.Builder span() {
    return Span.newBuilder()
        .setTraceId(SignalRequests.id(SignalRequests.TRACE))
        .setSpanId(SignalRequests.id(SignalRequests.SPAN))
        .setStartTimeUnixNano(START)
        .setEndTimeUnixNano(END)
        .addAttributes(text(GenAiAttributes.OPERATION_NAME, "chat"));
  }
}
