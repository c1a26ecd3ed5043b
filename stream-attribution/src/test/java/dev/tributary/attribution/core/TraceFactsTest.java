package dev.tributary.attribution.core;

import static dev.tributary.attribution.core.TestSpans.T0;
import static dev.tributary.attribution.core.TestSpans.TRACE;
import static dev.tributary.attribution.core.TestSpans.agent;
import static dev.tributary.attribution.core.TestSpans.carrying;
import static dev.tributary.attribution.core.TestSpans.failed;
import static dev.tributary.attribution.core.TestSpans.feature;
import static dev.tributary.attribution.core.TestSpans.id;
import static dev.tributary.attribution.core.TestSpans.llm;
import static dev.tributary.attribution.core.TestSpans.span;
import static dev.tributary.attribution.core.TestSpans.tags;
import static dev.tributary.attribution.core.TestSpans.trace;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tributary.schemas.Fallback;
import dev.tributary.schemas.FinishReason;
import dev.tributary.schemas.Handoff;
import dev.tributary.schemas.ServiceQuality;
import dev.tributary.schemas.Span;
import dev.tributary.schemas.SpanKind;
import dev.tributary.schemas.SpanLink;
import dev.tributary.schemas.SpanStatus;
import dev.tributary.schemas.ToolLoop;
import dev.tributary.schemas.TraceSummary;
import dev.tributary.schemas.UsageQuality;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TraceFactsTest {
  private static final BigDecimal CALL = new BigDecimal("0.0034575");
  private static final BigDecimal THREE = BigDecimal.valueOf(3);

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

  /** Of two tools that run at once, the one that ends last is waited for. */
  @Test
  void criticalPath_parallelTools() {
    TraceSummary summary =
        summary(
            at(span(SpanKind.AGENT, 1, 0), 0, 100),
            at(llm(2, 1), 0, 20),
            at(span(SpanKind.TOOL, 3, 1), 20, 60),
            at(span(SpanKind.RETRIEVAL, 4, 1), 25, 80),
            at(llm(5, 1), 80, 100));
    // 100-80 llm, 80-25 retrieval, 25-20 tool (clipped), 20-0 llm.
    assertThat(summary.getCriticalPathUs())
        .isEqualTo(Map.of("llm", 40L, "retrieval", 55L, "tool", 5L));
  }

  /** A child that runs on is waited for by whoever runs on with it, not by its parent. */
  @Test
  void criticalPath_childOutlivesItsParent() {
    TraceSummary summary =
        summary(
            at(span(SpanKind.WORKFLOW, 1, 0), 0, 100),
            at(span(SpanKind.STEP, 2, 1), 0, 50),
            at(span(SpanKind.TOOL, 3, 2), 40, 90), // forty of them after the step
            at(llm(4, 3), 60, 70),
            at(span(SpanKind.RETRIEVAL, 5, 1), 90, 100));
    // 100-90 retrieval, 90-70 tool, 70-60 llm, 60-50 tool, 50-40 tool, 40-0 step.
    assertThat(summary.getCriticalPathUs())
        .isEqualTo(Map.of("retrieval", 10L, "tool", 40L, "llm", 10L, "step", 40L));
  }

  @Test
  void criticalPath_childOutlivesTheTrace() {
    TraceSummary summary =
        summary(at(span(SpanKind.AGENT, 1, 0), 0, 50), at(span(SpanKind.TOOL, 2, 1), 30, 90));
    assertThat(summary.getCriticalPathUs()).isEqualTo(Map.of("tool", 60L, "agent", 30L));
    assertThat(summary.getWallTimeUs()).isEqualTo(90);
  }

  /** The child's clock is behind: what lies before its parent blocks nobody. */
  @Test
  void criticalPath_clockSkew() {
    TraceSummary summary =
        summary(
            at(span(SpanKind.AGENT, 1, 0), 20, 60),
            at(llm(2, 1), 0, 10),
            at(span(SpanKind.TOOL, 3, 1), 10, 40));
    // 60-40 agent, 40-20 tool (clipped), 20-0 outside of the root.
    assertThat(summary.getCriticalPathUs())
        .isEqualTo(Map.of("agent", 20L, "tool", 20L, "other", 20L));
  }

  @Test
  void toolLoop_burnsTheCallsThatAskedForIt() {
    TraceSummary summary =
        summary(
            agent(1, 0),
            llm(2, 1), // asks for the first one: nobody's fault
            tool(3, "lookup", "aa"),
            llm(4, 1),
            tool(5, "lookup", "aa"),
            llm(6, 1),
            span(SpanKind.TOOL, 7, 1).setToolName("lookup").setToolArgsHash("aa"),
            llm(8, 7), // inside of the last one
            llm(9, 1)); // goes on after it
    assertThat(summary.getToolLoopCost()).isEqualByComparingTo(CALL.multiply(THREE));
    assertThat(summary.getToolLoopList()).hasSize(1);
    ToolLoop loop = summary.getToolLoopList().get(0);
    assertThat(loop.getToolName()).isEqualTo("lookup");
    assertThat(loop.getCalls()).isEqualTo(3);
    assertThat(loop.getCost()).isEqualByComparingTo(CALL.multiply(THREE));
  }

  /** Another agent's calls in the same time are its own affair. */
  @Test
  void toolLoop_burnsNoCallsOfOtherAgents() {
    TraceSummary summary =
        summary(
            span(SpanKind.WORKFLOW, 20, 0).setStartTimeUs(T0),
            named(1, 20, "looping"),
            tool(3, "lookup", "aa"),
            tool(5, "lookup", "aa"),
            tool(7, "lookup", "aa"),
            named(2, 20, "busy"),
            llm(4, 2),
            llm(6, 1));
    assertThat(summary.getToolLoopCost()).isEqualByComparingTo(CALL);
  }

  @Test
  void handoff_followsLinksAcrossServices() {
    TraceSummary summary =
        summary(
            at(span(SpanKind.WORKFLOW, 1, 0), 0, 200),
            at(named(2, 1, "planner").setServiceName("plan"), 0, 50),
            at(span(SpanKind.TOOL, 3, 2), 40, 45), // puts it on a queue
            at(named(4, 1, "worker").setServiceName("work"), 80, 150)
                .setLinks(List.of(new SpanLink(TRACE, id(3)))));
    assertThat(summary.getHandoffs()).isEqualTo(1);
    assertThat(summary.getHandoffGapUs()).isEqualTo(35);
    Handoff handoff = summary.getHandoffList().get(0);
    assertThat(handoff.getVia()).isEqualTo("link");
    assertThat(handoff.getFromAgent()).isEqualTo("planner");
    assertThat(handoff.getFromService()).isEqualTo("plan");
    assertThat(handoff.getToAgent()).isEqualTo("worker");
    assertThat(handoff.getToService()).isEqualTo("work");
  }

  /** The agent's parent is a request of another service, whose own parent is an agent. */
  @Test
  void handoff_followsRemoteParents() {
    TraceSummary summary =
        summary(
            at(named(1, 0, "planner").setServiceName("plan"), 0, 100),
            at(span(SpanKind.OTHER, 2, 1).setServiceName("plan"), 10, 90),
            at(span(SpanKind.OTHER, 3, 2).setServiceName("work"), 20, 80),
            at(named(4, 3, "worker").setServiceName("work"), 30, 70));
    assertThat(summary.getHandoffs()).isEqualTo(1);
    assertThat(summary.getHandoffList().get(0).getVia()).isEqualTo("child");
    assertThat(summary.getHandoffList().get(0).getFromService()).isEqualTo("plan");
  }

  @Test
  void handoff_fromAnotherTrace_hasNoGap() {
    TraceSummary summary =
        summary(named(1, 0, "worker").setLinks(List.of(new SpanLink(trace(5), id(3)))));
    assertThat(summary.getHandoffs()).isEqualTo(1);
    assertThat(summary.getHandoffGapUs()).isZero();
    assertThat(summary.getHandoffList().get(0).getFromTraceId()).isEqualTo(trace(5));
    assertThat(summary.getHandoffList().get(0).getGapUs()).isNull();
  }

  @Test
  void attempts_areNotOperations() {
    TraceSummary summary =
        summary(
            agent(1, 0),
            failed(llm(2, 1)).setAttempt(1),
            failed(llm(3, 1)).setAttempt(2),
            llm(4, 1).setAttempt(3),
            llm(5, 1));
    assertThat(summary.getCalls()).isEqualTo(2);
    assertThat(summary.getAttempts()).isEqualTo(4);
    assertThat(summary.getRetries()).isEqualTo(2);
    assertThat(summary.getFallbacks()).isZero();
  }

  /** Two models are tried under one parent; only what failed since the last success was tried. */
  @Test
  void fallback_saysWhatWasTriedAndWhatItCost() {
    TraceSummary summary =
        summary(
            agent(1, 0),
            model(llm(2, 1), "small"),
            model(llm(3, 1), "small").setStatus(SpanStatus.ERROR), // paid for all the same
            model(failed(llm(4, 1)), "small"),
            model(llm(5, 1), "large").setFallbackFrom("small"));
    assertThat(summary.getFallbacks()).isEqualTo(1);
    Fallback fallback = summary.getFallbackList().get(0);
    assertThat(fallback.getFromModel()).isEqualTo("small");
    assertThat(fallback.getToModel()).isEqualTo("large");
    assertThat(fallback.getAttempts()).isEqualTo(2);
    assertThat(fallback.getCost()).isEqualByComparingTo(CALL);
    assertThat(summary.getFallbackCost()).isEqualByComparingTo(CALL);
  }

  /** Below one call, a failed attempt on one model is followed by one on another. */
  @Test
  void fallback_isSeenWhereNobodySaysSo() {
    TraceSummary summary =
        summary(
            llm(1, 0).setUsage(null).setUsageQuality(UsageQuality.MISSING),
            model(failed(llm(2, 1)), "small"),
            model(failed(llm(3, 1)), "medium"),
            model(llm(4, 1), "large"));
    assertThat(summary.getFallbackList())
        .extracting(Fallback::getFromModel)
        .containsExactly("small", "medium");
    assertThat(summary.getFallbackList())
        .extracting(Fallback::getToModel)
        .containsExactly("medium", "large");
    assertThat(summary.getFallbackCost()).as("failed calls without usage").isNull();
    assertThat(summary.getCalls()).isEqualTo(1);
    assertThat(summary.getAttempts()).isEqualTo(3);
  }

  @Test
  void quality_saysWhatAServiceLeavesOut() {
    TraceSummary summary =
        summary(
            agent(1, 0).setServiceName("good").setTags(feature("search")),
            llm(2, 1).setServiceName("good").setFinishReasons(List.of(FinishReason.STOP)),
            llm(3, 77).setServiceName("poor").setTags(tags(t -> {})),
            llm(4, 1)
                .setServiceName("poor")
                .setUsage(null)
                .setUsageQuality(UsageQuality.MISSING)
                .setStartTimeUs(T0 - 5_000));
    assertThat(summary.getQuality())
        .extracting(ServiceQuality::getService)
        .containsExactly("good", "poor");
    assertThat(summary.getQuality().get(0).getScore()).isEqualTo(1.0);
    assertThat(summary.getQuality().get(0).getReasons()).isEmpty();
    ServiceQuality poor = summary.getQuality().get(1);
    assertThat(poor.getReasons())
        .isEqualTo(
            Map.of("no_usage", 1L, "no_finish_reason", 2L, "broken_parent", 1L, "clock_skew", 1L));
    // Shares 0, 1/2, 1, 1/2, 1/2, 0 of six.
    assertThat(poor.getScore()).isEqualTo(1 - 2.5 / 6, within(1e-9));
  }

  private static Span.Builder model(Span.Builder span, String model) {
    return span.setModelRequested(model);
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
