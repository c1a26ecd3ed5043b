package dev.tributary.standalone.compare;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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

/** Which versions of prompts are new, and what each is compared with: the version before it. */
final class NewVersions {
  /** A version is watched for so long after its first call. */
  static final Duration WATCHED = Duration.ofDays(14);

  /** The version before it counts with its calls of so long before that. */
  static final Duration BEFORE = Duration.ofDays(7);

  private static final ObjectMapper JSON = new ObjectMapper();

  /** A version older than this query looks is older than any that is watched. */
  private static final String SQL =
      "SELECT tenant, environment, prompt_name, prompt_version,"
          + " toUnixTimestamp64Micro(toDateTime64(min(event_time), 6)) AS first FROM calls_net"
          + " WHERE purpose = 'PRODUCT' AND prompt_name != 'unattributed'"
          + " AND prompt_version != 'unattributed' AND event_time >= toDateTime(%d, 'UTC')"
          + " GROUP BY tenant, environment, prompt_name, prompt_version"
          + " ORDER BY tenant, environment, prompt_name, prompt_version"
          + " SETTINGS output_format_json_quote_64bit_integers = 0";

  /**
   * A version of a prompt.
   *
   * @param first time of its first call
   */
  record Seen(String tenant, String environment, String prompt, String version, Instant first) {}

  private NewVersions() {}

  /** Versions that were called of late. */
  static List<Seen> read(SqlClient sql, Instant now) throws IOException, InterruptedException {
    Instant since = now.minus(WATCHED).minus(BEFORE);
    List<Seen> seen = new ArrayList<>();
    for (String line :
        sql.run(SQL.formatted(since.getEpochSecond()), "JSONCompactEachRow").split("\n")) {
      if (!line.isBlank()) {
        seen.add(seen(line));
      }
    }
    return seen;
  }

  private static Seen seen(String line) {
    try {
      JsonNode row = JSON.readTree(line);
      return new Seen(
          row.get(0).asText(),
          row.get(1).asText(),
          row.get(2).asText(),
          row.get(3).asText(),
          Instant.EPOCH.plus(row.get(4).asLong(), ChronoUnit.MICROS));
    } catch (JsonProcessingException e) {
      throw new PlatformException("versions of prompts: " + line, e);
    }
  }

  /**
   * A comparison for each version that is new, by environment and prompt. Its beginning is fixed by
   * the version's first call: what may be looked at again and again must only grow.
   */
  static List<ArmSelection> comparisons(List<Seen> versions, Instant now) {
    Map<List<String>, List<Seen>> byPrompt = new LinkedHashMap<>();
    for (Seen each : versions) {
      byPrompt
          .computeIfAbsent(
              List.of(each.tenant(), each.environment(), each.prompt()), any -> new ArrayList<>())
          .add(each);
    }
    List<ArmSelection> comparisons = new ArrayList<>();
    for (List<Seen> prompt : byPrompt.values()) {
      prompt.sort(Comparator.comparing(Seen::first).thenComparing(Seen::version));
      for (int i = 1; i < prompt.size(); i++) {
        Seen candidate = prompt.get(i);
        if (candidate.first().isAfter(now.minus(WATCHED))) {
          comparisons.add(comparison(prompt.get(i - 1), candidate));
        }
      }
    }
    return comparisons;
  }

  private static ArmSelection comparison(Seen baseline, Seen candidate) {
    return new ArmSelection(
        candidate.tenant(),
        ArmSelection.By.PROMPT_VERSION,
        candidate.prompt(),
        baseline.version(),
        candidate.version(),
        candidate.environment(),
        null,
        candidate.first().minus(BEFORE).truncatedTo(ChronoUnit.HOURS),
        null);
  }
}
