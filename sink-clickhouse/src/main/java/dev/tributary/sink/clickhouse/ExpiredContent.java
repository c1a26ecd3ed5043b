package dev.tributary.sink.clickhouse;

import com.clickhouse.client.api.Client;
import com.clickhouse.client.api.query.GenericRecord;
import com.clickhouse.client.api.query.QuerySettings;
import dev.tributary.sink.clickhouse.core.ContentPolicies;
import dev.tributary.sink.clickhouse.core.ExpiredText;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes the text of workspaces that keep it shorter than the table does. Whose a span is, the
 * ledger says: content has only what the span states itself. Looks first, by the day, which is how
 * the table is partitioned: a deletion writes every part anew that it finds something in. Several
 * at a time do no harm, since what one has deleted another finds no more.
 */
final class ExpiredContent implements ContentRounds.Deletion {
  private static final Logger LOGGER = LoggerFactory.getLogger(ExpiredContent.class);

  /** The one table that holds text. */
  static final String TABLE = "span_content";

  private static final String UNFINISHED =
      """
      SELECT toString(count()), toString(countIf(latest_fail_reason != '')) FROM system.mutations
      WHERE database = currentDatabase() AND table = 'span_content' AND NOT is_done""";

  private static final String DAYS =
      """
      SELECT toString(toDate(event_time)) AS day FROM span_content
      WHERE event_time < fromUnixTimestamp64Micro({before:Int64}, 'UTC')
        AND tenant IN {tenants:Array(String)}
      GROUP BY day ORDER BY day""";

  /**
   * Lines are read as they are now, whether merges have run or not. A span that came twice may have
   * two ends and has the line of one, so lines are looked for a day around.
   */
  private static final String EXPIRED =
      """
      event_time >= fromUnixTimestamp64Micro({from:Int64}, 'UTC')
        AND event_time < fromUnixTimestamp64Micro({before:Int64}, 'UTC')
        AND tenant IN {tenants:Array(String)}
        AND (tenant, trace_id, span_id) IN (
          SELECT tenant, source, item FROM lines_net
          WHERE kind = 'USAGE'
            AND tenant IN {tenants:Array(String)}
            AND event_time >= fromUnixTimestamp64Micro({from:Int64}, 'UTC') - toIntervalDay(1)
            AND event_time < fromUnixTimestamp64Micro({before:Int64}, 'UTC') + toIntervalDay(1)
            AND has(
              arrayZip({tenants:Array(String)}, {workspaces:Array(String)}),
              (toString(tenant), toString(workspace))))""";

  private static final String COUNT = "SELECT toString(count()) FROM span_content WHERE " + EXPIRED;

  /**
   * Rows that are deleted lightly would stay on disk until they merge, which old ones may never.
   */
  private static final String DELETE =
      "ALTER TABLE span_content DELETE IN PARTITION {day:String} WHERE " + EXPIRED;

  private static final long FIRST_PAUSE_MS = 20;
  private static final long LONGEST_PAUSE_MS = 5_000;

  private final Client client;
  private final ContentPolicies policies;
  private final long limitS;

  /**
   * Asks over a client of its own.
   *
   * @param options with the limit of one request; a look that takes longer fails, a deletion is
   *     waited for
   */
  ExpiredContent(ClickHouseOptions options, ContentPolicies policies) {
    this.client = options.client();
    this.policies = policies;
    this.limitS = Math.max(1, options.timeout().toSeconds());
  }

  /**
   * Deletes what must be gone at this instant.
   *
   * @param deleted gets the rows of each deletion, also where a later one fails
   * @throws WriteFailedException when ClickHouse does not answer or refuses, a deletion fails in
   *     it, or the thread is interrupted; whatever is left is found again
   */
  @Override
  public void delete(Instant now, LongConsumer deleted) {
    try {
      awaitMutations();
      for (ExpiredText expired : policies.expired(now)) {
        for (LocalDate day : days(expired)) {
          delete(expired, day, deleted);
        }
      }
    } catch (WriteFailedException e) {
      throw e;
    } catch (RuntimeException e) { // whatever the client throws
      throw new WriteFailedException("deleting text failed: " + ClickHouseBlockWriter.why(e), e);
    }
  }

  /**
   * Waits until nothing is being deleted, which for a big day takes longer than a request may. What
   * is still being deleted would be counted and deleted once more.
   */
  private void awaitMutations() {
    for (long pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
      GenericRecord unfinished = ask(UNFINISHED, Map.of()).get(0);
      if (number(unfinished, 1) == 0) {
        return;
      } else if (number(unfinished, 2) > 0) {
        throw new WriteFailedException("a mutation of span_content fails, see system.mutations");
      }
      try {
        TimeUnit.MILLISECONDS.sleep(pauseMs);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new WriteFailedException("interrupted while text is deleted", e);
      }
    }
  }

  private List<LocalDate> days(ExpiredText expired) {
    return ask(DAYS, expired.parameters()).stream()
        .map(row -> LocalDate.parse(row.getString(1)))
        .toList();
  }

  private void delete(ExpiredText expired, LocalDate day, LongConsumer deleted) {
    Map<String, Object> parameters = expired.parameters(day);
    long rows = number(ask(COUNT, parameters).get(0), 1);
    if (rows > 0) {
      ask(DELETE, parameters);
      awaitMutations();
      deleted.accept(rows);
      LOGGER
          .atInfo()
          .addKeyValue("day", day)
          .addKeyValue("rows", rows)
          .log("deleted text that its workspaces keep no longer");
    }
  }

  private List<GenericRecord> ask(String sql, Map<String, Object> parameters) {
    QuerySettings settings =
        new QuerySettings()
            .serverSetting("max_execution_time", Long.toString(limitS))
            .serverSetting("timeout_overflow_mode", "throw")
            .serverSetting("read_overflow_mode", "throw")
            .serverSetting("set_overflow_mode", "throw")
            .serverSetting("use_query_cache", "0")
            // Replicated tables refuse subqueries otherwise, since a replica may lag.
            .serverSetting("allow_nondeterministic_mutations", "1")
            .serverSetting("mutations_sync", "0");
    return client.queryAll(sql, parameters, settings);
  }

  private static long number(GenericRecord row, int column) {
    return Long.parseLong(row.getString(column));
  }

  @Override
  public void close() {
    client.close();
  }
}
