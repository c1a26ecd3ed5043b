package dev.tributary.normalize;

import static dev.tributary.normalize.RandomRequests.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.runtime.errors.DeadLetters;
import dev.tributary.runtime.metrics.MetricNames;
import dev.tributary.runtime.testing.ConservationCheck;
import dev.tributary.runtime.testing.TopologyFixture;
import dev.tributary.schemas.EvalResult;
import dev.tributary.schemas.EvaluationAttributes;
import dev.tributary.schemas.Event;
import dev.tributary.schemas.Gauge;
import dev.tributary.schemas.GenAiAttributes;
import dev.tributary.schemas.GpuAttributes;
import dev.tributary.schemas.InferenceServerMetrics;
import dev.tributary.schemas.Rejected;
import dev.tributary.schemas.Score;
import dev.tributary.schemas.ScoreDirection;
import dev.tributary.schemas.ScoreSource;
import dev.tributary.schemas.ScoreStatus;
import dev.tributary.schemas.SpanContent;
import dev.tributary.schemas.SubjectKind;
import dev.tributary.schemas.Topic;
import dev.tributary.schemas.Topics;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.TracesData;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** OTLP beyond spans: evaluations, failed calls, gauges. */
class SignalTopologyTest {
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

  @Test
  void evaluationLog_inJsonAndAgain_isTheSameResult() {
    fixture
        .rawInput(Topics.OTLP_LOGS)
        .pipeInput(null, SignalRequests.logs(SignalRequests.evaluation()));
    pipeJson(Topics.OTLP_LOGS, SignalRequests.evaluationJson());

    pipeJson(
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
        Span.newBuilder()
            .setTraceId(SignalRequests.id(SignalRequests.TRACE))
            .setSpanId(SignalRequests.id(SignalRequests.SPAN))
            .setStartTimeUnixNano(SignalRequests.NOW_NANOS - 1_000_000)
            .setEndTimeUnixNano(SignalRequests.NOW_NANOS)
            .addAttributes(text(GenAiAttributes.OPENINFERENCE_SPAN_KIND, kind))
            .addEvents(
                Span.Event.newBuilder()
                    .setName(EvaluationAttributes.RESULT_EVENT)
                    .addAllAttributes(SignalRequests.evaluation().getAttributesList())
                    .addAttributes(text(GenAiAttributes.RESPONSE_ID, "resp-7")));
    TracesData.Builder request = TracesData.newBuilder();
    request.addResourceSpansBuilder().addScopeSpansBuilder().addSpans(span);

    fixture.rawInput(Topics.OTLP_SPANS).pipeInput(null, request.build().toByteArray());

    assertThat(fixture.values(Topics.EVAL_RESULTS).get(0).getScore().getSubjectId())
        .isEqualTo(subject);
  }

  @Test
  void gaugeThatItsUnitTakesBeyondADouble_isRejected() {
    fixture
        .rawInput(Topics.OTLP_METRICS)
        .pipeInput(
            null,
            SignalRequests.metrics(
                "gpu-1", SignalRequests.gauge(GpuAttributes.DCGM_FB_USED, Double.MAX_VALUE)));

    assertThat(fixture.values(Topics.REJECTED))
        .extracting(Rejected::getReason)
        .containsExactly("INVALID_VALUE");
    assertThat(fixture.values(Topics.GAUGES)).isEmpty();
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

  @Test
  void exceptionLog_becomesAnEventWithoutItsMessage() {
    fixture
        .rawInput(Topics.OTLP_LOGS)
        .pipeInput(null, SignalRequests.logs(SignalRequests.exception()));

    TestRecord<String, Event> record = fixture.records(Topics.EVENTS).get(0);
    Event event = record.value();
    assertThat(record.key()).isEqualTo("default|" + SignalRequests.TRACE);
    assertThat(event.getKind()).isEqualTo("call_failed");
    assertThat(event.getDetail())
        .containsEntry("span_id", SignalRequests.SPAN)
        .containsEntry("error_type", "RateLimitError")
        .containsEntry("http_status", "429");
    assertThat(event.getDimensions())
        .containsEntry("service", "shop")
        .containsEntry("model", "gpt-4o");
    assertThat(event.toString()).doesNotContain("planted");
    assertThat(fixture.values(Topics.SPAN_CONTENT).get(0).toString()).contains("planted message");
  }

  @ParameterizedTest
  @CsvSource({"9000000000000000000, TIMESTAMP_IN_FUTURE", "1, TIMESTAMP_TOO_OLD"})
  void evaluationAsSpanEvent_atATimeThatCannotBe_isRejected_theSpanGoesOn(
      long nanos, String reason) {
    Span.Builder span =
        Span.newBuilder()
            .setTraceId(SignalRequests.id(SignalRequests.TRACE))
            .setSpanId(SignalRequests.id(SignalRequests.SPAN))
            .setStartTimeUnixNano(SignalRequests.NOW_NANOS - 1_000_000)
            .setEndTimeUnixNano(SignalRequests.NOW_NANOS)
            .addEvents(
                Span.Event.newBuilder()
                    .setName(EvaluationAttributes.RESULT_EVENT)
                    .setTimeUnixNano(nanos)
                    .addAllAttributes(SignalRequests.evaluation().getAttributesList()));
    TracesData.Builder request = TracesData.newBuilder();
    request.addResourceSpansBuilder().addScopeSpansBuilder().addSpans(span);

    fixture.rawInput(Topics.OTLP_SPANS).pipeInput(null, request.build().toByteArray());

    assertThat(fixture.values(Topics.SPANS)).hasSize(1);
    assertThat(fixture.values(Topics.EVAL_RESULTS)).isEmpty();
    assertThat(fixture.values(Topics.REJECTED))
        .extracting(Rejected::getReason)
        .containsExactly(reason);
  }

  @Test
  void evaluationAsSpanEvent_becomesAResult_aWrongOneIsRejected_theSpanGoesOn() {
    Span.Builder span =
        Span.newBuilder()
            .setTraceId(SignalRequests.id(SignalRequests.TRACE))
            .setSpanId(SignalRequests.id(SignalRequests.SPAN))
            .setStartTimeUnixNano(SignalRequests.NOW_NANOS - 1_000_000)
            .setEndTimeUnixNano(SignalRequests.NOW_NANOS)
            .addEvents(
                Span.Event.newBuilder()
                    .setName(EvaluationAttributes.RESULT_EVENT)
                    .addAllAttributes(SignalRequests.evaluation().getAttributesList()))
            .addEvents(Span.Event.newBuilder().setName(EvaluationAttributes.RESULT_EVENT));
    TracesData.Builder request = TracesData.newBuilder();
    request.addResourceSpansBuilder().addScopeSpansBuilder().addSpans(span);

    fixture.rawInput(Topics.OTLP_SPANS).pipeInput(null, request.build().toByteArray());

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

  /** Every exporter's unit becomes ours: ratios of 1, bytes, watts, joules. */
  @Test
  void gpuMetrics_ofEveryVocabulary_becomeGaugesInOneUnit() {
    fixture
        .rawInput(Topics.OTLP_METRICS)
        .pipeInput(
            null,
            SignalRequests.metrics(
                "GPU-1",
                SignalRequests.gauge(GpuAttributes.HW_GPU_UTILIZATION, 0.5, text("hw.id", "0")),
                SignalRequests.gauge(
                    GpuAttributes.DCGM_GPU_UTIL,
                    50,
                    text("UUID", "GPU-abc"),
                    text("modelName", "NVIDIA H100"),
                    text("secret", "planted")),
                SignalRequests.gauge(GpuAttributes.DCGM_FB_USED, 2),
                SignalRequests.gauge(GpuAttributes.HW_POWER, 300, text("hw.type", "gpu")),
                SignalRequests.gauge(GpuAttributes.HW_POWER, 80, text("hw.type", "cpu")),
                SignalRequests.counter(GpuAttributes.DCGM_TOTAL_ENERGY, 5_000)));

    List<TestRecord<String, Gauge>> gauges = fixture.records(Topics.GAUGES);
    assertThat(gauges).extracting(TestRecord::key).containsOnly("default|gpu-1|");
    assertThat(
            gauges.stream()
                .map(record -> record.value().getName() + " " + record.value().getValue()))
        .containsExactly(
            "gpu_utilization_ratio 0.5",
            "gpu_utilization_ratio 0.5",
            "gpu_memory_used_bytes 2097152.0",
            "gpu_power_watts 300.0",
            "gpu_energy_total_joules 5.0");
    assertThat(gauges.get(1).value().getAttributes())
        .containsOnly(
            Map.entry("temporality", "gauge"),
            Map.entry("gpu", "GPU-abc"),
            Map.entry("gpu_model", "NVIDIA H100"));
    assertThat(fixture.count(MetricNames.DROPPED)).isEqualTo(1);
  }

  @Test
  void serverMetrics_inBothEncodings_areTheSameGauges() {
    fixture.rawInput(Topics.OTLP_METRICS).pipeInput(null, SignalRequests.metricsProto());
    pipeJson(Topics.OTLP_METRICS, SignalRequests.metricsJson());

    List<TestRecord<String, Gauge>> gauges = fixture.records(Topics.GAUGES);
    assertThat(gauges.subList(4, 8)).isEqualTo(gauges.subList(0, 4));
    assertThat(gauges.get(0).key()).isEqualTo("default|gpu-1|llama-3");
    assertThat(gauges.subList(0, 4).stream().map(record -> describe(record.value())))
        .containsExactly(
            "server_running_requests 3.0 gauge",
            "server_generated_total_tokens 1234.0 cumulative",
            "server_queue_total_seconds 0.5 delta",
            "server_queue_total_count 4.0 delta");
  }

  private static String describe(Gauge gauge) {
    return gauge.getName()
        + " "
        + gauge.getValue()
        + " "
        + gauge.getAttributes().get("temporality");
  }

  @Test
  void hostOfPrometheus_losesItsPort_andWithoutHostThePointIsRejected() {
    Metric.Builder scraped =
        SignalRequests.gauge(
            InferenceServerMetrics.TGI_QUEUE_SIZE,
            4,
            text(GpuAttributes.INSTANCE, "10.0.0.7:8080"));
    Metric.Builder nowhere = SignalRequests.gauge(InferenceServerMetrics.TGI_QUEUE_SIZE, 4);

    fixture
        .rawInput(Topics.OTLP_METRICS)
        .pipeInput(null, SignalRequests.metrics("", scraped, nowhere));

    assertThat(fixture.values(Topics.GAUGES))
        .extracting(Gauge::getHost)
        .containsExactly("10.0.0.7");
    assertThat(fixture.values(Topics.REJECTED))
        .extracting(Rejected::getReason)
        .containsExactly("NO_HOST");
  }

  @ParameterizedTest
  @CsvSource({
    "otlp_logs, JSON, NOT_A_LOG_REQUEST",
    "otlp_logs, CUT, MALFORMED_PROTO",
    "otlp_metrics, JSON, NOT_A_METRIC_REQUEST",
    "otlp_metrics, CUT, MALFORMED_PROTO"
  })
  void brokenRequest_isADeadLetterWithItsReason(String topic, String how, String reason) {
    Topic<byte[], byte[]> input =
        topic.equals("otlp_logs") ? Topics.OTLP_LOGS : Topics.OTLP_METRICS;
    if (how.equals("JSON")) {
      pipeJson(input, "{\"resourceSpans\": []}");
    } else {
      byte[] whole =
          input == Topics.OTLP_LOGS
              ? SignalRequests.logs(SignalRequests.evaluation())
              : SignalRequests.metricsProto();
      fixture.rawInput(input).pipeInput(null, Arrays.copyOf(whole, whole.length - 1));
    }

    TestRecord<byte[], byte[]> dead = fixture.rawOutput(Topics.DLQ).readRecordsToList().get(0);
    assertThat(
            new String(
                dead.headers().lastHeader(DeadLetters.REASON).value(), StandardCharsets.UTF_8))
        .isEqualTo(reason);
    new ConservationCheck(fixture.meters(), "normalize").assertHolds();
  }

  private void pipeJson(Topic<byte[], byte[]> topic, String json) {
    fixture
        .rawInput(topic)
        .pipeInput(
            new TestRecord<>(
                null,
                json.getBytes(StandardCharsets.UTF_8),
                new RecordHeaders()
                    .add("tributary-encoding", "otlp_json".getBytes(StandardCharsets.UTF_8))));
  }
}
