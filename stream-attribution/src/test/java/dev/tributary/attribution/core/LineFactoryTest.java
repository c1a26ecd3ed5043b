package dev.tributary.attribution.core;

import static dev.tributary.attribution.core.TestSpans.T0;
import static dev.tributary.attribution.core.TestSpans.agent;
import static dev.tributary.attribution.core.TestSpans.failed;
import static dev.tributary.attribution.core.TestSpans.feature;
import static dev.tributary.attribution.core.TestSpans.llm;
import static dev.tributary.attribution.core.TestSpans.span;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.schemas.FinishReason;
import dev.tributary.schemas.LedgerLine;
import dev.tributary.schemas.LineKind;
import dev.tributary.schemas.PriceStatus;
import dev.tributary.schemas.Purpose;
import dev.tributary.schemas.Retrieval;
import dev.tributary.schemas.Span;
import dev.tributary.schemas.SpanKind;
import dev.tributary.schemas.SpanStatus;
import dev.tributary.schemas.TokenUsage;
import dev.tributary.schemas.TraceMeasures;
import dev.tributary.schemas.UnitUsage;
import dev.tributary.schemas.UsageConvention;
import dev.tributary.schemas.UsageQuality;
import dev.tributary.schemas.UsageScope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a line takes from its span: the ledger is all that knows of a call once its span is gone.
 */
class LineFactoryTest {

  @Test
  void line_saysWhereTheCallWentAndHowItWasCounted() {
    LedgerLine line =
        line(
            llm(1, 0)
                .setServiceName("shop")
                .setPurpose(Purpose.EVAL)
                .setProvider("openai")
                .setSurface("azure_openai")
                .setModelRequested("requested")
                .setModelReturned("returned")
                .setRegion("swedencentral")
                .setServiceTier("flex")
                .setGateway("gate")
                .setKeyAlias("key-7")
                .setResponseId("resp-1")
                .setUsageConvention(UsageConvention.EXCLUSIVE)
                .setReportedCost("0.01")
                .setStartTimeUs(T0)
                .setEndTimeUs(T0 + 900));

    assertThat(line.getTenant()).isEqualTo(TestSpans.TENANT);
    assertThat(line.getKind()).isEqualTo(LineKind.USAGE);
    assertThat(line.getSource()).isEqualTo(TestSpans.TRACE);
    assertThat(line.getItem()).isEqualTo(TestSpans.id(1));
    assertThat(line.getSpanKind()).isEqualTo(SpanKind.LLM);
    assertThat(line.getServiceName()).isEqualTo("shop");
    assertThat(line.getPurpose()).isEqualTo(Purpose.EVAL);
    assertThat(line.getProvider()).isEqualTo("openai");
    assertThat(line.getSurface()).isEqualTo("azure_openai");
    assertThat(line.getModelRequested()).isEqualTo("requested");
    assertThat(line.getModelReturned()).isEqualTo("returned");
    assertThat(line.getRegion()).isEqualTo("swedencentral");
    assertThat(line.getServiceTier()).isEqualTo("flex");
    assertThat(line.getGateway()).isEqualTo("gate");
    assertThat(line.getKeyAlias()).isEqualTo("key-7");
    assertThat(line.getResponseId()).isEqualTo("resp-1");
    assertThat(line.getUsageScope()).isEqualTo(UsageScope.LEAF);
    assertThat(line.getUsageQuality()).isEqualTo(UsageQuality.REPORTED);
    assertThat(line.getUsageConvention()).isEqualTo(UsageConvention.EXCLUSIVE);
    assertThat(line.getReportedCost()).isEqualTo("0.01");
    assertThat(line.getReferenceVersion()).isEqualTo(1);
    assertThat(line.getStartTimeUs()).isEqualTo(T0);
    assertThat(line.getEventTimeUs()).isEqualTo(T0 + 900);
    assertThat(line.getLatencyUs()).isEqualTo(900);
    assertThat(line.getTrace()).isNull();
  }

  @Test
  void line_saysHowItEnded() {
    Retrieval retrieval = Retrieval.newBuilder().setSource("docs").setHits(3).build();
    LedgerLine line =
        line(
            llm(1, 0)
                .setStatus(SpanStatus.ERROR)
                .setErrorType("rate_limit")
                .setHttpStatus(429)
                .setAttempt(2)
                .setFallbackFrom("small")
                .setStream(true)
                .setTtftUs(77L)
                .setFinishReasons(List.of(FinishReason.LENGTH))
                .setToolName("lookup")
                .setToolArgsHash("aa")
                .setMcpServer("files")
                .setRetrieval(retrieval)
                .setGuardrailOutcome("masked")
                .setSamplingProbability(0.25)
                .setInputHash("bb"));

    assertThat(line.getError()).isTrue();
    assertThat(line.getErrorType()).isEqualTo("rate_limit");
    assertThat(line.getHttpStatus()).isEqualTo(429);
    assertThat(line.getAttempt()).isEqualTo(2);
    assertThat(line.getFallbackFrom()).isEqualTo("small");
    assertThat(line.getStream()).isTrue();
    assertThat(line.getTtftUs()).isEqualTo(77);
    assertThat(line.getFinishReasons()).containsExactly(FinishReason.LENGTH);
    assertThat(line.getToolName()).isEqualTo("lookup");
    assertThat(line.getToolArgsHash()).isEqualTo("aa");
    assertThat(line.getMcpServer()).isEqualTo("files");
    assertThat(line.getRetrieval()).isEqualTo(retrieval);
    assertThat(line.getGuardrailOutcome()).isEqualTo("masked");
    assertThat(line.getSamplingProbability()).isEqualTo(0.25);
    assertThat(line.getInputHash()).isEqualTo("bb");
  }

