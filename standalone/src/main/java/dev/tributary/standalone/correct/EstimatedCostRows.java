package dev.tributary.standalone.correct;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tributary.pricing.reconcile.Finding;
import dev.tributary.standalone.platform.SqlClient;
import dev.tributary.standalone.platform.SqlLiteral;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Collectors;

/** What usage was estimated to cost, asked of ClickHouse by day, price bucket and owner. */
final class EstimatedCostRows {
  /** Where the columns of the owner begin. */
  private static final int OWNER = 4;

  /**
   * From the audit, because only it has price buckets and where each tag came from; signed, so that
   * what was corrected counts once. What the buckets of a line do not explain of its cost is of no
   * bucket.
   */
  private static final String SQL =
      "SELECT toString(toDate(event_time)) AS day, surface, model_canonical, line.1 AS bucket, "
          + OwnerRows.COLUMNS
          + ", toString(sum(sign * line.2)) AS estimated FROM ledger AS l ARRAY JOIN"
          + " arrayConcat(arrayZip(cost_lines.bucket, cost_lines.cost), [('', l.cost -"
          + " arraySum(arrayMap(c -> coalesce(c, toDecimal128(0, 18)), cost_lines.cost)))]) AS line"
          + " WHERE tenant = %s AND kind = 'USAGE' AND l.cost IS NOT NULL AND surface IN (%s)"
          + " AND event_time >= toDateTime(%d, 'UTC') AND event_time < toDateTime(%d, 'UTC')"
          + " AND line.2 IS NOT NULL GROUP BY day, surface, model_canonical, bucket, "
          + OwnerRows.COLUMNS
          + " HAVING sum(sign * line.2) > 0";

  /**
   * Tokens without a price, which no cost can stand for; a model that no card knows has the name
   * that telemetry gives it, as in findings.
   */
  private static final String UNPRICED_SQL =
      "SELECT toString(toDate(event_time)) AS day, surface,"
          + " coalesce(model_canonical, lowerUTF8(trim(coalesce(model_returned, model_requested))))"
          + " AS model, '"
          + EstimatedCosts.UNPRICED
          + "' AS bucket, "
          + OwnerRows.COLUMNS
          + ", toString(sum(sign * l.unpriced_tokens)) AS tokens FROM ledger AS l"
          + " WHERE tenant = %s AND kind = 'USAGE' AND l.unpriced_tokens > 0 AND surface IN (%s)"
          + " AND event_time >= toDateTime(%d, 'UTC') AND event_time < toDateTime(%d, 'UTC')"
          + " GROUP BY day, surface, model, bucket, "
          + OwnerRows.COLUMNS
          + " HAVING sum(sign * l.unpriced_tokens) > 0";

  private final SqlClient sql;

  EstimatedCostRows(SqlClient sql) {
    this.sql = sql;
  }

  /**
   * What may bear the findings.
   *
   * @param findings at least one
   * @param first day of the invoice
   * @param last day of the invoice
   */
  EstimatedCosts read(String tenant, List<Finding> findings, LocalDate first, LocalDate last) {
    EstimatedCosts costs = new EstimatedCosts(findings);
    String surfaces =
        findings.stream()
            .map(Finding::provider)
            .distinct()
            .map(SqlLiteral::text)
            .collect(Collectors.joining(", "));
    for (String query : List.of(SQL, UNPRICED_SQL)) {
      String asked =
          query.formatted(
              SqlLiteral.text(tenant),
              surfaces,
              first.atStartOfDay().toEpochSecond(ZoneOffset.UTC),
              last.plusDays(1).atStartOfDay().toEpochSecond(ZoneOffset.UTC));
      OwnerRows.read(sql, asked, row -> add(row, costs));
    }
    return costs;
  }

  private static void add(JsonNode row, EstimatedCosts costs) {
    costs.add(
        LocalDate.parse(row.get(0).asText()),
        row.get(1).asText(),
        row.get(2).isNull() ? null : row.get(2).asText(),
        row.get(3).asText(),
        OwnerRows.owner(row, OWNER),
        new BigDecimal(row.get(14).asText()),
        OwnerRows.costCenter(row, OWNER),
        OwnerRows.provenance(row, OWNER));
  }
}
