package dev.tributary.attribution.core;

import static dev.tributary.attribution.core.TestSpans.T0;
import static dev.tributary.attribution.core.TestSpans.agent;
import static dev.tributary.attribution.core.TestSpans.carrying;
import static dev.tributary.attribution.core.TestSpans.failed;
import static dev.tributary.attribution.core.TestSpans.feature;
import static dev.tributary.attribution.core.TestSpans.id;
import static dev.tributary.attribution.core.TestSpans.llm;
import static dev.tributary.attribution.core.TestSpans.span;
import static dev.tributary.attribution.core.TestSpans.tags;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import dev.tributary.schemas.Fallback;
import dev.tributary.schemas.FinishReason;
import dev.tributary.schemas.Handoff;
import dev.tributary.schemas.Purpose;
import dev.tributary.schemas.ServiceQuality;
import dev.tributary.schemas.Span;
import dev.tributary.schemas.SpanKind;
import dev.tributary.schemas.SpanStatus;
import dev.tributary.schemas.TokenUsage;
import dev.tributary.schemas.ToolLoop;
import dev.tributary.schemas.TraceSummary;
import dev.tributary.schemas.UsageQuality;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the record of a closed trace says beside its sums, and how long its lists may be. */
class TraceSummaryTest {

  @Test
  void summary_saysWhoseTraceItWas() {
    TraceSummary summary =
        summary(
            agent(1, 0).setServiceName("shop").setPurpose(Purpose.EVAL).setUserHash("u-1"),
            llm(2, 1)
                .setServiceName("gateway")
                .setModelRequested("other")
                .setModelReturned("other-1"),
            llm(3, 1).setServiceName("gateway"),
            span(SpanKind.RETRIEVAL, 4, 1).setServiceName("index").setModelReturned("no-call"),
            span(SpanKind.TOOL, 5, 99).setServiceName("index").setStatus(SpanStatus.ERROR));

    assertThat(summary.getRootSpanId()).isEqualTo(id(1));
    assertThat(summary.getRootService()).isEqualTo("shop");
    assertThat(summary.getPurpose()).isEqualTo(Purpose.EVAL);
    assertThat(summary.getUserHash()).isEqualTo("u-1");
    assertThat(summary.getServices()).containsExactly("gateway", "index", "shop");
    assertThat(summary.getModels()).containsExactly("gpt-test", "other-1");
    assertThat(summary.getSpans()).isEqualTo(5);
    assertThat(summary.getRetrievals()).isEqualTo(1);
    assertThat(summary.getErrors()).isEqualTo(1);
    assertThat(summary.getOrphans()).isEqualTo(1);
    assertThat(summary.getReferenceVersion()).isEqualTo(1);
  }

  /** An agent repeats what its call says: only calls end. */
  @Test
  void finishReasonsAndGuardrails_areCountedByName() {
    TraceSummary summary =
        summary(
            agent(1, 0).setFinishReasons(List.of(FinishReason.STOP)),
            llm(2, 1).setFinishReasons(List.of(FinishReason.STOP, FinishReason.LENGTH)),
            llm(3, 1).setFinishReasons(List.of(FinishReason.STOP)),
            span(SpanKind.GUARDRAIL, 4, 1).setGuardrailOutcome("pass"),
            span(SpanKind.GUARDRAIL, 5, 1).setGuardrailOutcome("block"),
            span(SpanKind.GUARDRAIL, 6, 1).setGuardrailOutcome("pass"));

    assertThat(summary.getFinishReasons()).isEqualTo(Map.of("stop", 2L, "length", 1L));
    assertThat(summary.getGuardrails()).isEqualTo(Map.of("pass", 2L, "block", 1L));
  }

  /** Whoever weights traces by it must not take one for more common than its rarest span. */
  @Test
  void samplingProbability_isTheSmallestStated() {
    TraceSummary summary =
        summary(
            agent(1, 0),
            llm(2, 1).setSamplingProbability(0.5),
            llm(3, 1).setSamplingProbability(0.25),
            llm(4, 1).setSamplingProbability(0.75));

    assertThat(summary.getSamplingProbability()).isEqualTo(0.25);
    assertThat(summary(llm(2, 0)).getSamplingProbability()).isNull();
  }

  @Test
  void toolLoops_theLongestFirst_eachFromItsFirstCallToItsLastEnd() {
    List<Span.Builder> spans = new ArrayList<>();
    spans.add(agent(1, 0));
    IntStream.range(2, 5).forEach(i -> spans.add(tool(i, "send", "aa")));
    IntStream.range(5, 9).forEach(i -> spans.add(tool(i, "lookup", "bb")));
    spans.get(5).setEndTimeUs(T0 + 30_000); // the second of the lookups runs on

    TraceSummary summary = summary(spans);

    assertThat(summary.getToolLoopList())
        .extracting(
            ToolLoop::getToolName,
            ToolLoop::getToolArgsHash,
            ToolLoop::getCalls,
            ToolLoop::getStartTimeUs,
            ToolLoop::getEndTimeUs)
        .containsExactly(
            tuple("lookup", "bb", 4L, T0 + 5_000, T0 + 30_000),
            tuple("send", "aa", 3L, T0 + 2_000, T0 + 4_500));
  }

