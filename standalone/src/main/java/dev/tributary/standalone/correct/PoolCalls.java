package dev.tributary.standalone.correct;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tributary.pricing.allocation.CapacityPool;
import dev.tributary.pricing.allocation.Consumer;
import dev.tributary.pricing.allocation.DeclaredPool;
import dev.tributary.pricing.allocation.UseField;
import dev.tributary.schemas.Keys;
import dev.tributary.schemas.Provenance;
import dev.tributary.standalone.platform.PlatformException;
import dev.tributary.standalone.platform.SqlClient;
import dev.tributary.standalone.platform.SqlLiteral;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who used which pool, asked of ClickHouse hour by hour. */
final class PoolCalls {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What a tag is in ClickHouse where nobody knows it. */
  private static final String UNATTRIBUTED = "unattributed";

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
          + " service_name, environment, feature, team, workspace, cost_center,"
          + " environment_provenance, feature_provenance, team_provenance, workspace_provenance,"
          + " cost_center_provenance, toString(sum(sign * ("
          + TOKENS
          + "))), toString(coalesce(sum(sign * l.cost), 0)), toString(sumIf(sign, l.cost > 0))"
          + " FROM ledger AS l WHERE tenant = %s AND kind = 'USAGE' AND usage_scope != 'NONE'"
          + " AND event_time >= toDateTime(%d, 'UTC') AND event_time < toDateTime(%d, 'UTC')"
          + " GROUP BY hour, surface, model_canonical, model_returned, model_requested,"
          + " service_tier, region, gateway, key_alias, service_name, environment, feature, team,"
          + " workspace, cost_center, environment_provenance, feature_provenance, team_provenance,"
          + " workspace_provenance, cost_center_provenance HAVING sum(sign) > 0";

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
    if (!Keys.isTenant(tenant)) {
      throw new PlatformException("--tenant: no name of a tenant: " + tenant);
    }
    String answer;
    try {
      answer =
          sql.run(
              SQL.formatted(SqlLiteral.text(tenant), from.getEpochSecond(), until.getEpochSecond()),
              "JSONCompactEachRow");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PlatformException("interrupted while asking ClickHouse", e);
    }
    Map<String, Map<Instant, PoolUse>> uses = new HashMap<>();
    answer.lines().filter(line -> !line.isBlank()).forEach(line -> add(line, pools, uses));
    return uses;
  }

  private static void add(
      String line, List<DeclaredPool> pools, Map<String, Map<Instant, PoolUse>> uses) {
    JsonNode row;
    try {
      row = JSON.readTree(line);
    } catch (JsonProcessingException e) {
      throw new PlatformException("ClickHouse answered something else than rows: " + line, e);
    }
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
                new Consumer(tag(row, 10), tag(row, 11), tag(row, 12), tag(row, 13)),
                row.get(20).asLong(),
                tag(row, 14),
                provenance(row),
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

  private static @Nullable String tag(JsonNode row, int column) {
    String text = row.get(column).asText();
    return text.equals(UNATTRIBUTED) ? null : text;
  }

  private static Map<PoolUse.Tag, Provenance> provenance(JsonNode row) {
    Map<PoolUse.Tag, Provenance> found = new EnumMap<>(PoolUse.Tag.class);
    int column = 15;
    for (PoolUse.Tag tag : PoolUse.Tag.values()) {
      found.put(tag, Provenance.valueOf(row.get(column++).asText()));
    }
    return found;
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