  /** Nobody bills a tool's span: its provider is that of the call that asked for it. */
  @ParameterizedTest
  @EnumSource
  void surface_isThatOfWhatCanHaveUsage(SpanKind kind) {
    LedgerLine line = line(span(kind, 1, 0).setProvider("openai"));

    boolean mayOwn =
        switch (kind) {
          case LLM, EMBEDDING, RERANK, AGENT, WORKFLOW, STEP -> true;
          default -> false;
        };
    assertThat(line.getSurface()).isEqualTo(mayOwn ? "openai" : null);
  }

  static Stream<Consumer<TokenUsage>> counts() {
    return Stream.of(
        usage -> usage.setInputUncached(0L),
        usage -> usage.setCacheRead(0L),
        usage -> usage.setCacheWrite5m(0L),
        usage -> usage.setCacheWrite1h(0L),
        usage -> usage.setInputAudio(0L),
        usage -> usage.setInputImage(0L),
        usage -> usage.setOutputText(0L),
        usage -> usage.setReasoning(0L),
        usage -> usage.setOutputAudio(0L),
        usage -> usage.setOutputImage(0L),
        usage -> usage.setUnits(UnitUsage.newBuilder().setRerankQueries(1L).build()),
        usage -> usage.setUnits(UnitUsage.newBuilder().setSeconds(1L).build()),
        usage -> usage.setUnits(UnitUsage.newBuilder().setPages(1L).build()));
  }

  /** One count is enough, a 0 too: what is billed by the page or the second states no tokens. */
  @ParameterizedTest
  @MethodSource("counts")
  void anyCount_isUsage(Consumer<TokenUsage> count) {
    TokenUsage usage = TokenUsage.newBuilder().build();
    count.accept(usage);

    assertThat(line(llm(1, 0).setUsage(usage)).getUsageScope()).isEqualTo(UsageScope.LEAF);
  }

  /** Searches come with the tokens of the call that asked for them. */
  @Test
  void searchesAlone_areNoUsage() {
    UnitUsage searches =
        UnitUsage.newBuilder().setWebSearches(2L).setFileSearches(1L).setSocialSearches(1L).build();
    TokenUsage usage = TokenUsage.newBuilder().setUnits(searches).build();

    LedgerLine line = line(llm(1, 0).setUsage(usage));

    assertThat(line.getUsageScope()).isEqualTo(UsageScope.NONE);
    assertThat(line.getUsage()).isNull();
    assertThat(line.getUsageQuality()).isEqualTo(UsageQuality.MISSING);
    assertThat(line.getCalls()).isEqualTo(1);
  }

  @Test
  void usageOfAKindThatOwnsNone_isNotBilled() {
    LedgerLine tool = line(TestSpans.carrying(span(SpanKind.TOOL, 1, 0), 9, 9));

    assertThat(tool.getUsage()).isNull();
    assertThat(tool.getCalls()).isZero();
    assertThat(tool.getPriceStatus()).isEqualTo(PriceStatus.NOT_BILLABLE);
    assertThat(tool.getPriceReason()).isEqualTo("kind owns no usage");
  }

  /** The trace's own line: as long as all of it, and said by its root. */
  @Test
  void traceLine_measuresTheWholeTrace() {
    List<LedgerLine> lines =
        lines(
            agent(2, 0)
                .setServiceName("shop")
                .setTags(feature("search"))
                .setPurpose(Purpose.EVAL)
                .setStatus(SpanStatus.ERROR),
            failed(llm(3, 2)).setAttempt(1),
            llm(4, 2).setAttempt(2).setFallbackFrom("small").setEndTimeUs(T0 + 90_000),
            span(SpanKind.STEP, 1, 77));

    LedgerLine trace = lines.get(lines.size() - 1);
    assertThat(trace.getItem()).isEqualTo("trace");
    assertThat(trace.getStartTimeUs()).isEqualTo(T0 + 1_000);
    assertThat(trace.getEventTimeUs()).isEqualTo(T0 + 90_000);
    assertThat(trace.getLatencyUs()).isEqualTo(89_000);
    assertThat(trace.getServiceName()).isEqualTo("shop");
    assertThat(trace.getAttribution().getFeature().getValue()).isEqualTo("search");
    assertThat(trace.getPurpose()).isEqualTo(Purpose.EVAL);
    assertThat(trace.getError()).isTrue();
    assertThat(trace.getCalls()).isZero();
    assertThat(trace.getPriceStatus()).isEqualTo(PriceStatus.NOT_BILLABLE);
    assertThat(trace.getReferenceVersion()).isEqualTo(1);
    assertThat(trace.getTrace()).isEqualTo(new TraceMeasures(89_000L, 4L, 0L, 1L, 1L, 0L, 1L, 0L));
  }

  private static LedgerLine line(Span.Builder span) {
    return lines(span).get(0);
  }

  private static List<LedgerLine> lines(Span.Builder... spans) {
    List<LedgerLine> lines = new ArrayList<>();
    Book.book(
            Arrays.stream(spans).map(Span.Builder::build).toList(),
            TestViews.FIRST,
            BookOptions.closed(TestViews.FIRST))
        .forEachLine(lines::add);
    return lines;
  }
}
