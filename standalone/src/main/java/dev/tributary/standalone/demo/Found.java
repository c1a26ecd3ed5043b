package dev.tributary.standalone.demo;

import dev.tributary.standalone.platform.SqlClient;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What ClickHouse says about the simulated traffic, read through signed sums. */
final class Found {
  /** Every line of a span: an agent that counted what its calls spent would show. */
  private static final String SPAN_LINES = "calls AS c WHERE kind = 'USAGE' AND item != 'trace'";

  /**
   * Sums of one group.
   *
   * @param dollars cost, US dollars
   */
  record Sums(
      long calls,
      long failed,
      long unpriced,
      long uncached,
      long cacheRead,
      long cacheWrite,
      long text,
      long reasoning,
      BigDecimal dollars) {
    static final Sums NONE = new Sums(0, 0, 0, 0, 0, 0, 0, 0, BigDecimal.ZERO);
  }

  private final SqlClient sql;

  Found(SqlClient sql) {
    this.sql = sql;
  }

  /** Span lines and trace lines booked so far. */
  long[] booked() throws IOException, InterruptedException {
    List<String> row =
        sql.rows(
                "SELECT sumIf(sign, item != 'trace'), sumIf(sign, item = 'trace') FROM calls"
                    + " WHERE kind = 'USAGE'")
            .get(0);
    return new long[] {Long.parseLong(row.get(0)), Long.parseLong(row.get(1))};
  }

  /** Sums over everything. */
  Sums total() throws IOException, InterruptedException {
    return by("''").getOrDefault("", Sums.NONE);
  }

  /**
   * Sums by an expression.
   *
   * @param group SQL over the columns of {@code calls}
   */
  Map<String, Sums> by(String group) throws IOException, InterruptedException {
    String query =
        """
        SELECT %s AS g,
          sum(sign * c.calls), sumIf(sign * c.calls, error),
          sumIf(sign * c.calls, price_status = 'UNKNOWN_MODEL'),
          sum(sign * ifNull(input_uncached_tokens, 0)), sum(sign * ifNull(cache_read_tokens, 0)),
          sum(sign * (ifNull(cache_write_5m_tokens, 0) + ifNull(cache_write_1h_tokens, 0))),
          sum(sign * ifNull(output_text_tokens, 0)), sum(sign * ifNull(reasoning_tokens, 0)),
          toString(sum(sign * ifNull(cost, toDecimal128(0, 18))))
        FROM %s GROUP BY g HAVING sum(sign * c.calls) != 0
        """
            .formatted(group, SPAN_LINES);
    Map<String, Sums> groups = new TreeMap<>();
    for (List<String> row : sql.rows(query)) {
      groups.put(row.get(0), sums(row));
    }
    return groups;
  }

  /** The dearest session's id and cost. */
  Map.Entry<String, BigDecimal> dearestSession() throws IOException, InterruptedException {
    List<List<String>> rows =
        sql.rows(
            "SELECT session_id, toString(cost) FROM sessions FINAL WHERE cost IS NOT NULL"
                + " ORDER BY cost DESC, session_id LIMIT 1");
    return rows.isEmpty()
        ? Map.entry("none", BigDecimal.ZERO)
        : Map.entry(rows.get(0).get(0), new BigDecimal(rows.get(0).get(1)));
  }

  private static Sums sums(List<String> row) {
    return new Sums(
        Long.parseLong(row.get(1)),
        Long.parseLong(row.get(2)),
        Long.parseLong(row.get(3)),
        Long.parseLong(row.get(4)),
        Long.parseLong(row.get(5)),
        Long.parseLong(row.get(6)),
        Long.parseLong(row.get(7)),
        Long.parseLong(row.get(8)),
        new BigDecimal(row.get(9)));
  }
}
