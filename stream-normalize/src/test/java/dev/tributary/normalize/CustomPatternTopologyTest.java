package dev.tributary.normalize;

import static dev.tributary.normalize.RandomRequests.number;
import static dev.tributary.normalize.RandomRequests.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.runtime.testing.TopologyFixture;
import dev.tributary.schemas.Event;
import dev.tributary.schemas.GenAiAttributes;
import dev.tributary.schemas.Keys;
import dev.tributary.schemas.Rejected;
import dev.tributary.schemas.Score;
import dev.tributary.schemas.Span;
import dev.tributary.schemas.SpanContent;
import dev.tributary.schemas.SubjectKind;
import dev.tributary.schemas.Topics;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.trace.v1.TracesData;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A pattern of one's own may match digits, and ids are full of them: what records are joined and
 * counted by stays whole, or spans of two calls would become one.
 */
class CustomPatternTopologyTest {
  private static final String TRACE = SignalRequests.TRACE;
  private static final String SPAN = SignalRequests.SPAN;
  private static final String PARENT = "b7ad6b7169203332";

  private TopologyFixture fixture;

  @BeforeEach
  void start() {
    fixture =
        TopologyFixture.of(
            NormalizeMain.APP,
            Map.of(
                "tributary.normalize.user-secret",
                "s",
                "tributary.normalize.redact.employee",
                "[0-9]{2,}",
                "tributary.normalize.redact.shout",
                "[A-Z]{3,}",
                "tributary.normalize.tags.reason",
                "app.reason",
                "tributary.normalize.tags.trace_id",
                "app.ticket",
                "tributary.normalize.tags.subject",
                "app.subject",
                "tributary.normalize.tags.subject_id",
                "app.subject"));
    fixture.clock().set(OtlpFixtures.NOW);
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  @Test
  void span_idsAndHashes_stayWhole_namesDoNot() {
    Map<String, String> plain = new HashMap<>();
    try (TopologyFixture other =
        TopologyFixture.of(NormalizeMain.APP, Map.of("tributary.normalize.user-secret", "s"))) {
      other.clock().set(OtlpFixtures.NOW);
      send(other, SPAN);
      plain.putAll(identity(other.<Span>values(Topics.SPANS).get(0)));
    }
    send(fixture, SPAN);

    var record = fixture.records(Topics.SPANS).get(0);
    Span span = record.value();
    assertThat(identity(span)).isEqualTo(plain).containsEntry("trace_id", TRACE);
    assertThat(record.key()).isEqualTo(Keys.trace("default", TRACE));
    assertThat(span.getTags().getFeature()).isEqualTo("desk [redacted:employee]");
    assertThat(span.getTags().getCustom()).containsEntry("reason", "for [redacted:employee]");
    assertThat(span.getTags().getCustom()).containsEntry("trace_id", "T-[redacted:employee]");
    SpanContent content = fixture.<SpanContent>values(Topics.SPAN_CONTENT).get(0);
    assertThat(content.getTraceId()).isEqualTo(TRACE);
    assertThat(content.getSpanId()).isEqualTo(SPAN);
    assertThat(content.getUserHash()).isEqualTo(plain.get("user_hash"));
    assertThat(content.getInput()).isEqualTo("I am [redacted:employee]");
  }

  @Test
  void evaluationAndFailure_nameTheirSpan() {
    fixture
        .rawInput(Topics.OTLP_LOGS)
        .pipeInput(
            null, SignalRequests.logs(SignalRequests.evaluation(), SignalRequests.exception()));

    var evaluation = fixture.records(Topics.EVAL_RESULTS).get(0);
    Score score = evaluation.value().getScore();
    assertThat(evaluation.key()).isEqualTo(Keys.trace("default", TRACE));
    assertThat(score.getTraceId()).isEqualTo(TRACE);
    assertThat(score.getSubjectId()).isEqualTo(SPAN);
    assertThat(score.getScoreId()).matches("[0-9a-f]{32}");
    assertThat(evaluation.value().getJobId()).isEqualTo(score.getScoreId());
    assertThat(score.getExplanationRef()).contains(TRACE, SPAN);
    Event event = fixture.<Event>values(Topics.EVENTS).get(0);
    assertThat(event.getSubject()).isEqualTo(TRACE);
    assertThat(event.getEventId()).endsWith(TRACE + "." + SPAN);
    assertThat(event.getDetail()).containsEntry("trace_id", TRACE).containsEntry("span_id", SPAN);
  }

  @Test
  void refusal_reasonAndIds_stayWhole() {
    send(fixture, PARENT + "00");

    Rejected rejected = fixture.<Rejected>values(Topics.REJECTED).get(0);
    assertThat(rejected.getReason()).isEqualTo("INVALID_SPAN_ID");
    assertThat(rejected.getDetail()).contains("16 hex digits");
    assertThat(rejected.getTraceId()).isEqualTo(TRACE);
  }

  /**
   * An id that somebody else made up is a name, whatever field it stands in and whatever its form.
   */
  @ParameterizedTest
  @ValueSource(strings = {"desk 4711", "4711471147114711", "47114711471147114711471147114711"})
  void session_thatIsJudged_isPseudonymised(String session) {
    pipe(
        SignalRequests.evaluation()
            .clearTraceId()
            .clearSpanId()
            .addAttributes(text(GenAiAttributes.CONVERSATION_ID, session)));

    var evaluation = fixture.records(Topics.EVAL_RESULTS).get(0);
    Score score = evaluation.value().getScore();
    assertThat(score.getSubjectKind()).isEqualTo(SubjectKind.SESSION);
    assertThat(score.getSubjectId())
        .matches("[0-9a-f]{32}")
        .isEqualTo(score.getSessionId())
        .isNotEqualTo(session);
    assertThat(evaluation.key()).isEqualTo(Keys.trace("default", score.getSubjectId()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"4711471147114711", "47114711471147114711471147114711"})
  void response_thatStandsForItsSpan_isPseudonymised(String response) {
    pipe(
        SignalRequests.evaluation()
            .clearTraceId()
            .clearSpanId()
            .addAttributes(text(GenAiAttributes.RESPONSE_ID, response)));

    assertPseudonymOfASpan(response);
  }

  @Test
  void responseOfATrace_inTheFormOfATraceId_isPseudonymised() {
    String response = "47114711471147114711471147114711";
    pipe(
        SignalRequests.evaluation()
            .clearSpanId()
            .addAttributes(text(GenAiAttributes.RESPONSE_ID, response)));

    assertPseudonymOfASpan(response);
  }

  private void assertPseudonymOfASpan(String response) {
    Score score = fixture.values(Topics.EVAL_RESULTS).get(0).getScore();
    assertThat(score.getSubjectKind()).isEqualTo(SubjectKind.SPAN);
    assertThat(score.getSubjectId()).matches("[0-9a-f]{32}").isNotEqualTo(response);
  }

  @Test
  void trace_thatIsJudged_staysWhole() {
    pipe(SignalRequests.evaluation().clearSpanId());

    Score score = fixture.values(Topics.EVAL_RESULTS).get(0).getScore();
    assertThat(score.getSubjectKind()).isEqualTo(SubjectKind.TRACE);
    assertThat(score.getSubjectId()).isEqualTo(TRACE);
  }

  /** What a tag is called does not make its value an id of ours. */
  @Test
  void tagsCalledSubject_areRedacted() {
    send(fixture, SPAN);

    assertThat(fixture.<Span>values(Topics.SPANS).get(0).getTags().getCustom())
        .containsEntry("subject", "[redacted:employee]")
        .containsEntry("subject_id", "[redacted:employee]");
  }

  private void pipe(LogRecord.Builder record) {
    fixture.rawInput(Topics.OTLP_LOGS).pipeInput(null, SignalRequests.logs(record));
  }

  private static Map<String, String> identity(Span span) {
    Map<String, String> identity = new HashMap<>();
    identity.put("tenant", span.getTenant());
    identity.put("trace_id", span.getTraceId());
    identity.put("span_id", span.getSpanId());
    identity.put("parent_span_id", span.getParentSpanId());
    identity.put("user_hash", span.getUserHash());
    identity.put("prompt_hash", span.getTags().getPromptHash());
    identity.put("reported_cost", span.getReportedCost());
    identity.put("usage_error", span.getUsageError());
    return identity;
  }

  private static void send(TopologyFixture to, String spanId) {
    TracesData.Builder data = TracesData.newBuilder();
    data.addResourceSpansBuilder()
        .addScopeSpansBuilder()
        .addSpansBuilder()
        .setTraceId(SignalRequests.id(TRACE))
        .setSpanId(SignalRequests.id(spanId))
        .setParentSpanId(SignalRequests.id(PARENT))
        .setName("call")
        .setStartTimeUnixNano(SignalRequests.NOW_NANOS - 1_000_000)
        .setEndTimeUnixNano(SignalRequests.NOW_NANOS)
        .addAttributes(text(GenAiAttributes.OPERATION_NAME, "chat"))
        .addAttributes(text("user.id", "ann"))
        .addAttributes(text("tributary.feature", "desk 4711"))
        .addAttributes(text("app.reason", "for 4711"))
        .addAttributes(text("app.subject", "4711471147114711"))
        .addAttributes(text("app.ticket", "T-4711"))
        .addAttributes(text(GenAiAttributes.LLM_PROMPT_TEMPLATE, "answer briefly"))
        .addAttributes(text(GenAiAttributes.USAGE_COST, "0.01234"))
        .addAttributes(text(GenAiAttributes.INPUT_MESSAGES, "I am 4711"))
        .addAttributes(number(GenAiAttributes.USAGE_INPUT_TOKENS, -7));
    to.rawInput(Topics.OTLP_SPANS).pipeInput(null, data.build().toByteArray());
  }
}
