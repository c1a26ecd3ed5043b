package dev.tributary.standalone.compare;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tributary.standalone.platform.PlatformException;
import dev.tributary.standalone.platform.SqlClient;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Which models answer anew to a name that another answered to: before is compared with after. */
final class SwappedModels {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String SQL =
      "SELECT tenant, environment, feature, model_requested, model_returned,"
          + " toUnixTimestamp64Micro(toDateTime64(min(event_time), 6)) AS first FROM calls_net"
          + " WHERE purpose = 'PRODUCT' AND model_requested IS NOT NULL"
          + " AND model_returned IS NOT NULL AND event_time >= toDateTime(%d, 'UTC')"
          + " GROUP BY tenant, environment, feature, model_requested, model_returned"
          + " ORDER BY tenant, environment, feature, model_requested, model_returned"
          + " SETTINGS output_format_json_quote_64bit_integers = 0";

  /**
   * A model that answered to a name.
   *
   * @param requested the name
   * @param returned the model
   * @param first time of its first call
   */
  record Seen(
      String tenant,
      String environment,
      String feature,
      String requested,
      String returned,
      Instant first) {}

  private SwappedModels() {}

  /** Models that answered of late. */
  static List<Seen> read(SqlClient sql, Instant now) throws IOException, InterruptedException {
    Instant since = now.minus(NewVersions.WATCHED).minus(NewVersions.BEFORE);
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
          row.get(4).asText(),
          Instant.EPOCH.plus(row.get(5).asLong(), ChronoUnit.MICROS));
    } catch (JsonProcessingException e) {
      throw new PlatformException("models behind names: " + line, e);
    }
  }

  /** A comparison for each model that is new behind its name, with the one that came before it. */
  static List<ArmSelection> comparisons(List<Seen> models, Instant now) {
    Map<List<String>, List<Seen>> byName = new LinkedHashMap<>();
    for (Seen each : models) {
      byName
          .computeIfAbsent(
              List.of(each.tenant(), each.environment(), each.feature(), each.requested()),
              any -> new ArrayList<>())
          .add(each);
    }
    List<ArmSelection> comparisons = new ArrayList<>();
    for (List<Seen> name : byName.values()) {
      name.sort(Comparator.comparing(Seen::first).thenComparing(Seen::returned));
      for (int i = 1; i < name.size(); i++) {
        Seen candidate = name.get(i);
        if (candidate.first().isAfter(now.minus(NewVersions.WATCHED))) {
          comparisons.add(comparison(name.get(i - 1), candidate));
        }
      }
    }
    return comparisons;
  }

  private static ArmSelection comparison(Seen baseline, Seen candidate) {
    return new ArmSelection(
        candidate.tenant(),
        ArmSelection.By.RETURNED_MODEL,
        null,
        baseline.returned(),
        candidate.returned(),
        candidate.environment(),
        candidate.feature(),
        candidate.first().minus(NewVersions.BEFORE).truncatedTo(ChronoUnit.HOURS),
        null);
  }
}
