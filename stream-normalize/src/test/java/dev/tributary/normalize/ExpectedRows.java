package dev.tributary.normalize;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Holds JSON lines, one per span as {@code ./tributary normalize} prints them, against the truth of
 * {@code otlp/expected.jsonl} by the six rules of the README beside it.
 */
public final class ExpectedRows {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Map<String, String> TOTALS =
      Map.of(
          "input_tokens", "input_total",
          "output_tokens", "output_total",
          "cache_read_tokens", "cache_read");
  private static final Map<String, String> KINDS =
      Map.of(
          "input_tokens", "input_total",
          "output_tokens", "output_total",
          "cache_read_tokens", "cache_read",
          "cache_write_tokens", "cache_creation",
          "reasoning_tokens", "reasoning");
  private static final Map<String, String> FINISH =
      Map.of(
          "end_turn", "stop",
          "completed", "stop",
          "max_tokens", "length",
          "incomplete:max_output_tokens", "length",
          "tool_use", "tool_call",
          "tool_calls", "tool_call");

  private final List<JsonNode> rows = new ArrayList<>();
  private final List<String> misses = new ArrayList<>();
  private int exact;
  private int partlyUnknown;

  /** The truth in a folder. */
  public ExpectedRows(Path folder) {
    try {
      for (String line : Files.readAllLines(folder.resolve("expected.jsonl"))) {
        rows.add(MAPPER.readTree(line));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Files of the rows with this ending, relative to the folder. */
  public List<String> files(String ending) {
    List<String> files = new ArrayList<>();
    rows.forEach(row -> row.path("files").forEach(file -> files.add(file.asText())));
    return files.stream().filter(file -> file.endsWith(ending)).toList();
  }

  /**
   * What does not hold, one line each; empty: everything holds.
   *
   * @param spans one object per span of one encoding
   * @param isJoined whether sessions were inherited within traces
   */
  public List<String> misses(List<JsonNode> spans, boolean isJoined) {
    misses.clear();
    exact = 0;
    partlyUnknown = 0;
    for (JsonNode row : rows) {
      Set<String> names = new HashSet<>();
      row.path("files").forEach(file -> names.add(file.asText()));
      List<JsonNode> own =
          spans.stream()
              .filter(span -> names.stream().anyMatch(span.path("file").asText()::endsWith))
              .toList();
      if (!names.isEmpty()) {
        check(row, own, isJoined);
      }
    }
    return misses;
  }

  /** Rows whose totals had to be exact, of the last check. */
  public int exact() {
    return exact;
  }

  /** Rows of which something cannot be known, of the last check. */
  public int partlyUnknown() {
    return partlyUnknown;
  }

  private void check(JsonNode row, List<JsonNode> spans, boolean isJoined) {
    if (spans.size() != row.path("spans").asInt()) {
      miss(row, "spans", row.path("spans").asText(), spans.size());
    }
    List<JsonNode> counted =
        spans.stream().filter(s -> s.path("usage_counted").asBoolean()).toList();
    if (row.path("all_recoverable").isNull()) {
      checkNoNumbers(row, counted);
    } else if (row.path("all_recoverable").asBoolean()) {
      exact++;
      TOTALS.forEach(
          (ours, theirs) -> checkSum(row, counted, ours, row.path("totals").path(theirs)));
    } else {
      partlyUnknown++;
      KINDS.forEach((ours, theirs) -> checkPartly(row, counted, ours, theirs));
    }
    checkModelsAndReasons(row, spans);
    if (isJoined && row.path("session_in_payload").asBoolean()) {
      String session = row.path("session_id").asText();
      llm(spans)
          .filter(span -> !span.path("session_id").asText().equals(session))
          .forEach(span -> miss(row, "session", session, span.path("session_id")));
    }
    checkErrors(row, spans);
  }

  private void checkNoNumbers(JsonNode row, List<JsonNode> counted) {
    for (JsonNode span : counted) {
      for (String kind : KINDS.keySet()) {
        if (value(span, kind) != null) {
          miss(row, kind, "unknown", span.path(kind));
        }
      }
    }
  }

  private void checkSum(JsonNode row, List<JsonNode> counted, String ours, JsonNode truth) {
    long sum = 0;
    boolean isUnknown = counted.isEmpty();
    for (JsonNode span : counted) {
      Long value = value(span, ours);
      isUnknown |= value == null && !span.path("error").asBoolean();
      sum += value == null ? 0 : value;
    }
    boolean isMiss = sum != truth.asLong() || (isUnknown && truth.asLong() != 0 && sum == 0);
    if (isMiss) {
      miss(row, ours, truth.asText(), sum);
    }
  }

  /** A kind that is recoverable on every call is exact; what is not, is null on its call's span. */
  private void checkPartly(JsonNode row, List<JsonNode> counted, String ours, String theirs) {
    List<JsonNode> answered = new ArrayList<>();
    row.path("llm_calls").forEach(call -> answered.add(call));
    for (int i = 0; i < answered.size() && i < counted.size(); i++) {
      JsonNode call = answered.get(i);
      JsonNode span = spanOf(call, counted, i);
      boolean isRecoverable = call.path("recoverable").path(theirs).asBoolean(true);
      Long value = value(span, ours);
      long truth = call.path("tokens").path(theirs).asLong();
      if (!isRecoverable && value != null) {
        miss(row, ours, "unknown", value);
      } else if (isRecoverable && call.has("recoverable") && truth != (value == null ? 0 : value)) {
        miss(row, ours, Long.toString(truth), String.valueOf(value));
      }
    }
  }

  private static JsonNode spanOf(JsonNode call, List<JsonNode> counted, int index) {
    return counted.stream()
        .filter(span -> span.path("response_id").equals(call.path("response_id")))
        .findFirst()
        .orElse(counted.get(index));
  }

  private void checkModelsAndReasons(JsonNode row, List<JsonNode> spans) {
    Set<String> models = new HashSet<>();
    Set<String> reasons = new HashSet<>();
    llm(spans)
        .forEach(
            span -> {
              models.add(span.path("model").asText());
              span.path("finish_reasons").forEach(reason -> reasons.add(plain(reason.asText())));
            });
    Set<String> truth = new HashSet<>();
    for (JsonNode call : row.path("llm_calls")) {
      String model = call.path("response_model").asText("");
      boolean isStated =
          row.path("model_in_payload").asBoolean() && !call.path("response_model").isNull();
      if (isStated && !models.contains(model)) {
        miss(row, "model", model, models);
      }
      call.path("finish_reasons").forEach(reason -> truth.add(plain(reason.asText())));
    }
    if (row.path("finish_in_payload").asBoolean() && !truth.equals(reasons)) {
      miss(row, "finish_reasons", truth.toString(), reasons);
    }
  }

  private void checkErrors(JsonNode row, List<JsonNode> spans) {
    boolean hasError = spans.stream().anyMatch(span -> span.path("error").asBoolean());
    boolean allOk = true;
    boolean isRetried = false;
    for (JsonNode call : row.path("llm_calls")) {
      boolean isOk = call.path("http_status").asInt() == 200;
      allOk &= isOk;
      isRetried |= !isOk && row.path("client_error").isNull();
    }
    if (isRetried) {
      return;
    }
    boolean isFailure = !row.path("client_error").isNull();
    if (isFailure && !hasError) {
      miss(row, "error", "true", "false");
    } else if (!isFailure && allOk && hasError) {
      miss(row, "error", "false", "true");
    }
  }

  private static java.util.stream.Stream<JsonNode> llm(List<JsonNode> spans) {
    return spans.stream()
        .filter(
            span ->
                span.path("usage_counted").asBoolean()
                    || Set.of("llm", "embedding")
                        .contains(span.path("kind").asText().toLowerCase(Locale.ROOT)));
  }

  private static Long value(JsonNode span, String kind) {
    JsonNode value = span.path(kind);
    boolean isKnown =
        value.isIntegralNumber() && !span.path("usage_quality").asText().equals("estimated");
    return isKnown ? value.asLong() : null;
  }

  private static String plain(String reason) {
    String key = reason.toLowerCase(Locale.ROOT).replace('-', '_');
    return FINISH.getOrDefault(key, key);
  }

  private void miss(JsonNode row, String what, String expected, Object found) {
    misses.add(
        row.path("instrumentation").asText()
            + "/"
            + row.path("scenario").asText()
            + ": "
            + what
            + " expected "
            + expected
            + ", found "
            + found);
  }
}
