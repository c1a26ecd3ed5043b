package dev.tributary.attribution.core;

import dev.tributary.schemas.Span;
import dev.tributary.schemas.SpanKind;
import dev.tributary.schemas.SpanStatus;
import dev.tributary.schemas.Tags;
import dev.tributary.schemas.TokenUsage;
import dev.tributary.schemas.UsageQuality;
import java.util.function.Consumer;

/** Canonical spans of tests. Every bucket has another digit pattern. */
public final class TestSpans {
  /** 2026-03-01T10:00:00Z, where the topology fixture's wall clock starts, in microseconds. */
  public static final long T0 = 1_772_359_200_000_000L;

  public static final String TENANT = "default";
  public static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  public static final String MODEL = "gpt-test";
  public static final String PROVIDER = "openai";

  private TestSpans() {}

  /** A span id of 16 hex digits. */
  public static String id(long number) {
    return String.format("%016x", number);
  }

  /** A trace id of 32 hex digits. */
  public static String trace(long number) {
    return String.format("%032x", number);
  }

  public static Span.Builder span(SpanKind kind, long number, long parent) {
    return Span.newBuilder()
        .setTenant(TENANT)
        .setTraceId(TRACE)
        .setSpanId(id(number))
        .setParentSpanId(parent == 0 ? null : id(parent))
        .setStartTimeUs(T0 + number * 1_000)
        .setEndTimeUs(T0 + number * 1_000 + 500)
        .setServiceName("shop-api")
        .setKind(kind)
        .setTags(tags(unused -> {}))
        .setResourceTags(tags(unused -> {}))
        .setDialect("test");
  }

  /** A call with reported usage. */
  public static Span.Builder llm(long number, long parent) {
    return carrying(span(SpanKind.LLM, number, parent), 1_203, 45)
        .setProvider(PROVIDER)
        .setModelRequested(MODEL)
        .setModelReturned(MODEL);
  }

  /** An agent that repeats the usage of its calls. */
  public static Span.Builder agent(long number, long parent) {
    return span(SpanKind.AGENT, number, parent);
  }

  public static Span.Builder carrying(Span.Builder span, long input, long output) {
    return span.setUsage(usage(input, output)).setUsageQuality(UsageQuality.REPORTED);
  }

  public static TokenUsage usage(long input, long output) {
    return TokenUsage.newBuilder().setInputUncached(input).setOutputText(output).build();
  }

  public static Span.Builder failed(Span.Builder span) {
    return span.setUsage(null)
        .setUsageQuality(UsageQuality.MISSING)
        .setStatus(SpanStatus.ERROR)
        .setErrorType("rate_limit");
  }

  public static Tags tags(Consumer<Tags.Builder> change) {
    Tags.Builder tags = Tags.newBuilder();
    change.accept(tags);
    return tags.build();
  }

  public static Tags feature(String feature) {
    return tags(tags -> tags.setFeature(feature));
  }

  /** All tags that are required by default. */
  public static Tags complete(String feature) {
    return tags(tags -> complete(feature, tags));
  }

  static Tags.Builder complete(String feature, Tags.Builder tags) {
    return tags.setFeature(feature)
        .setWorkspace("acme")
        .setEnvironment("production")
        .setPromptName("answer")
        .setPromptVersion("7")
        .setAgent("clerk");
  }
}
