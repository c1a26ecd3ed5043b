package dev.tributary.standalone.compare;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tributary.standalone.compare.ArmSelection.By;
import dev.tributary.standalone.platform.PlatformException;
import dev.tributary.standalone.platform.SqlClient;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is new in production, and what each is compared with: the one before it. New are versions of
 * a prompt, and models that answer to a name that another one answered to.
 */
final class Successors {
  /** What is new is watched for so long after its first call. */
  static final Duration WATCHED = Duration.ofDays(14);

  /** The one before it counts with its calls of so long before that. */
  static final Duration BEFORE = Duration.ofDays(7);

  private static final ObjectMapper JSON = new ObjectMapper();

  /** What is older than this query looks is older than all that is watched. */
  private static final String SQL =
      "SELECT tenant, environment, %s AS feature, %s AS name, %s AS arm,"
          + " toUnixTimestamp64Micro(toDateTime64(min(event_time), 6)) AS first FROM calls_net"
          + " WHERE purpose = 'PRODUCT' AND %s AND event_time >= toDateTime(%d, 'UTC')"
          + " GROUP BY ALL ORDER BY tenant, environment, feature, name, arm"
          + " SETTINGS output_format_json_quote_64bit_integers = 0";

  /**
   * An arm that succeeds another one or is succeeded.
   *
   * @param by what it is
   * @param feature in which; null: it is the same in all
   * @param name the prompt, or the name that a model answers to
   * @param arm the version, or the model
   * @param first time of its first call
   */
  record Seen(
      By by,
      String tenant,
      String environment,
      @Nullable String feature,
      String name,
      String arm,
      Instant first) {

    /** What one succeeds the other in. */
    private List<String> line() {
      return List.of(tenant, environment, feature == null ? "" : feature, name);
    }
  }

  private Successors() {}

  /** Versions of prompts that were called of late. */
  static List<Seen> promptVersions(SqlClient sql, Instant now)
      throws IOException, InterruptedException {
    return read(
        sql,
        By.PROMPT_VERSION,
        now,
        "CAST(NULL AS Nullable(String))",
        "prompt_name",
        "prompt_version",
        "prompt_name != 'unattributed' AND prompt_version != 'unattributed'");
  }

  /** Models that answered of late, by feature and the name they were asked for by. */
  static List<Seen> returnedModels(SqlClient sql, Instant now)
      throws IOException, InterruptedException {
    return read(
        sql,
        By.RETURNED_MODEL,
        now,
        "feature",
        "model_requested",
        "model_returned",
        "model_requested IS NOT NULL AND model_returned IS NOT NULL");
  }

  private static List<Seen> read(
      SqlClient sql, By by, Instant now, String feature, String name, String arm, String known)
      throws IOException, InterruptedException {
    long since = now.minus(WATCHED).minus(BEFORE).getEpochSecond();
    String query = SQL.formatted(feature, name, arm, known, since);
    List<Seen> seen = new ArrayList<>();
    for (String line : sql.run(query, "JSONCompactEachRow").split("\n")) {
      if (!line.isBlank()) {
        seen.add(seen(by, line));
      }
    }
    return seen;
  }

  private static Seen seen(By by, String line) {
    try {
      JsonNode row = JSON.readTree(line);
      return new Seen(
          by,
          row.get(0).asText(),
          row.get(1).asText(),
          row.get(2).isNull() ? null : row.get(2).asText(),
          row.get(3).asText(),
          row.get(4).asText(),
          Instant.EPOCH.plus(row.get(5).asLong(), ChronoUnit.MICROS));
    } catch (JsonProcessingException e) {
      throw new PlatformException("what is new by " + by.column() + ": " + line, e);
    }
  }

  /**
   * A comparison for each that is new. Its beginning is fixed by the first call of what is new:
   * what may be looked at again and again must only grow.
   *
   * @param seen all of one kind
   */
  static List<ArmSelection> comparisons(List<Seen> seen, Instant now) {
    Map<List<String>, List<Seen>> lines = new LinkedHashMap<>();
    for (Seen each : seen) {
      lines.computeIfAbsent(each.line(), any -> new ArrayList<>()).add(each);
    }
    List<ArmSelection> comparisons = new ArrayList<>();
    for (List<Seen> line : lines.values()) {
      line.sort(Comparator.comparing(Seen::first).thenComparing(Seen::arm));
      for (int i = 1; i < line.size(); i++) {
        Seen candidate = line.get(i);
        if (candidate.first().isAfter(now.minus(WATCHED))) {
          comparisons.add(comparison(line.get(i - 1), candidate));
        }
      }
    }
    return comparisons;
  }

  private static ArmSelection comparison(Seen baseline, Seen candidate) {
    return new ArmSelection(
        candidate.tenant(),
        candidate.by(),
        candidate.by() == By.PROMPT_VERSION ? candidate.name() : null,
        baseline.arm(),
        candidate.arm(),
        candidate.environment(),
        candidate.feature(),
        candidate.first().minus(BEFORE).truncatedTo(ChronoUnit.HOURS),
        null);
  }
}