  @Test
  void toolLoops_beyondTwenty_areCountedAndNotListed() {
    List<Span.Builder> spans = new ArrayList<>();
    spans.add(agent(1, 0));
    for (int i = 0; i < 21 * 3; i++) {
      spans.add(tool(i + 2, "lookup", "args-" + i / 3));
    }

    TraceSummary summary = summary(spans);

    assertThat(summary.getToolLoops()).isEqualTo(21);
    assertThat(summary.getToolLoopCalls()).isEqualTo(63);
    assertThat(summary.getToolLoopList()).hasSize(20);
  }

  @Test
  void handoffs_beyondFifty_areCountedAndNotListed() {
    List<Span.Builder> spans = new ArrayList<>();
    spans.add(span(SpanKind.WORKFLOW, 1, 0).setEndTimeUs(T0 + 90_000));
    for (int i = 2; i < 54; i++) {
      String name = "agent-" + i;
      spans.add(agent(i, 1).setTags(tags(t -> t.setAgent(name))));
    }

    TraceSummary summary = summary(spans);

    assertThat(summary.getHandoffs()).isEqualTo(51);
    assertThat(summary.getHandoffGapUs()).isEqualTo(51 * 500);
    assertThat(summary.getHandoffList()).hasSize(50);
    Handoff first = summary.getHandoffList().get(0);
    assertThat(first.getVia()).isEqualTo("sequence");
    assertThat(first.getFromAgent()).isEqualTo("agent-2");
    assertThat(first.getGapUs()).isEqualTo(500);
    assertThat(first.getStartTimeUs()).isEqualTo(T0 + 3_000);
  }

  @Test
  void fallbacks_beyondTwenty_areCountedAndNotListed() {
    List<Span.Builder> spans = new ArrayList<>();
    spans.add(agent(1, 0));
    for (int i = 2; i < 23; i++) {
      spans.add(llm(i, 1).setFallbackFrom("small"));
    }

    TraceSummary summary = summary(spans);

    assertThat(summary.getFallbacks()).isEqualTo(21);
    assertThat(summary.getFallbackList()).hasSize(20);
    assertThat(summary.getFallbackList())
        .extracting(Fallback::getStartTimeUs)
        .startsWith(T0 + 2_000, T0 + 3_000);
  }

  /** A feature by a rule, or by nobody, is one that the service left out. */
  @Test
  void quality_callsWithoutTags_areAFault() {
    TraceSummary summary =
        summary(agent(1, 0), ended(llm(2, 1)), failed(llm(3, 1)).setTags(feature("search")));

    ServiceQuality quality = summary.getQuality().get(0);
    assertThat(quality.getSpans()).isEqualTo(3);
    assertThat(quality.getCalls()).as("calls that went well").isEqualTo(1);
    assertThat(quality.getReasons()).isEqualTo(Map.of("no_tags", 1L));
    assertThat(quality.getScore()).isEqualTo(1 - 1.0 / 6, within(1e-9));
  }

  /** Of two records of one response one is a fault, of two calls. */
  @Test
  void quality_callsRecordedTwice_areAFaultOfTheServiceThatRepeats() {
    TraceSummary summary =
        summary(
            agent(1, 0).setServiceName("shop").setTags(feature("search")),
            ended(llm(2, 1)).setServiceName("shop").setResponseId("r-1"),
            ended(llm(3, 1)).setServiceName("shop").setResponseId("r-1"),
            ended(llm(4, 1)).setServiceName("shop").setResponseId("r-2"));

    ServiceQuality quality = summary.getQuality().get(0);
    assertThat(quality.getReasons()).isEqualTo(Map.of("double_reported", 1L));
    assertThat(quality.getScore()).isEqualTo(1 - (1.0 / 3) / 6, within(1e-9));
  }

  /** Clocks of two hosts differ by a millisecond without anybody's fault. */
  @Test
  void quality_startBeforeTheParent_isAFaultBeyondAMillisecond() {
    List<Span.Builder> spans =
        List.of(
            agent(10, 0).setTags(feature("search")).setServiceName("shop"),
            ended(llm(11, 10)).setServiceName("good").setStartTimeUs(T0 + 9_000),
            ended(llm(12, 10)).setServiceName("late").setStartTimeUs(T0 + 8_999));

    List<ServiceQuality> quality = summary(spans).getQuality();

    assertThat(quality.get(0).getReasons()).isEmpty();
    assertThat(quality.get(1).getReasons()).isEqualTo(Map.of("clock_skew", 1L));
  }

