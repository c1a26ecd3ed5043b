package dev.tributary.standalone.compare;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tributary.normalize.core.FinishReasons;
import dev.tributary.quality.Moments;
import dev.tributary.schemas.FinishReason;
import dev.tributary.standalone.platform.PlatformException;
import java.util.Map;
import java.util.Set;
import java.util.function.DoublePredicate;

/**
 * Reads the results of an evaluation set, a JSON object per line: either all of a case's at once
 * ({@code case scores cost_usd latency_ms input_tokens output_tokens finish_reason error
 * tool_calls}) or one score ({@code case name value}). A line that cannot be read refuses the whole
 * file, because a gate that skips lines decides on others than it was given.
 */
public final class CaseFile {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  private static final Set<String> FIELDS =
      Set.of(
          "case",
          "scores",
          "cost_usd",
          "latency_ms",
          "input_tokens",
          "output_tokens",
          "finish_reason",
          "error",
          "tool_calls",
          "name",
          "value",
          "inclusion_probability");

  private final String sourceName;
  private final Cases cases = new Cases();
  private int number;

  private CaseFile(String sourceName) {
    this.sourceName = sourceName;
  }

  /**
   * The cases of a text.
   *
   * @throws PlatformException when a line is refused, with file, line and field
   */
  public static Cases parse(String sourceName, String text) {
    CaseFile file = new CaseFile(sourceName);
    text.lines().forEach(file::line);
    if (file.cases.ids().isEmpty()) {
      throw new PlatformException(sourceName + ": no cases");
    }
    return file.cases;
  }

  private void line(String line) {
    number++;
    if (line.isBlank()) {
      return;
    }
    JsonNode json;
    try {
      json = JSON.readTree(line);
    } catch (JsonProcessingException e) {
      throw refuse("", "not JSON: " + e.getOriginalMessage());
    }
    if (!json.isObject()) {
      throw refuse("", "must be an object");
    }
    for (Map.Entry<String, JsonNode> field : json.properties()) {
      if (!FIELDS.contains(field.getKey())) {
        throw refuse(
            field.getKey(), "unknown field; allowed are " + FIELDS.stream().sorted().toList());
      }
    }
    JsonNode id = json.path("case");
    if (!id.isTextual() && !id.isIntegralNumber()) {
      throw refuse("case", "must be a text or a whole number");
    }
    read(json, id.asText());
  }

  private void read(JsonNode json, String id) {
    cases.see(id);
    double probability = probability(json);
    if (json.has("name") != json.has("value")) {
      throw refuse("name", "name and value stand together");
    }
    if (json.has("name")) {
      if (!json.path("name").isTextual()) {
        throw refuse("name", "must be a text");
      }
      score(id, json.path("name").asText(), json.path("value"), probability);
    }
    if (json.has("scores")) {
      if (!json.path("scores").isObject()) {
        throw refuse("scores", "must be an object of numbers");
      }
      for (Map.Entry<String, JsonNode> score : json.path("scores").properties()) {
        score(id, score.getKey(), score.getValue(), probability);
      }
    }
    amount(json, "cost_usd", Dimensions.COST, id, probability);
    amount(json, "latency_ms", Dimensions.LATENCY, id, probability);
    amount(json, "input_tokens", Dimensions.INPUT, id, probability);
    amount(json, "output_tokens", Dimensions.OUTPUT, id, probability);
    outcome(json, id, probability);
  }

  private void outcome(JsonNode json, String id, double probability) {
    if (json.has("error")) {
      if (!json.path("error").isBoolean()) {
        throw refuse("error", "must be true or false");
      }
      add(Dimensions.ERRORS, id, json.path("error").asBoolean() ? 1 : 0, probability);
    }
    JsonNode stated = json.path("finish_reason");
    if (!stated.isMissingNode() && !stated.isNull() && !stated.isTextual()) {
      throw refuse("finish_reason", "must be a text");
    }
    if (!stated.asText("").isBlank()) {
      FinishReason reason = FinishReasons.ofWord(stated.asText());
      for (FinishReason of : Dimensions.FINISH_REASONS) {
        if (of != FinishReason.TOOL_CALL || !json.has("tool_calls")) {
          add(Dimensions.ofFinishReason(of), id, reason == of ? 1 : 0, probability);
        }
      }
    }
    if (json.has("tool_calls")) {
      double calls =
          number(json.path("tool_calls"), "tool_calls", CaseFile::isAmount, "not negative");
      add(Dimensions.TOOL_CALLS, id, calls > 0 ? 1 : 0, probability);
    }
  }

  private void score(String id, String name, JsonNode value, double probability) {
    if (name.isBlank()) {
      throw refuse("scores", "a score needs a name");
    }
    if (value.isNull()) {
      cases.addMissing();
      return;
    }
    add(
        Dimensions.SCORE + name,
        id,
        number(value, "scores." + name, CaseFile::isScore, "between 0 and 1"),
        probability);
  }

  private void amount(
      JsonNode json, String field, String dimension, String id, double probability) {
    JsonNode value = json.path(field);
    if (!value.isMissingNode() && !value.isNull()) {
      add(dimension, id, number(value, field, CaseFile::isAmount, "not negative"), probability);
    }
  }

  private double probability(JsonNode json) {
    JsonNode value = json.path("inclusion_probability");
    return value.isMissingNode() || value.isNull()
        ? 1
        : number(value, "inclusion_probability", p -> p > 0 && p <= 1, "above 0 and at most 1");
  }

  /** A number, or a text of one: exact costs are written as texts. */
  private double number(JsonNode value, String field, DoublePredicate allowed, String what) {
    double number;
    try {
      number = value.isNumber() ? value.asDouble() : Double.parseDouble(value.asText("?"));
    } catch (NumberFormatException e) {
      throw refuse(field, "must be a number");
    }
    if (!Double.isFinite(number) || !allowed.test(number)) {
      throw refuse(field, "must be " + what + ", but is " + value.asText());
    }
    return number;
  }

  private static boolean isAmount(double value) {
    return value >= 0;
  }

  private static boolean isScore(double value) {
    return value >= 0 && value <= 1;
  }

  private void add(String dimension, String id, double value, double probability) {
    cases.add(dimension, id, Moments.of(value, probability));
  }

  private PlatformException refuse(String field, String problem) {
    return new PlatformException(
        sourceName + ":" + number + ": " + (field.isEmpty() ? "" : field + ": ") + problem);
  }
}
