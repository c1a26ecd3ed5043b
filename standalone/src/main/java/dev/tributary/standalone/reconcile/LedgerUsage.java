package dev.tributary.standalone.reconcile;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tributary.pricing.Bucket;
import dev.tributary.pricing.ServiceTier;
import dev.tributary.pricing.reconcile.Bill;
import dev.tributary.pricing.reconcile.EstimatedUsage;
import dev.tributary.pricing.reconcile.Reconciler;
import dev.tributary.standalone.platform.PlatformException;
import dev.tributary.standalone.platform.SqlClient;
import dev.tributary.standalone.platform.SqlLiteral;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/** What the ledger in ClickHouse estimated, by quarter of an hour. */
final class LedgerUsage {
  /**
   * Signed sums of the audit, so that what was corrected counts as it is now. Buckets come from the
   * priced lines of a call; of one without any from its counts. A response that two traces report
   * is repeated in all but the first of them, as in the view {@code double_reported}. True-ups and
   * pools are no estimate of a call and left out.
   */
  private static final String SQL =
      """
      WITH repeated AS (
        SELECT response_id, argMin(trace, (at, trace)) AS first_trace
        FROM (
          SELECT assumeNotNull(r.response_id) AS response_id, source AS trace, min(event_time) AS at
          FROM ledger AS r
          WHERE tenant = %1$s AND kind = 'USAGE' AND r.response_id IS NOT NULL AND usage_scope != 'NONE'
            AND surface = %2$s AND event_time >= toDateTime(%3$d, 'UTC') AND event_time < toDateTime(%4$d, 'UTC')
          GROUP BY response_id, trace HAVING sum(sign) > 0)
        GROUP BY response_id HAVING count() > 1)
      SELECT
        toUnixTimestamp(toStartOfFifteenMinutes(event_time)) AS quarter, nullIf(project, 'unattributed') AS in_project,
        coalesce(model_canonical, model_returned, model_requested, 'unknown') AS model, coalesce(service_tier, 'standard') AS tier,
        part.1 AS bucket, part.3 IS NOT NULL AS is_priced,
        coalesce(l.response_id, '') IN (SELECT response_id FROM repeated)
          AND (coalesce(l.response_id, ''), source) NOT IN (SELECT response_id, first_trace FROM repeated) AS is_repeated,
        toString(sum(sign * part.2)) AS quantity, toString(sum(sign * coalesce(part.3, toDecimal128(0, 18)))) AS cost
      FROM ledger AS l
      ARRAY JOIN if(notEmpty(cost_lines.bucket),
        arrayMap((b, q, c) -> (b, q, c), cost_lines.bucket, cost_lines.quantity, cost_lines.cost),
        arrayFilter(p -> p.2 > 0, [
          ('in.text.uncached', coalesce(input_uncached_tokens, 0), CAST(NULL, 'Nullable(Decimal(38, 18))')),
          ('in.cache_read', coalesce(cache_read_tokens, 0), NULL),
          ('in.cache_write_5m', coalesce(cache_write_5m_tokens, 0), NULL),
          ('in.cache_write_1h', coalesce(cache_write_1h_tokens, 0), NULL),
          ('in.audio', coalesce(input_audio_tokens, 0), NULL),
          ('in.image', coalesce(input_image_tokens, 0), NULL),
          ('out.text', coalesce(output_text_tokens, 0), NULL),
          ('out.reasoning', coalesce(reasoning_tokens, 0), NULL),
          ('out.audio', coalesce(output_audio_tokens, 0), NULL),
          ('out.image', coalesce(output_image_tokens, 0), NULL)])) AS part
      WHERE tenant = %1$s AND kind = 'USAGE' AND usage_scope != 'NONE' AND surface = %2$s
        AND event_time >= toDateTime(%3$d, 'UTC') AND event_time < toDateTime(%4$d, 'UTC')
      GROUP BY quarter, in_project, model, tier, bucket, is_priced, is_repeated
      HAVING sum(sign * part.2) != 0
      ORDER BY quarter
      """;

  private final SqlClient sql;
  private final String tenant;
  private final ModelNames models;

  LedgerUsage(SqlClient sql, String tenant, ModelNames models) {
    this.sql = sql;
    this.tenant = tenant;
    this.models = models;
  }

  /** What was estimated of the bill's provider in its days, and up to a zone's width around. */
  List<EstimatedUsage> read(Bill bill) {
    Instant from = bill.from().atStartOfDay(ZoneOffset.UTC).toInstant().minus(Reconciler.MARGIN);
    Instant until = bill.until().atStartOfDay(ZoneOffset.UTC).toInstant().plus(Reconciler.MARGIN);
    String statement =
        SQL.formatted(
            SqlLiteral.text(tenant),
            SqlLiteral.text(bill.provider()),
            from.getEpochSecond(),
            until.getEpochSecond());
    List<EstimatedUsage> usage = new ArrayList<>();
    try (BufferedReader rows =
        new BufferedReader(
            new InputStreamReader(
                sql.open(statement, "JSONCompactEachRow"), StandardCharsets.UTF_8))) {
      for (String row = rows.readLine(); row != null; row = rows.readLine()) {
        if (!row.isBlank()) {
          usage.add(usage(bill.provider(), ReportJson.parse("ClickHouse", row)));
        }
      }
    } catch (IOException e) {
      throw new PlatformException("the ledger cannot be read: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PlatformException("interrupted while asking ClickHouse", e);
    }
    return usage;
  }

  private EstimatedUsage usage(String provider, JsonNode row) {
    Bucket bucket = Bucket.ofWireName(row.get(4).asText());
    ServiceTier tier = ServiceTier.parse(row.get(3).asText());
    if (bucket == null) {
      throw new PlatformException("the ledger has a bucket that is not known: " + row.get(4));
    }
    return new EstimatedUsage(
        provider,
        Instant.ofEpochSecond(row.get(0).asLong()),
        row.get(1).isNull() ? null : row.get(1).asText(),
        models.of(provider, row.get(2).asText()),
        bucket,
        tier == null ? ServiceTier.STANDARD : tier,
        row.get(7).asLong(),
        row.get(5).asBoolean() || row.get(5).asInt() == 1
            ? new BigDecimal(row.get(8).asText())
            : null,
        row.get(6).asInt() == 1);
  }
}
