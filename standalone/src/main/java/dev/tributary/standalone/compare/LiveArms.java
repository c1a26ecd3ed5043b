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
import java.util.stream.Collectors;

/**
 * Arms of live traffic, from the views comparison_calls and comparison_scores. Calls of one trace
 * are alike: within an arm, environment, feature and workspace they are one unit, at the hour of
 * the first of them.
 */
final class LiveArms {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Which arm, and a customer's calls in staging, or of another feature, are other traffic. */
  private static final String UNIT =
      "%1$s = '%2$s' AS is_candidate,"
          + " concat(environment, ' / ', feature, ' / ', workspace) AS traffic, min(hour) AS began";

  private static final String SQL =
      "SELECT dimension, kind, good, is_candidate, traffic, toHour(began) AS h, sum(n), count(),"
          + " sum(w), sum(w * w), sum(wy), sum(w * wy), sum(wy * wy) FROM ("
          // Each trace once with the sums of all its dimensions: a row for each would be ten times
          // as many groups to hold.
          + "SELECT stated.1 AS dimension, stated.2 AS kind, stated.3 AS good, is_candidate,"
          + " traffic, began, stated.4 AS n, toFloat64(n) AS w, stated.5 AS wy FROM ("
          + ("SELECT " + UNIT + ", %4$s AS sums")
          + " FROM comparison_calls WHERE %3$s GROUP BY is_candidate, traffic, trace_id)"
          + " ARRAY JOIN arrayFilter(s -> s.4 > 0, sums) AS stated"
          + (" UNION ALL SELECT dimension, 'SCORE' AS kind, good, " + UNIT)
          + ", count() AS n, sum(weight) AS w, sum(weight * score) AS wy"
          + " FROM comparison_scores WHERE %3$s"
          + " GROUP BY dimension, good, is_candidate, traffic, trace_id)"
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

  /**
   * Name, kind, good side, count and sum of each dimension of calls, whose columns have its name.
   */
  private static final String SUMS =
      Dimensions.all().stream()
          .map(
              one ->
                  "('%1$s', '%2$s', '%3$s', count(%1$s), ifNull(sum(%1$s), 0))"
                      .formatted(one.name(), one.kind(), one.good()))
          .collect(Collectors.joining(", ", "[", "]"));

  private LiveArms() {}

  /** All dimensions that either arm has values of, by name. */
  static List<TwoArms> read(SqlClient sql, ArmSelection selection)
      throws IOException, InterruptedException {
    String candidate = selection.candidate().replace("\\", "\\\\").replace("'", "\\'");
    String answer =
        sql.run(
            SQL.formatted(selection.by().column(), candidate, selection.where(), SUMS),
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
              row.get(7).asLong(),
              row.get(8).asDouble(),
              row.get(9).asDouble(),
              row.get(10).asDouble(),
              row.get(11).asDouble(),
              row.get(12).asDouble());
      (row.get(3).asInt() == 1 ? pair.candidate : pair.baseline)
          .merge(new Stratum(row.get(4).asText(), row.get(5).asInt()), sums, Moments::plus);
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw new PlatformException(
          "comparison_calls and comparison_scores answered " + line + ": " + e.getMessage(), e);
    }
  }
}
