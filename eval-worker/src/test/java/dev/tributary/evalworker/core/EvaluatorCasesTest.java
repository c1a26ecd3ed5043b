package dev.tributary.evalworker.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tributary.evalworker.core.EvalCase.Document;
import dev.tributary.evalworker.core.EvalCase.ToolCall;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Hand-made cases with known labels for each deterministic evaluator. */
class EvaluatorCasesTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  static Stream<JsonNode> cases() throws IOException {
    List<JsonNode> cases = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of("src/test/resources/cases.jsonl"))) {
      cases.add(JSON.readTree(line));
    }
    return cases.stream();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void case_hasItsKnownLabel(JsonNode known) {
    Verdict verdict = Evaluators.evaluate(known.path("evaluator").asText(), subject(known));

    if (known.has("reason")) {
      assertThat(verdict)
          .isInstanceOfSatisfying(
              Verdict.NoScore.class,
              none -> assertThat(none.reason().name()).isEqualTo(known.get("reason").asText()));
    } else {
      assertThat(verdict)
          .isInstanceOfSatisfying(
              Verdict.Scored.class,
              scored ->
                  assertThat(scored.value())
                      .isCloseTo(known.get("value").asDouble(), within(1e-9)));
    }
  }

  @Test
  void everyEvaluator_hasCases() throws IOException {
    Set<String> seen = new HashSet<>();
    cases().forEach(known -> seen.add(known.path("evaluator").asText()));

    assertThat(seen).containsAll(Evaluators.names());
  }

  @Test
  void answer_truncated_notHeldAgainstASchema() {
    EvalCase subject = cut("{\"a\":", Map.of("schema", "{}"));

    assertThat(Evaluators.evaluate("json_schema", subject))
        .isEqualTo(Verdict.failed(Verdict.Reason.CONTENT_TRUNCATED));
  }

  /** The score's name is the policy's affair: what needs all of the answer is the evaluator. */
  @Test
  void answer_truncated_notHeldAgainstASchemaOfAnotherName() {
    EvalCase subject = cut("{\"a\":", Map.of("schema", "{}", "kind", "json_schema"));

    assertThat(Evaluators.evaluate("order_form", subject))
        .isEqualTo(Verdict.failed(Verdict.Reason.CONTENT_TRUNCATED));
  }

  /** It would try every way to part the answer into one and two letters. */
  @Test
  void pattern_thatTriesForEver_isAFailureOfThePolicy() {
    EvalCase subject = answered("a".repeat(200), Map.of("pattern", "^(a|aa)+\\1b$"));

    assertThat(Evaluators.evaluate("regex", subject))
        .isEqualTo(Verdict.failed(Verdict.Reason.INVALID_PARAMETERS));
  }

  /** The same in a schema of the policy; a tool's is left out. */
  @Test
  void patternOfASchema_thatTriesForEver_endsWithoutAScore() {
    String schema = "{\"type\": \"string\", \"pattern\": \"^(a|aa)+\\\\1b$\"}";
    String text = "\"" + "a".repeat(200) + "\"";
    ToolCall call = new ToolCall("find", text, schema, null);
    EvalCase called =
        new EvalCase("t", "q", "", List.of(), List.of(call), Map.of(), false, Map.of());

    assertThat(Evaluators.evaluate("json_schema", answered(text, Map.of("schema", schema))))
        .isEqualTo(Verdict.failed(Verdict.Reason.INVALID_PARAMETERS));
    assertThat(Evaluators.evaluate("tool_arguments", called))
        .isEqualTo(Verdict.failed(Verdict.Reason.NOTHING_TO_JUDGE));
  }

  /** It begins anew at each character, as people write them. */
  @Test
  void pattern_thatReadsALongAnswerOncePerCharacter_isAnswered() {
    EvalCase subject =
        answered("a".repeat(15_000), Map.of("pattern", "(?s).*refund", "absent", "true"));

    assertThat(Evaluators.evaluate("regex", subject)).isInstanceOf(Verdict.Scored.class);
  }

  /** A job that ends its worker would end every worker after it. */
  @Test
  void pattern_tooDeepForTheAnswer_isAFailureOfThePolicy() {
    EvalCase subject = answered("ab".repeat(200_000), Map.of("pattern", "^(a|b)*$"));

    assertThat(Evaluators.evaluate("regex", subject))
        .isEqualTo(Verdict.failed(Verdict.Reason.INVALID_PARAMETERS));
  }

  private static EvalCase answered(String answer, Map<String, String> parameters) {
    return new EvalCase("t", "q", answer, List.of(), List.of(), Map.of(), false, parameters);
  }

  /** Of an answer that was cut. */
  private static EvalCase cut(String answer, Map<String, String> parameters) {
    return new EvalCase("t", "q", answer, List.of(), List.of(), Map.of(), true, parameters);
  }

  private static EvalCase subject(JsonNode known) {
    List<ToolCall> tools = new ArrayList<>();
    known
        .path("tools")
        .forEach(
            tool ->
                tools.add(
                    new ToolCall(
                        tool.get("name").asText(),
                        tool.get("arguments").asText(),
                        tool.get("schema").toString(),
                        null)));
    List<Document> documents =
        known.has("documents")
            ? CaseReader.documents(known.get("documents").toString())
            : List.of();
    return new EvalCase(
        "t",
        known.path("question").asText(),
        known.path("answer").asText(),
        documents,
        tools,
        texts(known.path("labels")),
        false,
        texts(known.path("parameters")));
  }

  private static Map<String, String> texts(JsonNode node) {
    Map<String, String> texts = new HashMap<>();
    node.properties().forEach(entry -> texts.put(entry.getKey(), entry.getValue().asText()));
    return texts;
  }

  private static EvalCase calledWith(String schema, String arguments) {
    ToolCall call = new ToolCall("find", arguments, schema, null);
    return new EvalCase("t", "q", "", List.of(), List.of(call), Map.of(), false, Map.of());
  }

  /**
   * Any trace can state a tool with such a schema. A worker that ended of it would end again with
   * the job, for every tenant and for good.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"$ref\":\"#/nowhere\"}",
        "{\"$ref\":\"%%%\"}",
        "{\"$ref\":5}",
        "{\"$ref\":\"urn:a\"}",
        "{\"$ref\":\"classpath:/a\"}",
        "{\"$ref\":\"file:///etc/hosts\"}",
        "{\"$schema\":\"http://nowhere.invalid\"}",
        "{\"enum\":5}",
        "{\"pattern\":\"(\"}"
      })
  void schema_thatIsNone_endsWithoutAnException(String schema) {
    for (String value : List.of("{\"a\":1}", "\"a\"", "1e400", "null")) {
      EvalCase answered = answered(value, Map.of("schema", schema));

      assertThatCode(() -> Evaluators.evaluate("json_schema", answered)).doesNotThrowAnyException();
      assertThatCode(() -> Evaluators.evaluate("tool_arguments", calledWith(schema, value)))
          .doesNotThrowAnyException();
    }
  }

  /** Else a trace could make the worker ask any address that it can reach, and read any file. */
  @Test
  void schema_ofAnAddress_isNotFetched() throws IOException {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      server.setSoTimeout(300);
      String schema = "{\"$ref\":\"http://127.0.0.1:" + server.getLocalPort() + "/a\"}";
      CompletableFuture<Verdict> verdict =
          CompletableFuture.supplyAsync(
              () -> Evaluators.evaluate("json_schema", answered("5", Map.of("schema", schema))));

      assertThatThrownBy(server::accept).isInstanceOf(SocketTimeoutException.class);
      assertThat(verdict.join()).isEqualTo(Verdict.failed(Verdict.Reason.INVALID_PARAMETERS));
    }
  }
}
