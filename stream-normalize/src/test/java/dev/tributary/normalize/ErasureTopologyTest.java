package dev.tributary.normalize;

import static dev.tributary.normalize.RandomRequests.number;
import static dev.tributary.normalize.RandomRequests.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.tributary.normalize.core.Erasures;
import dev.tributary.normalize.core.Pseudonyms;
import dev.tributary.runtime.testing.TopologyFixture;
import dev.tributary.schemas.ContentMode;
import dev.tributary.schemas.GenAiAttributes;
import dev.tributary.schemas.Keys;
import dev.tributary.schemas.Reference;
import dev.tributary.schemas.ReferenceKind;
import dev.tributary.schemas.ReferenceRow;
import dev.tributary.schemas.Span;
import dev.tributary.schemas.SpanContent;
import dev.tributary.schemas.Topics;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.trace.v1.TracesData;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who asked to be forgotten is counted and priced, and leaves no text. */
class ErasureTopologyTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String OTHER_TRACE = "0af7651916cd43dd8448eb211c80319d";

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
  void session_listed_leavesNoTextAndTheSameSpan() {
    send(TRACE, "s-1", "ann");
    list("default", Erasures.Kind.SESSION, "s-1", null);
    send(TRACE, "s-1", "ann");

    List<Span> spans = fixture.values(Topics.SPANS);
    assertThat(spans).hasSize(2);
    assertThat(spans.get(1)).isEqualTo(spans.get(0));
    List<SpanContent> contents = fixture.values(Topics.SPAN_CONTENT);
    assertThat(contents.get(0).getInput()).contains("secret of ann");
    assertErased(contents.get(1));
    assertThat(contents.get(1).getTraceId()).isEqualTo(TRACE);
    assertThat(contents.get(1).getUserHash()).isEqualTo(contents.get(0).getUserHash());
  }

  @Test
  void person_listedByPseudonym_isForgottenInEverySession_othersAreNot() {
    send(TRACE, "s-1", "ann");
    String pseudonym = fixture.values(Topics.SPAN_CONTENT).get(0).getUserHash();
    list("default", Erasures.Kind.USER, pseudonym, null);
    send(TRACE, "s-2", "ann");
    send(OTHER_TRACE, "s-3", "bob");

    List<SpanContent> contents = fixture.values(Topics.SPAN_CONTENT);
    assertErased(contents.get(0));
    assertThat(contents.get(1).getInput()).contains("secret of bob");
  }

  @Test
  void logsOfAnErasedTrace_leaveNoText() {
    list("default", Erasures.Kind.TRACE, SignalRequests.TRACE, null);
    fixture
        .rawInput(Topics.OTLP_LOGS)
        .pipeInput(null, SignalRequests.logs(SignalRequests.evaluation()));

    assertThat(fixture.values(Topics.EVAL_RESULTS)).hasSize(1);
    assertErased(fixture.values(Topics.SPAN_CONTENT).get(0));
  }

  /** A record names its session and its person as a span does, or inside its body. */
  @ParameterizedTest
  @CsvSource({
    "SESSION, gen_ai.conversation.id, false",
    "SESSION, langfuse.session.id, false",
    "SESSION, tributary.score.session_id, false",
    "SESSION, session.id, true",
    "USER, user.id, false",
    "USER, enduser.id, true"
  })
  void logsOfAnErasedSubject_leaveNoText(Erasures.Kind kind, String attribute, boolean isInBody) {
    String id = kind == Erasures.Kind.USER ? pseudonym("ann") : "ann";
    list("default", kind, id, null);
    for (String stated : List.of("ann", "bob")) {
      LogRecord.Builder record = SignalRequests.evaluation();
      if (isInBody) {
        record
            .getBodyBuilder()
            .getKvlistValueBuilder()
            .addValues(text(attribute, stated))
            .addValues(text("note", "said " + stated));
      } else {
        record.addAttributes(text(attribute, stated));
      }
      fixture.rawInput(Topics.OTLP_LOGS).pipeInput(null, SignalRequests.logs(record));
    }

    List<SpanContent> contents = fixture.values(Topics.SPAN_CONTENT);
    assertErased(contents.get(0));
    assertThat(contents.get(1).getMode()).isEqualTo(ContentMode.FULL);
    assertThat(contents.get(1).getEvents().toString()).contains("planted explanation");
    if (kind == Erasures.Kind.USER) {
      assertThat(contents.get(1).getUserHash()).isEqualTo(pseudonym("bob"));
      assertThat(contents.get(1).getEvents().toString()).doesNotContain("=bob", attribute);
    }
  }

  @Test
  void personOnAnEvent_isNotKeptAsText() {
    TracesData.Builder data = span(TRACE, "s-1", "ann");
    data.getResourceSpansBuilder(0)
        .getScopeSpansBuilder(0)
        .getSpansBuilder(0)
        .addEventsBuilder()
        .setName("login")
        .addAttributes(text("enduser.id", "ann-4711"))
        .addAttributes(text("step", "second"));
    fixture.rawInput(Topics.OTLP_SPANS).pipeInput(null, data.build().toByteArray());

    SpanContent content = fixture.<SpanContent>values(Topics.SPAN_CONTENT).get(0);
    assertThat(content.getEvents().get(0).getAttributes())
        .containsOnly(Map.entry("step", "second"));
  }

  @Test
  void otherTenant_isNotMeant() {
    list("acme", Erasures.Kind.TRACE, TRACE, null);
    send(TRACE, "s-1", "ann");
    assertThat(fixture.values(Topics.SPAN_CONTENT).get(0).getMode()).isEqualTo(ContentMode.FULL);
  }

  @Test
  void withdrawnOrDeleted_textsAreKeptAgain() {
    list("default", Erasures.Kind.TRACE, TRACE, null);
    list("default", Erasures.Kind.TRACE, TRACE, 2L);
    send(TRACE, "s-1", "ann");
    list("default", Erasures.Kind.TRACE, TRACE, null);
    fixture.input(Topics.REF).pipeInput(key("default", Erasures.Kind.TRACE, TRACE), null);
    send(TRACE, "s-1", "ann");

    assertThat(fixture.values(Topics.SPAN_CONTENT))
        .hasSize(2)
        .allSatisfy(content -> assertThat(content.getMode()).isEqualTo(ContentMode.FULL));
  }

  @Test
  void otherReferenceData_eraseNothing() {
    String id = Erasures.referenceId(Erasures.Kind.TRACE, TRACE);
    fixture
        .input(Topics.REF)
        .pipeInput(
            Keys.reference("default", ReferenceKind.OWNERSHIP, id),
            reference("default", ReferenceKind.OWNERSHIP, id, null));
    send(TRACE, "s-1", "ann");
    assertThat(fixture.values(Topics.SPAN_CONTENT).get(0).getMode()).isEqualTo(ContentMode.FULL);
  }

  private static void assertErased(SpanContent content) {
    assertThat(content.getMode()).isEqualTo(ContentMode.ERASED);
    assertThat(content.toString()).doesNotContain("secret of").doesNotContain("planted");
    assertThat(content.getInput()).isNull();
    assertThat(content.getAttributes()).isEmpty();
    assertThat(content.getEvents()).isEmpty();
  }

  private void send(String traceId, String session, String user) {
    fixture
        .rawInput(Topics.OTLP_SPANS)
        .pipeInput(null, span(traceId, session, user).build().toByteArray());
  }

  private static String pseudonym(String user) {
    return new Pseudonyms("s", Map.of()).user("default", user);
  }

  private static TracesData.Builder span(String traceId, String session, String user) {
    TracesData.Builder data = TracesData.newBuilder();
    data.addResourceSpansBuilder()
        .addScopeSpansBuilder()
        .addSpansBuilder()
        .setTraceId(bytes(traceId))
        .setSpanId(bytes("b7ad6b7169203331"))
        .setName("chat gpt-4o")
        .setStartTimeUnixNano(SignalRequests.NOW_NANOS - 1_000_000)
        .setEndTimeUnixNano(SignalRequests.NOW_NANOS)
        .addAttributes(text(GenAiAttributes.OPERATION_NAME, "chat"))
        .addAttributes(text(GenAiAttributes.REQUEST_MODEL, "gpt-4o"))
        .addAttributes(text(GenAiAttributes.CONVERSATION_ID, session))
        .addAttributes(text("user.id", user))
        .addAttributes(text("app.note", "secret of " + user))
        .addAttributes(
            text(
                "gen_ai.input.messages",
                "[{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":\"secret of "
                    + user
                    + "\"}]}]"))
        .addAttributes(number(GenAiAttributes.USAGE_INPUT_TOKENS, 7))
        .addAttributes(number(GenAiAttributes.USAGE_OUTPUT_TOKENS, 3));
    return data;
  }

  private void list(String tenant, Erasures.Kind kind, String id, Long withdrawnIn) {
    fixture
        .input(Topics.REF)
        .pipeInput(
            key(tenant, kind, id),
            reference(tenant, ReferenceKind.ERASURE, Erasures.referenceId(kind, id), withdrawnIn));
  }

  private static String key(String tenant, Erasures.Kind kind, String id) {
    return Keys.reference(tenant, ReferenceKind.ERASURE, Erasures.referenceId(kind, id));
  }

  private static Reference reference(
      String tenant, ReferenceKind kind, String id, Long withdrawnIn) {
    return Reference.newBuilder()
        .setTenant(tenant)
        .setKind(kind)
        .setId(id)
        .setTimeline(
            List.of(
                ReferenceRow.newBuilder()
                    .setAddedIn(1)
                    .setWithdrawnIn(withdrawnIn)
                    .setPayloadJson("{}")
                    .build()))
        .build();
  }

  private static ByteString bytes(String hex) {
    return ByteString.copyFrom(HexFormat.of().parseHex(hex));
  }
}
