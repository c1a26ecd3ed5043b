package dev.tributary.normalize;

import static dev.tributary.normalize.RandomRequests.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.runtime.metrics.MetricNames;
import dev.tributary.runtime.testing.ConservationCheck;
import dev.tributary.runtime.testing.TopologyFixture;
import dev.tributary.schemas.EvalResult;
import dev.tributary.schemas.EvaluationAttributes;
import dev.tributary.schemas.GenAiAttributes;
import dev.tributary.schemas.Rejected;
import dev.tributary.schemas.Score;
import dev.tributary.schemas.ScoreDirection;
import dev.tributary.schemas.ScoreSource;
import dev.tributary.schemas.ScoreStatus;
import dev.tributary.schemas.SpanContent;
import dev.tributary.schemas.SubjectKind;
import dev.tributary.schemas.Topics;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.TracesData;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Evaluations by OTLP, as log records and as events of spans: results, or refusals. */
class EvaluationTopologyTest {
  private TopologyFixture fixture;

  @BeforeEach
  void start() {
    fixture = TopologyFixture.of(NormalizeMain.APP, Map.of("tributary.normalize.user-secret", "s"));
    fixture.clock().set(OtlpFixtures.NOW);
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  @Test
  void evaluationLog_becomesAResultKeyedByTrace_itsTextContent() {
    fixture
        .rawInput(Topics.OTLP_LOGS)
        .pipeInput(null, SignalRequests.logs(SignalRequests.evaluation()));

    TestRecord<String, EvalResult> record = fixture.records(Topics.EVAL_RESULTS).get(0);
    Score score = record.value().getScore();
    assertThat(record.key()).isEqualTo("default|" + SignalRequests.TRACE);
    assertThat(record.timestamp()).isEqualTo(OtlpFixtures.NOW.getEpochSecond() * 1_000);
    assertThat(score.getSubjectKind()).isEqualTo(SubjectKind.SPAN);
    assertThat(score.getSubjectId()).isEqualTo(SignalRequests.SPAN);
    assertThat(score.getName()).isEqualTo("faithfulness");
    assertThat(score.getValue()).isEqualTo(0.25);
    assertThat(score.getLabel()).isEqualTo("unfaithful");
    assertThat(score.getStatus()).isEqualTo(ScoreStatus.SCORED);
    assertThat(score.getEvaluator()).isEqualTo("judge");
    assertThat(score.getEvaluatorVersion()).isEqualTo("1.4");
    assertThat(record.value().getJobId()).isEqualTo(score.getScoreId()).hasSize(32);
    assertThat(record.value().toString()).doesNotContain("planted");
    SpanContent content = fixture.values(Topics.SPAN_CONTENT).get(0);
    assertThat(content.getSpanId()).isEqualTo(SignalRequests.SPAN);
    assertThat(content.toString()).contains("the planted explanation");
    assertThat(score.getExplanationRef()).isNotNull();
  }

  @ParameterizedTest
  @CsvSource({"0, true", "1, true", "1.0000001, false", "-0.0000001, false"})
  void value_bounds_areValues(String value, boolean isTaken) {
    LogRecord.Builder log = SignalRequests.evaluation();
    log.removeAttributes(1)
        .addAttributes(text(EvaluationAttributes.SCORE_VALUE, value))
        .addAttributes(text(EvaluationAttributes.TRIBUTARY_AMOUNT, "1e25"));
    fixture.rawInput(Topics.OTLP_LOGS).pipeInput(null, SignalRequests.logs(log));

    List<EvalResult> results = fixture.values(Topics.EVAL_RESULTS);
    assertThat(results).hasSize(isTaken ? 1 : 0);
    if (isTaken) {
      assertThat(results.get(0).getScore().getValue()).isEqualTo(Double.parseDouble(value));
      // More digits than the schema holds: left out, and the score goes on.
      assertThat(results.get(0).getScore().getAmount()).isNull();
    }
  }

  @Test
  void twoLabels_ofOneNameAtOneTime_areTwoResults() {
    for (String label : List.of("polite", "rude")) {
      LogRecord.Builder log = SignalRequests.evaluation();
      log.removeAttributes(2).addAttributes(text(EvaluationAttributes.SCORE_LABEL, label));
      fixture.rawInput(Topics.OTLP_LOGS).pipeInput(null, SignalRequests.logs(log));
    }

    assertThat(fixture.<EvalResult>values(Topics.EVAL_RESULTS))
        .extracting(EvalResult::getJobId)
        .doesNotHaveDuplicates()
        .hasSize(2);
  }

  /** A workspace whose texts are not kept is stated on its records as on its spans. */
  @ParameterizedTest
  @CsvSource({"acme, false", "other, true"})
  void evaluationLog_ofAWorkspaceWithoutText_leavesNone(String workspace, boolean isKept) {
    try (TopologyFixture veiled =
        TopologyFixture.of(
            NormalizeMain.APP,
            Map.of("tributary.normalize.content-mode-of-workspace.acme", "off"))) {
      veiled.clock().set(OtlpFixtures.NOW);
      veiled
          .rawInput(Topics.OTLP_LOGS)
          .pipeInput(
              null,
              SignalRequests.logs(
                  SignalRequests.evaluation()
                      .addAttributes(text("tributary.workspace", workspace))));

      List<SpanContent> contents = veiled.values(Topics.SPAN_CONTENT);
      assertThat(contents.toString().contains("planted")).isEqualTo(isKept);
    }
  }

  @Test
  void evaluationLog_inJsonAndAgain_isTheSameResult() {
    fixture
        .rawInput(Topics.OTLP_LOGS)
        .pipeInput(null, SignalRequests.logs(SignalRequests.evaluation()));
    SignalRequests.pipeJson(fixture, Topics.OTLP_LOGS, SignalRequests.evaluationJson());

    SignalRequests.pipeJson(
        fixture,
        Topics.OTLP_LOGS,
        SignalRequests.evaluationJson().replace("\"timeUnixNano", "\"observedTimeUnixNano"));

    List<EvalResult> results = fixture.values(Topics.EVAL_RESULTS);
    assertThat(results).hasSize(3);
    assertThat(results.get(1)).isEqualTo(results.get(0));
    assertThat(results.get(2)).as("by the time it was observed").isEqualTo(results.get(0));
    List<SpanContent> contents = fixture.values(Topics.SPAN_CONTENT);
    assertThat(contents.get(1)).isEqualTo(contents.get(0));
  }

  @Test
  void evaluationWithoutTrace_isAboutAResponseOrASession() {
    LogRecord.Builder ofResponse =
        SignalRequests.evaluation()
            .clearTraceId()
            .clearSpanId()
            .addAttributes(text(GenAiAttributes.RESPONSE_ID, "resp-7"));
    LogRecord.Builder outcome =
        SignalRequests.evaluation()
            .clearTraceId()
            .clearSpanId()
            .addAttributes(text(EvaluationAttributes.TRIBUTARY_SESSION, "chat-9"))
            .addAttributes(text(EvaluationAttributes.TRIBUTARY_SOURCE, "business"))
            .addAttributes(text(EvaluationAttributes.TRIBUTARY_DIRECTION, "lower"))
            .addAttributes(text(EvaluationAttributes.TRIBUTARY_AMOUNT, "12.50"));

    fixture.rawInput(Topics.OTLP_LOGS).pipeInput(null, SignalRequests.logs(ofResponse, outcome));

    List<TestRecord<String, EvalResult>> results = fixture.records(Topics.EVAL_RESULTS);
    assertThat(results)
        .extracting(TestRecord::key)
        .containsExactly("default|resp-7", "default|chat-9");
    Score session = results.get(1).value().getScore();
    assertThat(session.getSubjectKind()).isEqualTo(SubjectKind.SESSION);
    assertThat(session.getSource()).isEqualTo(ScoreSource.BUSINESS);
    assertThat(session.getDirection()).isEqualTo(ScoreDirection.LOWER_IS_BETTER);
    assertThat(session.getAmount()).isEqualByComparingTo("12.50");
    assertThat(session.getEvaluator()).isNull();
    assertThat(results.get(0).value().getScore().getTraceId()).isNull();
  }

  /** The symbol that stands for what a later version adds is no word of producers. */
  @Test
  void evaluationOfSourceUnknown_isAnEvaluators() {
    LogRecord.Builder log =
        SignalRequests.evaluation()
            .addAttributes(text(EvaluationAttributes.TRIBUTARY_SOURCE, "unknown"));

    fixture.rawInput(Topics.OTLP_LOGS).pipeInput(null, SignalRequests.logs(log));

    List<EvalResult> results = fixture.values(Topics.EVAL_RESULTS);
    assertThat(results.get(0).getScore().getSource()).isEqualTo(ScoreSource.EVALUATOR);
  }

  @ParameterizedTest
  @CsvSource({
    "LOWER, LOWER_IS_BETTER",
    "lower_is_better, LOWER_IS_BETTER",
    "Higher, HIGHER_IS_BETTER",
    "'', HIGHER_IS_BETTER",
    "sideways, ",
    "unknown, ",
  })
  void direction_isOneOfTwoWords_orTheScoreIsRefused(String word, ScoreDirection direction) {
    LogRecord.Builder log =
        SignalRequests.evaluation()
            .addAttributes(text(EvaluationAttributes.TRIBUTARY_DIRECTION, word));

    fixture.rawInput(Topics.OTLP_LOGS).pipeInput(null, SignalRequests.logs(log));

    assertThat(fixture.values(Topics.EVAL_RESULTS))
        .extracting(result -> result.getScore().getDirection())
        .isEqualTo(direction == null ? List.of() : List.of(direction));
    assertThat(fixture.values(Topics.REJECTED))
        .extracting(Rejected::getReason)
        .isEqualTo(direction == null ? List.of("INVALID_SCORE") : List.of());
  }

  @Test
  void evaluationOfASessionNamedAfterAPerson_namesItInNoKey() {
    LogRecord.Builder log =
        SignalRequests.evaluation()
            .clearTraceId()
            .clearSpanId()
            .addAttributes(text(GenAiAttributes.CONVERSATION_ID, "ada@example.com"));

    fixture.rawInput(Topics.OTLP_LOGS).pipeInput(null, SignalRequests.logs(log));

    TestRecord<String, EvalResult> result = fixture.records(Topics.EVAL_RESULTS).get(0);
    String subject = result.value().getScore().getSubjectId();
    assertThat(subject).doesNotContain("ada").hasSize(32);
    assertThat(result.key()).isEqualTo("default|" + subject);
  }

  @ParameterizedTest
  @CsvSource({"EVALUATOR, resp-7", "LLM, " + SignalRequests.SPAN})
  void evaluationOnASpan_namingAResponse_isAboutItOnlyOnAnEvaluatorsOwn(
      String kind, String subject) {
    Span.Builder span =
        span()
            .addAttributes(text(GenAiAttributes.OPENINFERENCE_SPAN_KIND, kind))
            .addEvents(
                evaluationEvent().addAttributes(text(GenAiAttributes.RESPONSE_ID, "resp-7")));

    pipe(span);

    assertThat(fixture.values(Topics.EVAL_RESULTS).get(0).getScore().getSubjectId())
        .isEqualTo(subject);
  }

  @Test
  void evaluationThatFailed_isNoScoreOfZero() {
    LogRecord.Builder failed =
        SignalRequests.evaluation()
            .clearAttributes()
            .addAttributes(text(EvaluationAttributes.NAME, "faithfulness"))
            .addAttributes(text(GenAiAttributes.ERROR_TYPE, "timeout"));

    fixture.rawInput(Topics.OTLP_LOGS).pipeInput(null, SignalRequests.logs(failed));

    Score score = fixture.values(Topics.EVAL_RESULTS).get(0).getScore();
    assertThat(score.getStatus()).isEqualTo(ScoreStatus.FAILED);
    assertThat(score.getStatusReason()).isEqualTo("timeout");
    assertThat(score.getValue()).isNull();
  }

  @ParameterizedTest
  @CsvSource({"7, INVALID_SCORE", "-0.5, INVALID_SCORE", "NaN, INVALID_SCORE"})
  void evaluationWithAnImpossibleValue_isRejected(String value, String reason) {
    LogRecord.Builder log =
        SignalRequests.evaluation()
            .clearAttributes()
            .addAttributes(text(EvaluationAttributes.NAME, "faithfulness"))
            .addAttributes(
                SignalRequests.decimal(
                    EvaluationAttributes.SCORE_VALUE, Double.parseDouble(value)));

    fixture.rawInput(Topics.OTLP_LOGS).pipeInput(null, SignalRequests.logs(log));

    assertThat(fixture.values(Topics.REJECTED))
        .extracting(Rejected::getReason)
        .containsExactly(reason);
    assertThat(fixture.values(Topics.EVAL_RESULTS)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"9000000000000000000, TIMESTAMP_IN_FUTURE", "1, TIMESTAMP_TOO_OLD"})
  void evaluationAsSpanEvent_atATimeThatCannotBe_isRejected_theSpanGoesOn(
      long nanos, String reason) {
    Span.Builder span = span().addEvents(evaluationEvent().setTimeUnixNano(nanos));

    pipe(span);

    assertThat(fixture.values(Topics.SPANS)).hasSize(1);
    assertThat(fixture.values(Topics.EVAL_RESULTS)).isEmpty();
    assertThat(fixture.values(Topics.REJECTED))
        .extracting(Rejected::getReason)
        .containsExactly(reason);
  }

  @Test
  void evaluationAsSpanEvent_becomesAResult_aWrongOneIsRejected_theSpanGoesOn() {
    Span.Builder span =
        span()
            .addEvents(evaluationEvent())
            .addEvents(Span.Event.newBuilder().setName(EvaluationAttributes.RESULT_EVENT));

    pipe(span);

    String contentRef = fixture.values(Topics.SPANS).get(0).getContentRef();
    Score score = fixture.values(Topics.EVAL_RESULTS).get(0).getScore();
    assertThat(score.getSubjectId()).isEqualTo(SignalRequests.SPAN);
    assertThat(score.getScoredAtUs()).isEqualTo(SignalRequests.NOW_NANOS / 1_000);
    assertThat(score.getExplanationRef()).isNotNull().isEqualTo(contentRef);
    assertThat(fixture.values(Topics.REJECTED))
        .extracting(Rejected::getReason)
        .containsExactly("INVALID_SCORE");
    new ConservationCheck(fixture.meters(), "normalize").assertHolds();
    assertThat(fixture.count(MetricNames.RECEIVED)).isEqualTo(1);
  }

  /** A span of now, its evaluations to be added. */
  private static Span.Builder span() {
    return Span.newBuilder()
        .setTraceId(SignalRequests.id(SignalRequests.TRACE))
        .setSpanId(SignalRequests.id(SignalRequests.SPAN))
        .setStartTimeUnixNano(SignalRequests.NOW_NANOS - 1_000_000)
        .setEndTimeUnixNano(SignalRequests.NOW_NANOS);
  }

  private static Span.Event.Builder evaluationEvent() {
    return Span.Event.newBuilder()
        .setName(EvaluationAttributes.RESULT_EVENT)
        .addAllAttributes(SignalRequests.evaluation().getAttributesList());
  }

  private void pipe(Span.Builder span) {
    TracesData.Builder request = TracesData.newBuilder();
    request.addResourceSpansBuilder().addScopeSpansBuilder().addSpans(span);
    fixture.rawInput(Topics.OTLP_SPANS).pipeInput(null, request.build().toByteArray());
  }
}
