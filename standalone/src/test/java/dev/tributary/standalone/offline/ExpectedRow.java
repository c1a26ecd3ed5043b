package dev.tributary.standalone.offline;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** One row of {@code expected.jsonl}, checked by the six rules of the folder's README. */
final class ExpectedRow {
  private static final Map<String, String> TOKENS =
      Map.of(
          "input_total", "input_tokens",
          "output_total", "output_tokens",
          "cache_read", "cache_read_tokens");
  private static final Map<String, String> REASONS =
      Map.of(
          "end_turn", "stop",
          "completed", "stop",
          "stop_sequence", "stop",
          "max_tokens", "length",
          "incomplete:max_output_tokens", "length",
          "tool_use", "tool_call",
          "tool_calls", "tool_call");

  private final JsonNode row;
  private final List<JsonNode> calls;

  ExpectedRow(JsonNode row) {
    this.row = row;
    this.calls = list(row.path("llm_calls"));
  }

  /** What is wrong; empty: nothing. */
  List<String> problems(List<JsonNode> spans) {
    List<String> problems = new ArrayList<>();
    List<JsonNode> counted =
        spans.stream().filter(span -> span.path("usage_counted").asBoolean()).toList();
    tokens(counted, problems);
    List<JsonNode> llm =
        spans.stream()
            .filter(
                span ->
                    span.path("usage_counted").asBoolean()
                        || Set.of("llm", "embedding").contains(span.path("kind").asText()))
            .toList();
    names(llm, problems);
    errors(spans, problems);
    return problems;
  }

  private void tokens(List<JsonNode> counted, List<String> problems) {
    JsonNode all = row.path("all_recoverable");
    TOKENS.forEach(
        (truth, field) -> {
          Long found = sum(counted, field);
          long expected = row.path("totals").path(truth).asLong();
          boolean known = all.isBoolean() && (all.asBoolean() || recoverable(truth, true));
          boolean unknown =
              all.isNull() ? noneSent() : !all.asBoolean() && recoverable(truth, false);
          if (known && (found == null ? 0 : found) != expected) {
            problems.add(field + " is " + found + ", not " + expected);
          }
          if (unknown && found != null) {
            problems.add(field + " is " + found + " where the payload does not say");
          }
        });
  }

  private boolean recoverable(String truth, boolean value) {
    List<JsonNode> stated =
        calls.stream()
            .map(call -> call.path("recoverable").path(truth))
            .filter(JsonNode::isBoolean)
            .toList();
    return !stated.isEmpty() && stated.stream().allMatch(flag -> flag.asBoolean() == value);
  }

  private boolean noneSent() {
    return calls.stream().noneMatch(call -> call.path("usage_sent_by_server").asBoolean());
  }

  private static @Nullable Long sum(List<JsonNode> spans, String field) {
    Long sum = null;
    for (JsonNode span : spans) {
      if (!span.path("usage_quality").asText().equals("estimated") && span.path(field).isNumber()) {
        sum = (sum == null ? 0 : sum) + span.path(field).asLong();
      }
    }
    return sum;
  }

  private void names(List<JsonNode> llm, List<String> problems) {
    if (row.path("model_in_payload").asBoolean()) {
      Set<String> missing = new HashSet<>();
      calls.forEach(call -> add(missing, call.path("response_model")));
      llm.forEach(span -> missing.remove(span.path("model").asText()));
      if (!missing.isEmpty()) {
        problems.add("no span has the models " + missing);
      }
    }
    if (row.path("finish_in_payload").asBoolean() && !reasons(llm).equals(reasons(calls))) {
      problems.add("finish reasons are " + reasons(llm) + ", not " + reasons(calls));
    }
    if (row.path("session_in_payload").asBoolean()
        && !llm.stream().allMatch(span -> span.path("session_id").equals(row.path("session_id")))) {
      problems.add("not every call has the session " + row.path("session_id"));
    }
  }

  private void errors(List<JsonNode> spans, List<String> problems) {
    boolean anyError = spans.stream().anyMatch(span -> span.path("error").asBoolean());
    if (!row.path("client_error").isNull() && !spans.isEmpty() && !anyError) {
      problems.add("the client failed, and no span says so");
    }
    boolean allFine = calls.stream().allMatch(call -> call.path("http_status").asInt() == 200);
    if (row.path("client_error").isNull() && allFine && anyError) {
      problems.add("every call succeeded, and a span says error");
    }
  }

  private static Set<String> reasons(List<JsonNode> holders) {
    return holders.stream()
        .flatMap(holder -> list(holder.path("finish_reasons")).stream())
        .map(reason -> reason.asText().toLowerCase(java.util.Locale.ROOT).replace('-', '_'))
        .map(reason -> REASONS.getOrDefault(reason, reason))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static void add(Set<String> names, JsonNode name) {
    if (name.isTextual() && !name.asText().isEmpty()) {
      names.add(name.asText());
    }
  }

  private static List<JsonNode> list(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).toList();
  }
}
