package dev.tributary.sink.clickhouse;

import com.clickhouse.client.api.Client;
import com.clickhouse.client.api.query.GenericRecord;
import java.util.List;

/**
 * Asks whether the rows of an insert that was done again are in their table. A server that was
 * killed after it had noted the insert's token and before it had named the part drops the repeated
 * insert as a duplicate, though nothing of it is there. Asked of tables that are not replicated:
 * replicas have no such moment, and may not have heard of the rows yet.
 */
final class RepeatCheck {
  /** How much of an insert is in its table. */
  enum Found {
    ALL,
    PART,
    NONE
  }

  private static final String ENGINE =
      "SELECT engine, position(engine_full, ' TTL ') > 0 FROM system.tables"
          + " WHERE database = currentDatabase() AND name = '%s'";

  private static final String COUNT = "SELECT count() FROM %s WHERE %s";

  /**
   * Collapsed rows are not there one by one: what is missing leaves the net of a line where it was.
   * A line's entries of one revision have one time, by which partitions are left out. The block is
   * in the audit, which is loaded first.
   */
  private static final String COLLAPSED =
      """
      WITH
        block AS (
          SELECT tenant, kind, source, item, revision, event_time, sign FROM ledger WHERE %2$s),
        (SELECT min(event_time) FROM block) AS earliest,
        (SELECT max(event_time) FROM block) AS latest,
        entries AS (
          SELECT tenant, kind, source, item, revision, toInt64(0) AS own, toInt64(sign) AS missing
          FROM ledger WHERE event_time BETWEEN earliest AND latest
          UNION ALL
          SELECT tenant, kind, source, item, revision, toInt64(0), -toInt64(sign)
          FROM %1$s WHERE event_time BETWEEN earliest AND latest
          UNION ALL
          SELECT tenant, kind, source, item, revision, toInt64(sign), toInt64(0) FROM block)
      SELECT countIf(block_net != 0), countIf(block_net != 0 AND missing_net = block_net)
      FROM (
        SELECT sum(own) AS block_net, sum(missing) AS missing_net
        FROM entries
        WHERE (tenant, kind, source, item, revision) IN (SELECT tenant, kind, source, item, revision FROM block)
        GROUP BY tenant, kind, source, item, revision)""";

  private final Client client;

  RepeatCheck(Client client) {
    this.client = client;
  }

  /**
   * Looks.
   *
   * @param rows rows of the block in that table
   * @param isAgain whether they were inserted under another token since
   */
  Found look(String table, BlockRange range, int rows, boolean isAgain) {
    List<GenericRecord> engines = client.queryAll(ENGINE.formatted(table));
    if (engines.isEmpty()) {
      return Found.ALL; // the insert did not fail, so it is somebody's view of the real one
    }
    String engine = engines.get(0).getString(1);
    boolean expires = engines.get(0).getLong(2) == 1;
    return switch (engine) {
      case "MergeTree" -> appended(table, range, rows, expires);
      // The last of each key: nobody knows how many that are, and a row twice changes nothing.
      case "ReplacingMergeTree" -> isAgain || count(table, range) > 0 ? Found.ALL : Found.NONE;
      case "VersionedCollapsingMergeTree" -> collapsed(table, range);
      default -> Found.ALL;
    };
  }

  private Found appended(String table, BlockRange range, int rows, boolean expires) {
    long found = count(table, range);
    if (found == 0) {
      return Found.NONE;
    }
    return found >= rows || expires ? Found.ALL : Found.PART;
  }

  private long count(String table, BlockRange range) {
    return client.queryAll(COUNT.formatted(table, range.condition())).get(0).getLong(1);
  }

  private Found collapsed(String table, BlockRange range) {
    GenericRecord lines = client.queryAll(COLLAPSED.formatted(table, range.condition())).get(0);
    long missing = lines.getLong(2);
    if (missing == 0) {
      return Found.ALL;
    }
    return missing == lines.getLong(1) ? Found.NONE : Found.PART;
  }
}