  @Test
  void quality_ofTwentyServices_theFirstThatAreSeen() {
    List<Span.Builder> spans = new ArrayList<>();
    spans.add(agent(1, 0).setServiceName(null));
    IntStream.range(2, 25)
        .forEach(i -> spans.add(span(SpanKind.STEP, i, 1).setServiceName("s-" + i)));
    spans.add(span(SpanKind.STEP, 30, 1).setServiceName("s-2"));

    List<ServiceQuality> quality = summary(spans).getQuality();

    assertThat(quality).hasSize(20);
    assertThat(quality.get(0).getService()).isNull();
    assertThat(quality)
        .filteredOn(service -> "s-2".equals(service.getService()))
        .extracting(ServiceQuality::getSpans)
        .containsExactly(2L);
  }

  /** What an agent states beyond its calls is as sure as the worst of what was said. */
  @Test
  void residual_isOfTheOutermostOnly_asSureAsItsWorst() {
    TraceSummary summary =
        summary(
            span(SpanKind.WORKFLOW, 1, 0),
            carrying(agent(2, 1), 2_000, 50).setUsageQuality(UsageQuality.DERIVED),
            carrying(agent(3, 2), 1_500, 49), // inside of the one above: no more of it
            carrying(llm(4, 3), 1_000, 45),
            carrying(agent(5, 1), 700, 30), // says less of the output than its call
            carrying(llm(6, 5), 500, 40));

    assertThat(summary.getResidual().getInputUncached()).isEqualTo(1_200);
    assertThat(summary.getResidual().getOutputText()).isEqualTo(5);
    assertThat(summary.getResidualQuality()).isEqualTo(UsageQuality.DERIVED);
  }

  /** Cached tokens are read all the same; a call that states no input is no context. */
  @Test
  void context_isAllOfTheInput() {
    Span.Builder cached =
        llm(2, 1)
            .setUsage(
                TokenUsage.newBuilder()
                    .setInputUncached(10L)
                    .setCacheRead(200L)
                    .setCacheWrite5m(3_000L)
                    .setCacheWrite1h(40_000L)
                    .setInputAudio(500_000L)
                    .setInputImage(6_000_000L)
                    .setOutputText(70_000_000L)
                    .build());
    Span.Builder outputOnly = llm(3, 1).setUsage(TokenUsage.newBuilder().setOutputText(9L).build());

    TraceSummary summary = summary(agent(1, 0), cached, outputOnly);

    assertThat(summary.getLargestContext()).isEqualTo(6_543_210);
    assertThat(summary.getContextGrowth()).as("one call alone").isNull();
  }

  /** Tools behind MCP loop like others; what nobody knows the arguments of may be anything. */
  @Test
  void toolLoops_areOfKnownArguments_behindMcpToo() {
    List<Span.Builder> spans = new ArrayList<>();
    spans.add(agent(1, 0));
    IntStream.range(2, 5).forEach(i -> spans.add(tool(i, "read", "aa").setKind(SpanKind.MCP)));
    IntStream.range(5, 8).forEach(i -> spans.add(tool(i, "send", null)));
    IntStream.range(8, 11).forEach(i -> spans.add(tool(i, null, "bb")));
    IntStream.range(11, 13).forEach(i -> spans.add(tool(i, "read", "cc")));

    TraceSummary summary = summary(spans);

    assertThat(summary.getTools()).isEqualTo(11);
    assertThat(summary.getToolLoopList()).extracting(ToolLoop::getToolName).containsExactly("read");
  }

  /** An agent without a name has its id; one that goes on is handed nothing. */
  @Test
  void handoffs_areBetweenNames_elseIds() {
    TraceSummary summary =
        summary(
            span(SpanKind.WORKFLOW, 1, 0),
            agent(2, 1).setAgentId("a-1"),
            agent(3, 1).setAgentId("a-1"),
            agent(4, 1).setAgentId("a-2"),
            agent(5, 1).setAgentId("a-3").setTags(tags(t -> t.setAgent("a-2"))));

    assertThat(summary.getHandoffList())
        .extracting(Handoff::getFromAgent, Handoff::getToAgent)
        .containsExactly(tuple("a-1", "a-2"));
  }

  private static Span.Builder ended(Span.Builder call) {
    return call.setFinishReasons(List.of(FinishReason.STOP));
  }

  private static Span.Builder tool(long number, @Nullable String name, @Nullable String args) {
    return span(SpanKind.TOOL, number, 1).setToolName(name).setToolArgsHash(args);
  }

  private static TraceSummary summary(Span.Builder... spans) {
    return summary(List.of(spans));
  }

  private static TraceSummary summary(List<Span.Builder> spans) {
    JoinHarness harness = new JoinHarness(JoinTimes.DEFAULT, JoinLimits.DEFAULT, TestViews.BOTH);
    spans.forEach(span -> harness.send(span.build()));
    harness.advance(TimeUnit.MINUTES.toMicros(2));
    assertThat(harness.summaries).hasSize(1);
    return harness.summaries.get(0);
  }
}
