package dev.tributary.normalize.core;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Usage objects that dialects put into an attribute as text, and which of them counts. */
final class UsageObjects {
  private UsageObjects() {}

  /** Completes counts from the objects on a span; what they name is added to {@code raw}. */
  static void fill(TokenCounts counts, Facts facts, Map<String, Long> raw) {
    if (facts.has(Attr.ADK_LLM_RESPONSE)) {
      JsonNode reply = Json.tree(facts.text(Attr.ADK_LLM_RESPONSE));
      TokenCounts stated = reply == null ? null : UsageJson.read(reply.path("usage_metadata"));
      if (stated != null) {
        // The instrumentation's own output lacks the thoughts: the reply stands.
        note(stated, Attr.ADK_LLM_RESPONSE.attribute, raw);
        counts.input = stated.input;
        counts.output = stated.output;
        counts.reasoning = null;
        counts.fillFrom(stated);
      }
    }
    for (Attr attr : Precedence.USAGE_OBJECTS) {
      if (facts.has(attr)) {
        complete(counts, UsageJson.read(tree(facts, attr)), attr.attribute, raw);
      }
    }
    if (facts.has(Attr.INPUT_TOKEN_DETAILS) || facts.has(Attr.OUTPUT_TOKEN_DETAILS)) {
      details(counts, facts, raw);
    }
    if (facts.has(Attr.LOGFIRE_RESPONSE)) {
      JsonNode reply = tree(facts, Attr.LOGFIRE_RESPONSE);
      TokenCounts stated = reply == null ? null : UsageJson.read(reply.path("usage"));
      complete(counts, stated, Attr.LOGFIRE_RESPONSE.attribute, raw);
    }
  }

  /** LangSmith's details beside counts of its own; its convention includes them. */
  private static void details(TokenCounts counts, Facts facts, Map<String, Long> raw) {
    ObjectNode both = JsonNodeFactory.instance.objectNode();
    both.set("input_token_details", tree(facts, Attr.INPUT_TOKEN_DETAILS));
    both.set("output_token_details", tree(facts, Attr.OUTPUT_TOKEN_DETAILS));
    complete(counts, UsageJson.read(both), Attr.INPUT_TOKEN_DETAILS.attribute, raw);
  }

  private static void complete(
      TokenCounts counts, @Nullable TokenCounts stated, String attribute, Map<String, Long> raw) {
    if (stated != null) {
      note(stated, attribute, raw);
      counts.fillFrom(stated);
    }
  }

  private static @Nullable JsonNode tree(Facts facts, Attr attr) {
    return Json.lenientTree(facts.text(attr));
  }

  /** Keeps the counts of an object as they came, under the attribute's name. */
  static void note(TokenCounts stated, String attribute, Map<String, Long> raw) {
    put(raw, attribute + ".input", stated.input);
    put(raw, attribute + ".cache_read", stated.cacheRead);
    put(raw, attribute + ".cache_write", stated.cacheWrite);
    put(raw, attribute + ".output", stated.output);
    put(raw, attribute + ".reasoning", stated.reasoning);
    put(raw, attribute + ".total", stated.total);
  }

  private static void put(Map<String, Long> raw, String name, @Nullable Long count) {
    if (count != null) {
      raw.put(name, count);
    }
  }
}
