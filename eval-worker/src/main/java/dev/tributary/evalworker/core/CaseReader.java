package dev.tributary.evalworker.core;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tributary.evalworker.core.EvalCase.Document;
import dev.tributary.evalworker.core.EvalCase.ToolCall;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes a case of the texts of a trace. The answer is the output of the span that ends last, the
 * longer one of two; the question is the last thing a user says in that span's input, else in the
 * first input there is; documents and tool calls are those of all spans.
 */
public final class CaseReader {
  private CaseReader() {}

  /** A case, or why there is none. */
  public sealed interface Read {
    /** A case to look at. */
    record Found(EvalCase subject) implements Read {}

    /** Nothing can be looked at. */
    record Missing(Verdict verdict) implements Read {}
  }

  /** The case of a trace's spans. */
  public static Read read(String traceId, List<SpanText> spans, Map<String, String> parameters) {
    if (spans.isEmpty()) {
      return missing(Verdict.Kind.EXPIRED, Verdict.Reason.CONTENT_MISSING);
    }
    if (spans.stream().anyMatch(span -> span.mode().equals("ERASED"))) {
      return missing(Verdict.Kind.EXPIRED, Verdict.Reason.CONTENT_ERASED);
    }
    if (spans.stream().noneMatch(span -> span.mode().equals("FULL"))) {
      return missing(Verdict.Kind.FAILED, Verdict.Reason.CONTENT_NOT_KEPT);
    }
    List<SpanText> ordered = new ArrayList<>(spans);
    ordered.sort(Comparator.comparingLong(SpanText::endUs).thenComparing(SpanText::spanId));
    SpanText last = last(ordered);
    String answer = last == null ? "" : MessageText.last(last.output(), "assistant");
    String question = last == null ? "" : MessageText.last(last.input(), "user");
    for (int i = 0; i < ordered.size() && question.isEmpty(); i++) {
      question = MessageText.last(ordered.get(i).input(), "user");
    }
    List<Document> documents = new ArrayList<>();
    List<ToolCall> calls = new ArrayList<>();
    Map<String, String> labels = new HashMap<>();
    Map<String, String> definitions = definitions(ordered);
    for (SpanText span : ordered) {
      documents.addAll(documents(span.documents()));
      if (span.toolArguments() != null) {
        String name = toolName(span);
        calls.add(
            new ToolCall(name, span.toolArguments(), definitions.get(name), span.toolResult()));
      }
      labels.putAll(span.attributes());
    }
    boolean isTruncated = ordered.stream().anyMatch(SpanText::isTruncated);
    return new Read.Found(
        new EvalCase(traceId, question, answer, documents, calls, labels, isTruncated, parameters));
  }

  private static Read missing(Verdict.Kind kind, Verdict.Reason reason) {
    return new Read.Missing(new Verdict.NoScore(kind, reason));
  }

  private static @Nullable SpanText last(List<SpanText> ordered) {
    SpanText last = null;
    for (SpanText span : ordered) {
      String output = span.output();
      if (output == null || output.isBlank() || span.toolResult() != null) {
        continue;
      }
      boolean isLater =
          last == null
              || span.endUs() > last.endUs()
              || output.length() > String.valueOf(last.output()).length();
      if (isLater) {
        last = span;
      }
    }
    return last;
  }

  /** A tool span is named after its tool, some with the operation in front. */
  private static String toolName(SpanText span) {
    String name = span.name() == null ? "" : span.name();
    return name.startsWith("execute_tool ") ? name.substring("execute_tool ".length()) : name;
  }

  static List<Document> documents(@Nullable String text) {
    JsonNode root = text == null ? null : MessageText.json(text);
    if (root == null) {
      return text == null || text.isBlank() ? List.of() : List.of(new Document(null, text));
    }
    JsonNode list =
        root.isObject() && root.path("documents").isArray() ? root.get("documents") : root;
    List<Document> documents = new ArrayList<>();
    for (JsonNode item : list.isArray() ? list : List.of(list)) {
      JsonNode document = item.path("document").isObject() ? item.get("document") : item;
      documents.add(
          new Document(
              document.hasNonNull("id") ? document.get("id").asText() : null,
              document.isTextual() ? document.asText() : MessageText.all(document.toString())));
    }
    return documents;
  }

  /** Schemas of arguments by tool, of the definitions that spans state. */
  private static Map<String, String> definitions(List<SpanText> spans) {
    Map<String, String> byName = new HashMap<>();
    for (SpanText span : spans) {
      String text = span.toolDefinitions();
      JsonNode root = text == null ? null : MessageText.json(text);
      if (root == null) {
        continue;
      }
      for (JsonNode item : root.isArray() ? root : List.of(root)) {
        JsonNode function = item.path("function").isObject() ? item.get("function") : item;
        JsonNode schema = function.path("parameters");
        schema = schema.isMissingNode() ? function.path("input_schema") : schema;
        if (function.hasNonNull("name") && schema.isObject()) {
          byName.put(function.get("name").asText(), schema.toString());
        }
      }
    }
    return byName;
  }
}
