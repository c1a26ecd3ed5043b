package dev.tributary.evalworker.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tributary.evalworker.core.EvalCase.Document;
import dev.tributary.evalworker.core.EvalCase.ToolCall;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

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

  /** The same in a schema, of the policy or of a tool that the trace states. */
  @Test
  void patternOfASchema_thatTriesForEver_isAFailureOfThePolicy() {
    String schema = "{\"type\": \"string\", \"pattern\": \"^(a|aa)+\\\\1b$\"}";
    String text = "\"" + "a".repeat(200) + "\"";
    ToolCall call = new ToolCall("find", text, schema, null);
    EvalCase called =
        new EvalCase("t", "q", "", List.of(), List.of(call), Map.of(), false, Map.of());

    assertThat(Evaluators.evaluate("json_schema", answered(text, Map.of("schema", schema))))
        .isEqualTo(Verdict.failed(Verdict.Reason.INVALID_PARAMETERS));
    assertThat(Evaluators.evaluate("tool_arguments", called))
        .isEqualTo(Verdict.failed(Verdict.Reason.INVALID_PARAMETERS));
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
}
