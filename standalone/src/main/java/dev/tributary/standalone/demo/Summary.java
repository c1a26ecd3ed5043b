package dev.tributary.standalone.demo;

import dev.tributary.standalone.platform.SqlClient;
import java.io.IOException;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;

/** The page at the end of the demo: what ClickHouse says, then expected against found. */
final class Summary {
  private static final int LISTED_DIFFERENCES = 20;

  private final SqlClient sql;
  private final PrintWriter out;

  Summary(SqlClient sql, PrintWriter out) {
    this.sql = sql;
    this.out = out;
  }

  /**
   * Prints the page.
   *
   * @return whether everything was found as expected
   */
  boolean print(Books books) throws IOException, InterruptedException {
    Found found = new Found(sql);
    out.println();
    out.println("Cost by feature and team, as ClickHouse has it");
    table("feature", "team", "1");
    out.println();
    out.println("By prompt version, support-answer");
    table("prompt_name", "prompt_version", "feature = 'support-answer'");
    coverage(found.total());
    Map.Entry<String, BigDecimal> dearest = found.dearestSession();
    out.printf("Dearest session   %s, $%s%n", dearest.getKey(), money(dearest.getValue()));
    new OpenEpisodes(sql).print(out);
    return comparison(Comparison.of(books, found));
  }

  private void table(String first, String second, String condition)
      throws IOException, InterruptedException {
    List<List<String>> rows =
        sql.rows(
            """
            SELECT %1$s, %2$s, sum(sign * c.calls), sumIf(sign * c.calls, error),
              sum(sign * (ifNull(input_uncached_tokens, 0) + ifNull(cache_read_tokens, 0)
                + ifNull(cache_write_5m_tokens, 0) + ifNull(output_text_tokens, 0)
                + ifNull(reasoning_tokens, 0))),
              toString(sum(sign * ifNull(cost, toDecimal128(0, 18))))
            FROM calls AS c WHERE kind = 'USAGE' AND item != 'trace' AND %3$s
            GROUP BY %1$s, %2$s HAVING sum(sign * c.calls) != 0 ORDER BY sum(sign * ifNull(cost, toDecimal128(0, 18))) DESC
            """
                .formatted(first, second, condition));
    out.printf(
        "  %-22s %-14s %9s %7s %14s %14s%n", first, second, "calls", "failed", "tokens", "cost, $");
    for (List<String> row : rows) {
      out.printf(
          "  %-22s %-14s %,9d %,7d %,14d %14s%n",
          row.get(0),
          row.get(1),
          Long.parseLong(row.get(2)),
          Long.parseLong(row.get(3)),
          Long.parseLong(row.get(4)),
          money(new BigDecimal(row.get(5))));
    }
  }

  private void coverage(Found.Sums total) throws IOException, InterruptedException {
    List<String> row =
        sql.rows(
                """
                SELECT toString(sum(sign * ifNull(cost, toDecimal128(0, 18)))),
                  toString(sumIf(sign * ifNull(cost, toDecimal128(0, 18)), feature_provenance NOT IN ('RULE', 'UNATTRIBUTED')))
                FROM calls
                """)
            .get(0);
    BigDecimal cost = new BigDecimal(row.get(0));
    out.println();
    out.printf(
        "Coverage          %s of the money has a feature that telemetry stated%n",
        share(new BigDecimal(row.get(1)), cost));
    out.printf(
        "Unpriced          %s of the calls have no price: their cost is unknown, not 0%n",
        share(BigDecimal.valueOf(total.unpriced()), BigDecimal.valueOf(total.calls())));
  }

  private boolean comparison(Comparison comparison) {
    out.println();
    out.println("Expected (the simulator's own books) against found (ClickHouse)");
    comparison.rows().stream()
        .filter(row -> !row.what().contains(", calls") && !row.what().contains(", tokens"))
        .filter(row -> !row.what().startsWith("prompt") && !row.what().startsWith("model "))
        .forEach(this::row);
    comparison.rows().stream().filter(row -> row.what().equals("model calls")).forEach(this::row);
    List<Comparison.Row> differences = comparison.differences();
    out.println();
    if (differences.isEmpty()) {
      out.printf(
          "expected = found: %d numbers, by feature, team, prompt version and model, to the last digit%n",
          comparison.rows().size());
    } else {
      out.printf("%d of %d numbers differ:%n", differences.size(), comparison.rows().size());
      differences.stream().limit(LISTED_DIFFERENCES).forEach(this::row);
    }
    out.flush();
    return differences.isEmpty();
  }

  private void row(Comparison.Row row) {
    out.printf(
        "  %-34s %24s %24s %s%n",
        row.what(),
        row.expected().toPlainString(),
        row.found().stripTrailingZeros().toPlainString(),
        row.isEqual() ? "=" : "DIFFERS");
  }

  private static String money(BigDecimal dollars) {
    return dollars.setScale(2, RoundingMode.HALF_EVEN).toPlainString();
  }

  private static String share(BigDecimal part, BigDecimal whole) {
    return whole.signum() == 0
        ? "none"
        : part.multiply(BigDecimal.valueOf(100)).divide(whole, 1, RoundingMode.HALF_EVEN) + " %";
  }
}
