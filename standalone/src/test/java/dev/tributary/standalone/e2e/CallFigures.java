package dev.tributary.standalone.e2e;

import dev.tributary.standalone.platform.SqlClient;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;

/** Sums over all calls as ClickHouse has them, under the names of the simulator's books. */
final class CallFigures {
  private static final List<String> NAMES =
      List.of(
          "calls", "failed", "uncached", "cache read", "cache write", "text", "reasoning", "cost");

  private CallFigures() {}

  /**
   * Reads them.
   *
   * @param table {@code ledger} or {@code calls}
   */
  static Figures read(SqlClient sql, String table) throws IOException, InterruptedException {
    List<String> row =
        sql.rows(
                """
                SELECT sum(sign), sumIf(sign, error),
                  sum(sign * ifNull(input_uncached_tokens, 0)),
                  sum(sign * ifNull(cache_read_tokens, 0)),
                  sum(sign * (ifNull(cache_write_5m_tokens, 0) + ifNull(cache_write_1h_tokens, 0))),
                  sum(sign * ifNull(output_text_tokens, 0)),
                  sum(sign * ifNull(reasoning_tokens, 0)),
                  toString(sum(sign * ifNull(cost, toDecimal128(0, 18))))
                FROM %s
                WHERE span_kind IN ('LLM', 'EMBEDDING') AND usage_scope != 'AGGREGATE'
                """
                    .formatted(table))
            .get(0);
    Figures figures = new Figures();
    for (int i = 0; i < NAMES.size(); i++) {
      figures.add(NAMES.get(i), new BigDecimal(row.get(i)));
    }
    return figures;
  }
}
