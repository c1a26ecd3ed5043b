package dev.tributary.evalworker.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.evalworker.core.EvalCase.ToolCall;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Schemas that expand. Any trace can state one, and what ends a worker of it ends the next: with a
 * few more lines each of the refused here fills any memory.
 */
final class SchemaSizeTest {
  private static final String TREE =
      """
      {"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"https://a/tree",
      "type":"object","required":["n"],"additionalProperties":false,
      "properties":{"n":{"type":"integer"},"left":{"$ref":"#"},"right":{"$ref":"https://a/tree"},
      "children":{"type":"array","items":{"$ref":"#"}}}}""";

  private static final String ANY_JSON =
      """
      {"$ref":"#/$defs/any","$defs":{"any":{"anyOf":[{"type":["string","integer"]},
      {"type":"array","items":{"$ref":"#/$defs/any"}},
      {"type":"object","additionalProperties":{"$ref":"#/$defs/any"}}]}}}""";

  private static Verdict verdict(String schema, String value) {
    return Evaluators.evaluate(
        "json_schema",
        new EvalCase(
            "t", "q", value, List.of(), List.of(), Map.of(), false, Map.of("schema", schema)));
  }

  private static Verdict toolVerdict(ToolCall... calls) {
    return Evaluators.evaluate(
        "tool_arguments",
        new EvalCase("t", "q", "", List.of(), List.of(calls), Map.of(), false, Map.of()));
  }

  private static ToolCall call(String schema, String value) {
    return new ToolCall("find", value, schema, null);
  }

  private static void assertRefused(String schema, String value) {
    assertThat(verdict(schema, value)).isEqualTo(Verdict.failed(Verdict.Reason.INVALID_PARAMETERS));
    assertThat(toolVerdict(call(schema, value)))
        .isEqualTo(Verdict.failed(Verdict.Reason.NOTHING_TO_JUDGE));
  }

  private static void assertApplied(String schema, String value, double expected) {
    assertThat(verdict(schema, value))
        .isInstanceOfSatisfying(
            Verdict.Scored.class, scored -> assertThat(scored.value()).isEqualTo(expected));
  }

  private static String doubling(int lines, String keyword) {
    return IntStream.range(0, lines)
        .mapToObj(
            i ->
                "\"a%d\":{\"%s\":[{\"$ref\":\"#/$defs/a%d\"},{\"$ref\":\"#/$defs/a%d\"}]}"
                    .formatted(i + 1, keyword, i, i))
        .collect(
            Collectors.joining(
                ",",
                "{\"$ref\":\"#/$defs/a" + lines + "\",\"$defs\":{\"a0\":{\"type\":\"object\"},",
                "}}"));
  }

  private static String nested(int depth) {
    return "[".repeat(depth) + "]".repeat(depth);
  }

  @ParameterizedTest
  @ValueSource(strings = {"allOf", "anyOf", "oneOf", "prefixItems", "type"})
  void referencesThatDouble_areRefused(String keyword) {
    assertRefused(doubling(14, keyword), "{\"a\":1}");
    assertRefused(doubling(3_000, keyword), "{\"a\":1}");
  }

  /** The negative control: so few are applied, and a tool's, too. */
  @Test
  void referencesThatDoubleAFewTimes_areApplied() {
    assertApplied(doubling(6, "allOf"), "{\"a\":1}", 1);
    assertApplied(doubling(6, "allOf"), "[]", 0);
    assertThat(toolVerdict(call(doubling(6, "allOf"), "{\"a\":1}")))
        .isEqualTo(new Verdict.Scored(1, "pass", ""));
  }

  /** Types that refer to each other: the library walks every order of them. */
  @Test
  void typesThatAllReferToEachOther_areRefused() {
    String all =
        IntStream.range(0, 9)
            .mapToObj(i -> "{\"$ref\":\"#/$defs/a" + i + "\"}")
            .collect(Collectors.joining(","));
    String schema =
        IntStream.range(0, 9)
            .mapToObj(i -> "\"a%d\":{\"prefixItems\":[%s]}".formatted(i, all))
            .collect(Collectors.joining(",", "{\"$ref\":\"#/$defs/a0\",\"$defs\":{", "}}"));

    assertRefused(schema, "[]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"$defs\":{\"n\":{\"items\":{\"allOf\":[{\"$ref\":\"#/$defs/n\"},{\"$ref\":\"#/$defs/n\"}]}}},\"$ref\":\"#/$defs/n\"}",
        "{\"items\":{\"$ref\":\"#\"},\"contains\":{\"$ref\":\"#\"}}",
        "{\"items\":{\"if\":{\"$ref\":\"#\"},\"then\":{\"$ref\":\"#\"}}}",
        "{\"items\":{\"anyOf\":[{\"$ref\":\"#\"},{\"not\":{\"$ref\":\"#\"}}]}}"
      })
  void recursionThatBranches_isRefusedOverADeepValue(String schema) {
    assertRefused(schema, nested(16));
    assertRefused(schema, nested(300));
    assertThat(verdict(schema, nested(3))).isInstanceOf(Verdict.Scored.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"$ref\":\"#\"}",
        "{\"allOf\":[{\"$ref\":\"#\"}]}",
        "{\"allOf\":[{\"$ref\":\"#\"},{\"$ref\":\"#\"}]}"
      })
  void recursionOverTheSameValue_isRefused(String schema) {
    assertRefused(schema, "{}");
  }

