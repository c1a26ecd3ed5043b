package dev.tributary.attribution.core;

import static dev.tributary.attribution.core.TestSpans.T0;
import static dev.tributary.attribution.core.TestSpans.agent;
import static dev.tributary.attribution.core.TestSpans.carrying;
import static dev.tributary.attribution.core.TestSpans.llm;
import static dev.tributary.attribution.core.TestSpans.span;
import static dev.tributary.attribution.core.TestSpans.tags;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.schemas.Span;
import dev.tributary.schemas.SpanKind;
import dev.tributary.schemas.TraceSummary;
import dev.tributary.schemas.UsageQuality;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TraceFactsTest {
  @Test
  void criticalPath_isTheChainFromTheEnd() {
    TraceSummary summary =
        summary(
            at(span(SpanKind.WORKFLOW, 1, 0), 0, 100),
            at(llm(2, 1), 10, 40),
            at(span(SpanKind.TOOL, 3, 1), 20, 70), // ends last before the second call starts
            at(llm(4, 1), 80, 95),
            at(span(SpanKind.RETRIEVAL, 5, 3), 30, 50));
    // 100-95 workflow, 95-80 llm, 80-70 workflow, 70-50 tool, 50-30 retrieval, 30-20 tool,
    // 20-10 llm (clipped), 10-0 workflow.
    assertThat(summary.getCriticalPathUs())
        .isEqualTo(Map.of("workflow", 25L, "llm", 25L, "tool", 30L, "retrieval", 20L));
    assertThat(summary.getWallTimeUs()).isEqualTo(100);
  }

  @Test
  void toolLoop_isThreeEqualCalls() {
    TraceSummary summary =
        summary(
            agent(1, 0),
            tool(2, "lookup", "aa"),
            tool(3, "lookup", "aa"),
            tool(4, "lookup", "aa"),
            tool(5, "lookup", "bb"),
            tool(6, "send", "aa"));
    assertThat(summary.getToolLoops()).isEqualTo(1);
    assertThat(summary.getToolLoopCalls()).isEqualTo(3);
    assertThat(summary.getTools()).isEqualTo(5);
  }

  @Test
  void handoffs_areCountedWithTheirGaps() {
    TraceSummary summary =
        summary(
            at(named(1, 0, "planner"), 0, 100),
            at(llm(2, 1), 5, 10),
            at(named(3, 1, "searcher"), 17, 40), // 7 after the planner's call
            at(named(4, 1, "writer"), 45, 90)); // 5 after the searcher
    assertThat(summary.getHandoffs()).isEqualTo(2);
    assertThat(summary.getHandoffGapUs()).isEqualTo(12);
  }

  @Test
  void residual_isWhatTheAggregateStatesBeyond() {
    TraceSummary summary = summary(carrying(agent(1, 0), 2_000, 40), agent(2, 1), llm(3, 2));
    assertThat(summary.getResidual().getInputUncached()).isEqualTo(797);
    assertThat(summary.getResidual().getOutputText()).isNull();
    assertThat(summary.getResidualQuality()).isEqualTo(UsageQuality.REPORTED);
    assertThat(summary.getUsage().getInputUncached()).isEqualTo(1_203);
  }

  @Test
  void contextGrowth_isLargestOverSmallest() {
    assertThat(
            summary(agent(1, 0), carrying(llm(2, 1), 100, 1), carrying(llm(3, 1), 250, 1))
                .getContextGrowth())
        .isEqualTo(2.5);
    assertThat(summary(llm(2, 0)).getContextGrowth()).isNull();
  }

  private static Span.Builder named(long number, long parent, String name) {
    return agent(number, parent).setTags(tags(t -> t.setAgent(name)));
  }

  private static Span.Builder tool(long number, String name, String args) {
    return span(SpanKind.TOOL, number, 1).setToolName(name).setToolArgsHash(args);
  }

  private static Span.Builder at(Span.Builder span, long start, long end) {
    return span.setStartTimeUs(T0 + start).setEndTimeUs(T0 + end);
  }

  private static TraceSummary summary(Span.Builder... spans) {
    JoinHarness harness = new JoinHarness(JoinTimes.DEFAULT, JoinLimits.DEFAULT, TestViews.BOTH);
    for (Span.Builder span : spans) {
      harness.send(span.build());
    }
    harness.advance(TimeUnit.MINUTES.toMicros(2));
    assertThat(harness.summaries).hasSize(1);
    return harness.summaries.get(0);
  }
}
