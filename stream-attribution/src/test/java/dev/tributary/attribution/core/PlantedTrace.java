package dev.tributary.attribution.core;

import dev.tributary.schemas.Span;
import dev.tributary.schemas.SpanKind;
import dev.tributary.schemas.SpanStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A trace of agents one after another, each with calls and tools, into which loops, handoffs and
 * fallbacks are planted, and things that only look like them. What was planted is counted.
 */
final class PlantedTrace {
  private final Random random;
  private final long traceNumber;
  private final List<Span> spans = new ArrayList<>();
  private long number = 1;
  private long nowUs = TestSpans.T0;

  long loops;
  long loopCalls;
  long burntCalls;
  long handoffs;
  long handoffGapUs;
  long fallbacks;
  long triedPaidCalls;

  PlantedTrace(Random random, long traceNumber) {
    this.random = random;
    this.traceNumber = traceNumber;
    int agents = 1 + random.nextInt(5);
    String before = null;
    long endedUs = 0;
    for (int i = 0; i < agents; i++) {
      String name = "agent-" + random.nextInt(3);
      nowUs += random.nextInt(5_000);
      if (before != null && !before.equals(name)) {
        handoffs++;
        handoffGapUs += nowUs - endedUs;
      }
      agent(name);
      before = name;
      endedUs = nowUs;
    }
    add(TestSpans.span(SpanKind.WORKFLOW, 1, 0), TestSpans.T0, nowUs + random.nextInt(500));
  }

  List<Span> spans() {
    return spans;
  }

  private void agent(String name) {
    long id = ++number;
    long startUs = nowUs;
    for (int scene = 1 + random.nextInt(4); scene > 0; scene--) {
      switch (random.nextInt(5)) {
        case 0, 1 -> tools(id, 1 + random.nextInt(6));
        case 2 -> fallback(id, random.nextInt(3));
        case 3 -> failure(id);
        default -> call(id, TestSpans.MODEL);
      }
    }
    add(
        TestSpans.agent(id, 1).setTags(TestSpans.tags(tags -> tags.setAgent(name))),
        startUs,
        nowUs);
  }

  /** A call asks for a tool, again and again; from the third time on that is a loop. */
  private void tools(long agent, int times) {
    String args = Long.toHexString(1_000_000 + number); // its own
    for (int i = 0; i < times; i++) {
      call(agent, TestSpans.MODEL);
      Span.Builder tool =
          TestSpans.span(SpanKind.TOOL, ++number, agent)
              .setToolName("lookup")
              .setToolArgsHash(args);
      step(tool);
    }
    if (times >= 3) {
      loops++;
      loopCalls += times;
      burntCalls += times - 1;
    }
  }

  private void fallback(long agent, int paidTries) {
    String from = "model-" + number;
    for (int i = 0; i < paidTries; i++) {
      step(llm(agent, from).setStatus(SpanStatus.ERROR));
    }
    step(llm(agent, TestSpans.MODEL).setFallbackFrom(from));
    fallbacks++;
    triedPaidCalls += paidTries;
  }

  /** A call that fails and is not repeated. */
  private void failure(long agent) {
    step(TestSpans.failed(llm(agent, "model-" + number)));
  }

  private void call(long agent, String model) {
    step(llm(agent, model));
  }

  private Span.Builder llm(long agent, String model) {
    return TestSpans.llm(++number, agent).setModelRequested(model);
  }

  private void step(Span.Builder span) {
    long startUs = nowUs + 1 + random.nextInt(300);
    nowUs = startUs + 1 + random.nextInt(2_000);
    add(span, startUs, nowUs);
  }

  private void add(Span.Builder span, long startUs, long endUs) {
    spans.add(
        span.setTraceId(TestSpans.trace(traceNumber))
            .setStartTimeUs(startUs)
            .setEndTimeUs(endUs)
            .build());
  }
}
