package dev.tributary.standalone.compare;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tributary.quality.Dimension;
import dev.tributary.quality.Moments;
import dev.tributary.quality.Stratum;
import dev.tributary.quality.TwoArms;
import dev.tributary.standalone.platform.PlatformException;
import dev.tributary.standalone.platform.SqlClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Arms of live traffic, from the view comparison_sums. */
final class LiveArms {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String SQL =
      "SELECT dimension, kind, good, %1$s = '%2$s' AS is_candidate,"
          // A customer's calls in staging, or of another feature, are other traffic.
          + " concat(environment, ' / ', feature, ' / ', workspace) AS traffic, toHour(hour) AS h,"
          + " sum(n), sum(w), sum(ww), sum(wy), sum(wwy), sum(wwyy)"
          + " FROM comparison_sums WHERE %3$s"
          + " GROUP BY dimension, kind, good, is_candidate, traffic, h"
          + " ORDER BY dimension, is_candidate, traffic, h"
          // Int64 as a number: counts here are far below 2^53.
          + " SETTINGS output_format_json_quote_64bit_integers = 0";

  /** Both arms of a dimension while rows come in. */
  private static final class Pair {
    private final Dimension dimension;
    private final Map<Stratum, Moments> baseline = new TreeMap<>();
    private final Map<Stratum, Moments> candidate = new TreeMap<>();

    private Pair(Dimension dimension) {
      this.dimension = dimension;
    }
  }

  private LiveArms() {}

  /** All dimensions that either arm has values of, by name. */
  static List<TwoArms> read(SqlClient sql, ArmSelection selection)
      throws IOException, InterruptedException {
    String candidate = selection.candidate().replace("\\", "\\\\").replace("'", "\\'");
    String answer =
        sql.run(
            SQL.formatted(selection.by().column(), candidate, selection.where()),
            "JSONCompactEachRow");
    Map<String, Pair> pairs = new LinkedHashMap<>();
    for (String line : answer.split("\n")) {
      if (!line.isBlank()) {
        add(line, pairs);
      }
    }
    List<TwoArms> arms = new ArrayList<>();
    pairs
        .values()
        .forEach(pair -> arms.add(TwoArms.of(pair.dimension, pair.baseline, pair.candidate)));
    return arms;
  }

  private static void add(String line, Map<String, Pair> pairs) {
    try {
      JsonNode row = JSON.readTree(line);
      Dimension dimension =
          new Dimension(
              row.get(0).asText(),
              Dimension.Kind.valueOf(row.get(1).asText()),
              Dimension.Good.valueOf(row.get(2).asText()));
      Pair pair = pairs.computeIfAbsent(dimension.name(), unused -> new Pair(dimension));
      Moments sums =
          new Moments(
              row.get(6).asLong(),
              row.get(7).asDouble(),
              row.get(8).asDouble(),
              row.get(9).asDouble(),
              row.get(10).asDouble(),
              row.get(11).asDouble());
      (row.get(3).asInt() == 1 ? pair.candidate : pair.baseline)
          .merge(new Stratum(row.get(4).asText(), row.get(5).asInt()), sums, Moments::plus);
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw new PlatformException("comparison_sums answered " + line + ": " + e.getMessage(), e);
    }
  }
}
