package dev.tributary.standalone.humanreview;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tributary.schemas.EvalResult;
import dev.tributary.schemas.Score;
import dev.tributary.schemas.ScoreSource;
import dev.tributary.schemas.ScoreStatus;
import dev.tributary.schemas.SubjectKind;
import dev.tributary.standalone.platform.PlatformException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads scores as Langfuse's public API gives and takes them, one JSON object a line: {@code
 * traceId}, {@code observationId} or {@code sessionId}, {@code name}, {@code value}, {@code
 * dataType}, {@code source}, {@code timestamp}, {@code id}. A comment is text and is left out. A
 * mistake refuses the whole file, naming line and field; a score that is given again is the same.
 */
public final class LangfuseScores {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  private static final int MOST_NAME = 64;

  private final String where;
  private final JsonNode row;

  private LangfuseScores(String where, JsonNode row) {
    this.where = where;
    this.row = row;
  }

  /** The results of a file's lines. */
  public static List<EvalResult> read(
      String source, String tenant, List<String> lines, long nowUs) {
    List<EvalResult> results = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      if (!lines.get(i).isBlank()) {
        String where = source + ":" + (i + 1);
        results.add(new LangfuseScores(where, json(where, lines.get(i))).result(tenant, nowUs));
      }
    }
    return results;
  }

  private static JsonNode json(String where, String line) {
    try {
      JsonNode row = JSON.readTree(line);
      if (row.isObject()) {
        return row;
      }
      throw new PlatformException(where + ": a JSON object is expected");
    } catch (JsonProcessingException e) {
      throw new PlatformException(where + ": a JSON object is expected", e);
    }
  }

  private EvalResult result(String tenant, long nowUs) {
    Score.Builder score = Score.newBuilder().setTenant(tenant).setStatus(ScoreStatus.SCORED);
    subject(score);
    String name = text("name");
    if (name == null || name.length() > MOST_NAME) {
      throw wrong("name", "1 to " + MOST_NAME + " characters are expected");
    }
    score.setName(name).setSource(source());
    value(score);
    Long statedUs = timestampUs();
    score.setScoredAtUs(statedUs == null ? nowUs : statedUs);
    String given = text("id");
    String id =
        "langfuse|" + (given != null ? given : score.getSubjectId() + "|" + name + "|" + statedUs);
    score.setScoreId(id);
    return EvalResult.newBuilder().setTenant(tenant).setJobId(id).setScore(score.build()).build();
  }

  private void subject(Score.Builder score) {
    String trace = hex("traceId", 32);
    String span = hex("observationId", 16);
    String session = text("sessionId");
    score.setTraceId(trace).setSessionId(session);
    if (trace != null && span != null) {
      score.setSubjectKind(SubjectKind.SPAN).setSubjectId(span);
    } else if (trace != null) {
      score.setSubjectKind(SubjectKind.TRACE).setSubjectId(trace);
    } else if (session != null && span == null) {
      score.setSubjectKind(SubjectKind.SESSION).setSubjectId(session);
    } else {
      throw wrong("traceId", "neither trace nor session is stated");
    }
  }

  /** An annotation is a person's, an evaluation a judge's; what the API took is users' feedback. */
  private ScoreSource source() {
    String source = text("source");
    return switch (source == null ? "API" : source.toUpperCase(Locale.ROOT)) {
      case "ANNOTATION" -> ScoreSource.HUMAN;
      case "EVAL" -> ScoreSource.EVALUATOR;
      case "API" -> ScoreSource.USER;
      default -> throw wrong("source", "API, ANNOTATION or EVAL is expected: " + source);
    };
  }

  private void value(Score.Builder score) {
    JsonNode value = row.path("value");
    String type = text("dataType");
    switch (type == null ? (value.isNumber() ? "NUMERIC" : "CATEGORICAL") : type) {
      case "NUMERIC" -> score.setValue(share(value));
      case "BOOLEAN" -> {
        double share = value.isBoolean() ? (value.asBoolean() ? 1 : 0) : share(value);
        if (share != 0 && share != 1) {
          throw wrong("value", "true, false, 1 or 0 is expected: " + value);
        }
        score.setValue(share).setLabel(share == 1 ? "true" : "false");
      }
      case "CATEGORICAL" -> {
        String label = value.isTextual() ? text("value") : text("stringValue");
        if (label == null || label.length() > MOST_NAME) {
          throw wrong("value", "a category of 1 to " + MOST_NAME + " characters is expected");
        }
        score.setLabel(label);
      }
      default -> throw wrong("dataType", "NUMERIC, BOOLEAN or CATEGORICAL is expected: " + type);
    }
  }

  /** Never clipped: a scale of another range would become nonsense silently. */
  private double share(JsonNode value) {
    if (!value.isNumber() || !(value.asDouble() >= 0 && value.asDouble() <= 1)) {
      throw wrong("value", "a number from 0 to 1 is expected: " + value);
    }
    return value.asDouble();
  }

  private @Nullable Long timestampUs() {
    String stated = text("timestamp");
    if (stated == null) {
      return null;
    }
    try {
      return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse(stated));
    } catch (DateTimeException e) {
      throw wrong("timestamp", "a time as 2026-03-01T10:00:00Z is expected: " + stated);
    }
  }

  private @Nullable String hex(String field, int digits) {
    String text = text(field);
    if (text != null && !text.matches("[0-9a-f]{" + digits + "}")) {
      throw wrong(field, digits + " lower-case hex digits are expected: " + text);
    }
    return text;
  }

  private @Nullable String text(String field) {
    String text = row.path(field).isTextual() ? row.path(field).textValue().strip() : "";
    return text.isEmpty() ? null : text;
  }

  private PlatformException wrong(String field, String why) {
    return new PlatformException(where + ": " + field + ": " + why);
  }
}