  /** What it would be cannot be told from the text of the schema alone. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"$ref\":\"https://example.com/a\"}",
        "{\"$ref\":\"#a\",\"$defs\":{\"a\":{\"$anchor\":\"a\"}}}",
        "{\"$dynamicRef\":\"#\"}",
        "{\"$recursiveRef\":\"#\"}",
        "{\"$ref\":\"#/$defs/a/b\",\"$defs\":{\"a\":{\"b\":{}},\"a/b\":{}}}",
        "{\"$ref\":\"#/$defs/a\",\"$defs\":{\"a\":{\"$id\":\"https://example.com/a\"}}}",
        "{\"$schema\":\"http://json-schema.org/draft-04/schema#\",\"not\":{\"id\":\"https://a/b\"}}"
      })
  void referencesOfMoreMeanings_areRefused(String schema) {
    assertRefused(schema, "{}");
  }

  @Test
  void tree_isApplied() {
    String deep = "{\"n\":1,\"children\":[".repeat(100) + "]}".repeat(100);
    String broad =
        IntStream.range(0, 20_000)
            .mapToObj(i -> "{\"n\":%d,\"left\":{\"n\":1},\"right\":{\"n\":2}}".formatted(i))
            .collect(Collectors.joining(",", "{\"n\":1,\"children\":[", "]}"));

    assertApplied(TREE, deep, 1);
    assertApplied(TREE, deep.replace("[]", "[5]"), 0);
    assertApplied(TREE, broad, 1);
    assertApplied(TREE, broad.replace("\"n\":19999", "\"n\":\"many\""), 0);
  }

  @Test
  void anyJson_isApplied() {
    assertApplied(ANY_JSON, "{\"a\":[".repeat(40) + "5" + "]}".repeat(40), 1);
    assertApplied(ANY_JSON, "{\"a\":[".repeat(3) + "null" + "]}".repeat(3), 0);
  }

  /** Names of keywords that are names of properties, and places that only look like schemas. */
  @Test
  void namesOfKeywords_areNames() {
    assertApplied(
        "{\"properties\":{\"$id\":{\"type\":\"string\"},\"$ref\":{\"type\":\"string\"},"
            + "\"$dynamicRef\":{\"type\":\"string\"}},\"default\":{\"$ref\":\"x\"}}",
        "{\"$id\":\"a\",\"$ref\":5}",
        0);
  }

  /** A value so large that no count of it may fail; the reference is escaped. */
  @Test
  void oldDialectAndEscapes_areApplied() {
    String schema =
        "{\"$schema\":\"http://json-schema.org/draft-07/schema#\",\"items\":"
            + "{\"$ref\":\"#/definitions/Of%5Bint%5D\"},"
            + "\"definitions\":{\"Of[int]\":{\"type\":\"integer\",\"$id\":\"#n\"}}}";

    assertApplied(schema, "[" + "1,".repeat(200_000) + "1]", 1);
    assertApplied(schema, "[" + "1,".repeat(20_000) + "\"1\"]", 0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"$ref\":\"https://example.com/a\"}",
        "{\"properties\":{\"a\":{\"pattern\":\"(\"}}}",
        "{\"pattern\":\"^(a|aa)+\\\\1b$\"}"
      })
  void toolWithoutAUsableSchema_saysNothingOfTheOthers(String schema) {
    ToolCall bad = call(schema, "\"" + "a".repeat(200) + "\"");
    ToolCall good = call("{\"type\":\"object\"}", "{}");

    assertThat(toolVerdict(bad, good, bad)).isEqualTo(new Verdict.Scored(1, "pass", ""));
    assertThat(toolVerdict(bad)).isEqualTo(Verdict.failed(Verdict.Reason.NOTHING_TO_JUDGE));
  }
}
