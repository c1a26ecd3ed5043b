package dev.tributary.standalone.humanreview;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tributary.schemas.EvalResult;
import dev.tributary.schemas.Score;
import dev.tributary.schemas.ScoreSource;
import dev.tributary.schemas.ScoreStatus;
import dev.tributary.standalone.platform.PlatformException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a queue file that people filled in. Lines whose {@code score} and {@code label} are both
 * open are left for later; anything else that is wrong refuses the whole file, naming line and
 * field.
 */
public final class LabelFile {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  private static final int MOST_LABEL = 64;

  private LabelFile() {}

  /** The results of a file's lines. */
  public static List<EvalResult> read(
      String source, String tenant, List<String> lines, long nowUs) {
    List<EvalResult> results = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      if (!lines.get(i).isBlank()) {
        EvalResult result = read(source + ":" + (i + 1), tenant, lines.get(i), nowUs);
        if (result != null) {
          results.add(result);
        }
      }
    }
    return results;
  }

  private static @Nullable EvalResult read(String where, String tenant, String line, long nowUs) {
    JsonNode row;
    try {
      row = JSON.readTree(line);
    } catch (JsonProcessingException e) {
      throw new PlatformException(where + ": a JSON object is expected", e);
    }
    if (!row.isObject()) {
      throw new PlatformException(where + ": a JSON object is expected");
    }
    if (!row.hasNonNull("score") && !row.hasNonNull("label")) {
      return null;
    }
    String traceId = text(where, row, "trace_id");
    if (!traceId.matches("[0-9a-f]{32}")) {
      throw new PlatformException(where + ": trace_id: 32 lower-case hex digits are expected");
    }
    String evaluator = text(where, row, "evaluator");
    String jobId = row.hasNonNull("job_id") ? text(where, row, "job_id") : null;
    String id = jobId == null ? traceId + "|" + evaluator + "|label" : jobId;
    return EvalResult.newBuilder()
        .setTenant(tenant)
        .setJobId(id)
        .setAttempt(row.path("attempt").asInt(1))
        .setScore(
            Score.newBuilder()
                .setTenant(tenant)
                .setScoreId(id)
                .setSubjectId(traceId)
                .setTraceId(traceId)
                .setName(evaluator)
                .setValue(value(where, row))
                .setLabel(label(where, row))
                .setSource(ScoreSource.HUMAN)
                .setStatus(ScoreStatus.SCORED)
                .setScoredAtUs(nowUs)
                .build())
        .build();
  }

  private static String text(String where, JsonNode row, String field) {
    String text = row.path(field).asText("");
    if (text.isBlank()) {
      throw new PlatformException(where + ": " + field + " is missing");
    }
    return text;
  }

  private static @Nullable Double value(String where, JsonNode row) {
    if (!row.hasNonNull("score")) {
      return null;
    }
    JsonNode score = row.get("score");
    if (!score.isNumber() || !(score.asDouble() >= 0 && score.asDouble() <= 1)) {
      throw new PlatformException(where + ": score: a number from 0 to 1 is expected: " + score);
    }
    return score.asDouble();
  }

  private static @Nullable String label(String where, JsonNode row) {
    if (!row.hasNonNull("label")) {
      return null;
    }
    String label = text(where, row, "label");
    if (label.length() > MOST_LABEL) {
      throw new PlatformException(where + ": label: at most " + MOST_LABEL + " characters");
    }
    return label;
  }
}
