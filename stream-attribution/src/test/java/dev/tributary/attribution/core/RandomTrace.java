package dev.tributary.attribution.core;

import dev.tributary.attribution.SchemaCodec;
import dev.tributary.schemas.FinishReason;
import dev.tributary.schemas.Span;
import dev.tributary.schemas.SpanKind;
import dev.tributary.schemas.SpanStatus;
import dev.tributary.schemas.Tags;
import dev.tributary.schemas.UsageQuality;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A trace as it may come: missing roots and parents, cycles, several roots, aggregates that repeat
 * usage, estimated and missing usage, equal response ids, shadow services, failed attempts, tags
 * anywhere. {@link #copies} are all records that will be sent, duplicates with the same and other
 * content among them; {@link #distinct} is the set they stand for.
 */
public final class RandomTrace {
  private static final SpanKind[] KINDS = {
    SpanKind.LLM,
    SpanKind.LLM,
    SpanKind.LLM,
    SpanKind.AGENT,
    SpanKind.STEP,
    SpanKind.WORKFLOW,
    SpanKind.TOOL,
    SpanKind.TOOL,
    SpanKind.RETRIEVAL,
    SpanKind.EMBEDDING,
    SpanKind.RERANK,
    SpanKind.GUARDRAIL,
    SpanKind.OTHER,
    SpanKind.MCP
  };
  private static final UsageQuality[] QUALITIES = {
    UsageQuality.REPORTED, UsageQuality.REPORTED, UsageQuality.DERIVED, UsageQuality.ESTIMATED
  };
  private static final String[] SERVICES = {"shop-api", "batch-night", "mirror-gateway", "agents"};
  private static final String[] FEATURES = {"search", "chat", "report"};

  private final Random random;
  private final long traceNumber;
  private final int size;
  private static final SchemaCodec CODEC = new SchemaCodec();
  private final List<Span> copies = new ArrayList<>();
  private final Map<String, Span> distinct = new LinkedHashMap<>();

  public RandomTrace(Random random, long traceNumber, int size) {
    this.random = random;
    this.traceNumber = traceNumber;
    this.size = size;
    boolean rootNeverComes = random.nextInt(5) == 0;
    for (int i = 1; i <= size; i++) {
      if (i > 1 || !rootNeverComes || size == 1) {
        addCopies(span(i));
      }
    }
    for (Span copy : copies) {
      distinct.merge(copy.getSpanId(), copy, this::winner);
    }
  }

  /** Every record to be sent, in the order of generation. */
  public List<Span> copies() {
    return copies;
  }

  /** The spans the records stand for. */
  public Collection<Span> distinct() {
    return distinct.values();
  }

  private Span winner(Span left, Span right) {
    long leftHash = Hash64.of(CODEC.encode(left));
    long rightHash = Hash64.of(CODEC.encode(right));
    return SpanWinner.wins(right, rightHash, left, leftHash) ? right : left;
  }

  private void addCopies(Span span) {
    copies.add(span);
    if (random.nextInt(8) == 0) {
      copies.add(span);
    }
    if (random.nextInt(10) == 0) {
      copies.add(changed(span));
    }
  }

  private Span changed(Span span) {
    Span.Builder other = Span.newBuilder(span);
    switch (random.nextInt(4)) {
      case 0 -> other.setEndTimeUs(span.getEndTimeUs() + random.nextInt(900));
      case 1 -> other.setHasEnd(false).setEndTimeUs(span.getStartTimeUs());
      case 2 -> other.setUsage(null).setUsageQuality(UsageQuality.MISSING);
      default -> other.setErrorType("other-" + random.nextInt(1000));
    }
    return other.build();
  }

  private Span span(int i) {
    long start = TestSpans.T0 + random.nextInt(size * 500 + 1);
    SpanKind kind = KINDS[random.nextInt(KINDS.length)];
    Span.Builder span =
        TestSpans.span(kind, i, parent(i))
            .setTraceId(TestSpans.trace(traceNumber))
            .setStartTimeUs(start)
            .setEndTimeUs(start + random.nextInt(20_000))
            .setServiceName(SERVICES[random.nextInt(SERVICES.length)])
            .setProvider(random.nextInt(10) == 0 ? "nobody" : TestSpans.PROVIDER)
            .setModelReturned(random.nextInt(10) == 0 ? "unheard-of" : TestSpans.MODEL)
            .setTags(tags())
            .setResourceTags(random.nextInt(4) == 0 ? TestSpans.feature("resource") : tags0())
            .setStatus(random.nextInt(6) == 0 ? SpanStatus.ERROR : SpanStatus.OK);
    if (random.nextInt(6) == 0) {
      span.setSessionId("session-" + random.nextInt(3));
    }
    if (random.nextInt(4) == 0) {
      span.setToolName("lookup").setToolArgsHash("ab" + random.nextInt(2));
    }
    if (random.nextInt(5) == 0) {
      span.setAttempt(1 + random.nextInt(3));
    }
    return withUsage(span, kind).build();
  }

  private Span.Builder withUsage(Span.Builder span, SpanKind kind) {
    boolean mayCarry = SpanKinds.isCall(kind) || SpanKinds.isAggregate(kind);
    if (random.nextInt(3) > 0 && (mayCarry || random.nextInt(5) == 0)) {
      TestSpans.carrying(span, random.nextInt(5_000), random.nextInt(900))
          .setUsageQuality(QUALITIES[random.nextInt(QUALITIES.length)])
          .setFinishReasons(List.of(FinishReason.STOP));
    } else if (random.nextInt(10) == 0) {
      span.setUsageError("NEGATIVE_REMAINDER");
    }
    if (random.nextInt(6) == 0) {
      span.setResponseId("response-" + random.nextInt(4));
    }
    return span;
  }

  private long parent(int i) {
    if (i == 1 || random.nextInt(25) == 0) {
      return random.nextInt(40) == 0 ? i : 0; // a root, or a span that is its own parent
    }
    if (random.nextInt(12) == 0) {
      return size + 1 + random.nextInt(3); // a parent that never comes
    }
    if (random.nextInt(30) == 0) {
      return 1 + random.nextInt(size); // perhaps a cycle
    }
    return random.nextInt(3) == 0 ? i - 1 : 1 + random.nextInt(i - 1);
  }

  private Tags tags() {
    return switch (random.nextInt(6)) {
      case 0 -> TestSpans.complete(FEATURES[random.nextInt(FEATURES.length)]);
      case 1 -> TestSpans.feature(FEATURES[random.nextInt(FEATURES.length)]);
      case 2 ->
          TestSpans.tags(
              tags ->
                  tags.setTeam("own-team")
                      .setPromptVersion(Integer.toString(random.nextInt(3)))
                      .setCustom(
                          Map.of("plan", "gold", "shard", Integer.toString(random.nextInt(4)))));
      default -> tags0();
    };
  }

  private static Tags tags0() {
    return TestSpans.tags(unused -> {});
  }
}
