package dev.tributary.normalize;

import com.google.protobuf.ByteString;
import dev.tributary.runtime.testing.Generator;
import dev.tributary.schemas.GenAiAttributes;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.TracesData;
import java.util.HexFormat;
import java.util.List;

/** Makes OTLP requests whose spans are sound, or broken in each way that is refused. */
final class RandomRequests {
  private static final long NOW_NANOS = OtlpFixtures.NOW.getEpochSecond() * 1_000_000_000L;

  private final Generator generator;

  RandomRequests(Generator generator) {
    this.generator = generator;
  }

  TracesData request(int spans) {
    ScopeSpans.Builder scope = ScopeSpans.newBuilder();
    scope.getScopeBuilder().setName(generator.pick(List.of("ai", "app", "langfuse-sdk", "")));
    for (int i = 0; i < spans; i++) {
      scope.addSpans(span());
    }
    ResourceSpans.Builder resource = ResourceSpans.newBuilder().addScopeSpans(scope);
    resource.getResourceBuilder().addAttributes(text(GenAiAttributes.SERVICE_NAME, "shop"));
    return TracesData.newBuilder().addResourceSpans(resource).build();
  }

  Span.Builder span() {
    long start = NOW_NANOS - generator.between(1, 3_600) * 1_000_000_000L;
    Span.Builder span =
        Span.newBuilder()
            .setTraceId(id(16))
            .setSpanId(id(8))
            .setName("call")
            .setStartTimeUnixNano(start)
            .setEndTimeUnixNano(start + generator.between(0, 60_000) * 1_000_000L)
            .addAttributes(text(GenAiAttributes.OPERATION_NAME, "chat"))
            .addAttributes(text(GenAiAttributes.PROVIDER_NAME, "openai"))
            .addAttributes(text(GenAiAttributes.RESPONSE_MODEL, "gpt-4o-2024-08-06"))
            .addAttributes(number(GenAiAttributes.USAGE_INPUT_TOKENS, generator.between(0, 9_999)))
            .addAttributes(number(GenAiAttributes.USAGE_OUTPUT_TOKENS, generator.between(0, 999)));
    if (generator.chance(40)) {
      span.setParentSpanId(id(8));
    }
    if (generator.chance(30)) {
      spoil(span);
    }
    return span;
  }

  private void spoil(Span.Builder span) {
    switch (generator.between(0, 8)) {
      case 0 -> span.setTraceId(id(generator.between(1, 15)));
      case 1 -> span.setSpanId(ByteString.copyFrom(new byte[8]));
      case 2 -> span.setParentSpanId(id(3));
      case 3 -> span.setEndTimeUnixNano(span.getStartTimeUnixNano() - 5_000);
      case 4 -> span.setEndTimeUnixNano(NOW_NANOS + 7_200_000_000_000L);
      case 5 -> span.setStartTimeUnixNano(1_000_000);
      case 6 -> span.addAttributes(0, number(GenAiAttributes.USAGE_INPUT_TOKENS, -1));
      case 7 -> span.addAttributes(0, number(GenAiAttributes.USAGE_REASONING, 1_000_000));
      default -> span.setEndTimeUnixNano(0);
    }
  }

  private ByteString id(int bytes) {
    return ByteString.copyFrom(HexFormat.of().parseHex(generator.hex(bytes)));
  }

  static KeyValue text(String name, String value) {
    return KeyValue.newBuilder()
        .setKey(name)
        .setValue(AnyValue.newBuilder().setStringValue(value))
        .build();
  }

  static KeyValue number(String name, long value) {
    return KeyValue.newBuilder()
        .setKey(name)
        .setValue(AnyValue.newBuilder().setIntValue(value))
        .build();
  }
}
