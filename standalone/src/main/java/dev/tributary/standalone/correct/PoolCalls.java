package dev.tributary.standalone.correct;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tributary.pricing.allocation.CapacityPool;
import dev.tributary.pricing.allocation.DeclaredPool;
import dev.tributary.pricing.allocation.UseField;
import dev.tributary.standalone.platform.SqlClient;
import dev.tributary.standalone.platform.SqlLiteral;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Who used which pool, asked of ClickHouse hour by hour. */
final class PoolCalls {
  /** Where the columns of the owner begin. */
  private static final int OWNER = 10;

  private static final String TOKENS =
      "coalesce(input_uncached_tokens, 0) + coalesce(cache_read_tokens, 0)"
          + " + coalesce(cache_write_5m_tokens, 0) + coalesce(cache_write_1h_tokens, 0)"
          + " + coalesce(input_audio_tokens, 0) + coalesce(input_image_tokens, 0)"
          + " + coalesce(output_text_tokens, 0) + coalesce(reasoning_tokens, 0)"
          + " + coalesce(output_audio_tokens, 0) + coalesce(output_image_tokens, 0)";

  /**
   * One row per hour, way of calling and owner; a day of a busy tenant is some thousands. From the
   * audit, because only it keeps gateways, key aliases and where each tag came from; signed, so
   * that what was corrected counts once.
   */
  private static final String SQL =
      "SELECT toUnixTimestamp(toStartOfHour(event_time)) AS hour, surface, model_canonical,"
          + " model_returned, model_requested, service_tier, region, gateway, key_alias,"
          + " service_name, "
          + OwnerRows.COLUMNS
          + ", toString(sum(sign * ("
          + TOKENS
          + "))), toString(coalesce(sum(sign * l.cost), 0)), toString(sumIf(sign, l.cost > 0))"
          + " FROM ledger AS l WHERE tenant = %s AND kind = 'USAGE' AND usage_scope != 'NONE'"
          + " AND event_time >= toDateTime(%d, 'UTC') AND event_time < toDateTime(%d, 'UTC')"
          + " GROUP BY hour, surface, model_canonical, model_returned, model_requested,"
          + " service_tier, region, gateway, key_alias, service_name, "
          + OwnerRows.COLUMNS
          + " HAVING sum(sign) > 0";

  private final SqlClient sql;

  PoolCalls(SqlClient sql) {
    this.sql = sql;
  }

  /**
   * What ran on each pool, by the first moment of the hour. A call runs on the first pool that
   * serves it, so that no token has two owners.
   *
   * @param from first hour
   * @param until first hour after
   */
  Map<String, Map<Instant, PoolUse>> read(
      String tenant, List<DeclaredPool> pools, Instant from, Instant until) {
    Map<String, Map<Instant, PoolUse>> uses = new HashMap<>();
    OwnerRows.read(
        sql,
        SQL.formatted(
            SqlLiteral.text(OwnerRows.tenant(tenant)),
            from.getEpochSecond(),
            until.getEpochSecond()),
        row -> add(row, pools, uses));
    return uses;
  }

  private static void add(
      JsonNode row, List<DeclaredPool> pools, Map<String, Map<Instant, PoolUse>> uses) {
    Map<UseField, List<String>> call = new EnumMap<>(UseField.class);
    call.put(UseField.SURFACE, stated(row, 1));
    call.put(UseField.MODEL, stated(row, 2, 3, 4));
    call.put(UseField.TIER, stated(row, 5));
    call.put(UseField.REGION, stated(row, 6));
    call.put(UseField.GATEWAY, stated(row, 7));
    call.put(UseField.KEY_ALIAS, stated(row, 8));
    call.put(UseField.SERVICE, stated(row, 9));
    for (DeclaredPool pool : pools) {
      Instant hour = Instant.ofEpochSecond(row.get(0).asLong());
      if (pool.pool().hourAt(hour) != null && pool.serves(call)) {
        uses.computeIfAbsent(pool.pool().id(), unused -> new HashMap<>())
            .computeIfAbsent(hour, unused -> new PoolUse())
            .add(
                OwnerRows.owner(row, OWNER),
                row.get(20).asLong(),
                OwnerRows.costCenter(row, OWNER),
                OwnerRows.provenance(row, OWNER),
                new BigDecimal(row.get(21).asText()),
                row.get(22).asLong());
        return;
      }
    }
  }

  private static List<String> stated(JsonNode row, int... columns) {
    List<String> values = new ArrayList<>(columns.length);
    for (int column : columns) {
      if (!row.get(column).isNull()) {
        values.add(row.get(column).asText());
      }
    }
    return values;
  }

  /** The whole hours of a period; {@code until} is cut to hours that are over. */
  static List<Instant> hours(Instant from, Instant until) {
    List<Instant> hours = new ArrayList<>();
    for (Instant hour = from; hour.isBefore(until); hour = hour.plus(CapacityPool.HOUR)) {
      hours.add(hour);
    }
    return hours;
  }
}
