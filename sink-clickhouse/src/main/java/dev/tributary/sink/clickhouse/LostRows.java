package dev.tributary.sink.clickhouse;

import com.clickhouse.client.api.Client;
import com.clickhouse.client.api.query.GenericRecord;
import com.clickhouse.client.api.query.QuerySettings;
import dev.tributary.sink.clickhouse.core.BlockData;
import dev.tributary.sink.clickhouse.core.TimeRange;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Looks for the rows of an insert that was made again and acknowledged. A server without
 * replication notes an insert's token before it names the part: killed in between, it takes the
 * repetition for a duplicate and has none of the rows (RATIONALE.md). Where anything but their loss
 * may explain that rows are not found, the answer is {@link Found#UNKNOWN}: rows inserted twice
 * would be worse.
 */
final class LostRows {
  /** What was found of a block's rows in a table. */
  enum Found {
    ALL,
    NONE,
    /** Some, or more than there should be. */
    PART,
    /** Nobody needs to look: the table keeps one row of each key, so that they may come twice. */
    REPEATABLE,
    /** Nobody needs to look: the server notes tokens with the parts. */
    SAFE,
    UNKNOWN
  }

  /** An answer and its reason. */
  record Answer(Found found, String why) {}

  private static final long SECOND_US = 1_000_000L;
  private static final long HOUR_US = 3_600_000_000L;

  /** 2100: functions of time in keys overflow some years later. */
  private static final long LATEST_US = 4_102_444_800_000_000L;

  /** Rows, and whether the earliest is kept for sure. */
  private static final String APPENDED =
      "SELECT toString(count()), toString(%3$s) FROM %1$s WHERE %2$s";

  private static final String COUNT = "SELECT toString(count()) FROM %s";

  /** A table whose number of rows changes in each of them is looked at again later. */
  private static final int MOST_COUNTS = 5;

  /**
   * Merges take a retraction away with what it retracts. An entry that is alone with its revision
   * in the audit has nothing to go with, so it must be there by itself: how many the block has, how
   * many of them the table has, how many rows of the block whatsoever, how many the audit has, and
   * whether all lie in one partition.
   */
  private static final String COLLAPSING =
      """
      WITH
        alone AS (
          SELECT tenant, kind, source, item, revision FROM ledger
          WHERE %4$s AND (tenant, kind, source, item, revision)
            IN (SELECT tenant, kind, source, item, revision FROM ledger WHERE %2$s)
          GROUP BY tenant, kind, source, item, revision
          HAVING count() = 1 AND any(sign) = 1)
      SELECT
        (SELECT toString(count()) FROM alone),
        toString(countIf((tenant, kind, source, item, revision) IN (SELECT * FROM alone))),
        toString(count()),
        (SELECT toString(count()) FROM ledger WHERE %2$s),
        toString(%3$s)
      FROM %1$s WHERE %2$s""";

  private final Client client;
  private final Optional<Duration> leastContent;
  private final long limitS;

  /**
   * Asks over this client.
   *
   * @param leastContent how long text is kept at least, where a workspace keeps it shorter than the
   *     table
   * @param timeoutMs limit of one request; the server ends a look in half of it
   */
  LostRows(Client client, Optional<Duration> leastContent, long timeoutMs) {
    this.client = client;
    this.leastContent = leastContent;
    this.limitS = Math.max(1, timeoutMs / 2_000);
  }

  /**
   * Looks for a block's rows.
   *
   * @throws LookFailedException the server does not answer, or refuses to
   */
  Answer look(BlockData block, String table, BlockRange range) {
    try {
      return traits(table)
          .map(traits -> look(block, table, range, traits))
          .orElse(unknown("the database has no such table"));
    } catch (RuntimeException e) { // whatever the client throws
      throw new LookFailedException(
          "no answer where the rows are that "
              + table
              + " took again: "
              + ClickHouseBlockWriter.why(e),
          e);
    }
  }

  private Answer look(BlockData block, String table, BlockRange range, TableTraits traits) {
    String engine = traits.engine();
    if (engine.startsWith("Replicated") || engine.startsWith("Shared")) {
      return new Answer(Found.SAFE, engine);
    }
    if (traits.hasViews()) {
      return unknown("a materialized view may have taken the rows, and would take them twice");
    }
    if (engine.equals("ReplacingMergeTree")) {
      return new Answer(Found.REPEATABLE, engine);
    }
    Optional<TimeRange> times = traits.timeColumn().flatMap(column -> block.times(table, column));
    if (times.isEmpty() || times.get().firstUs() < 0 || times.get().lastUs() >= LATEST_US) {
      return unknown("no range of times to look in");
    }
    Answer answer =
        switch (engine) {
          case "MergeTree" -> appended(table, block.rows(table), range, traits, times.get());
          case "VersionedCollapsingMergeTree" ->
              collapsing(table, block.rows(table), range, traits, times.get());
          default -> unknown("engine " + engine);
        };
    return answer.found() == Found.NONE && !seesAll(table, traits)
        ? unknown("rows may be hidden from the user, or deleted")
        : answer;
  }

  private boolean seesAll(String table, TableTraits traits) {
    return seesAll(
        traits.rows(),
        () -> number(ask(COUNT.formatted(table)), 1),
        () -> traits(table).map(TableTraits::rows).orElse(OptionalLong.empty()));
  }

  /**
   * Whether a count finds every row of a table: a row policy hides some, say. Inserts add rows
   * meanwhile and merges take some away, so a count says something only where the number of rows is
   * the same before and after it.
   *
   * @param before the number of rows so far
   * @param count what the user sees
   * @param rows the number of rows now; empty: the server does not say
   */
  static boolean seesAll(OptionalLong before, LongSupplier count, Supplier<OptionalLong> rows) {
    OptionalLong last = before;
    for (int i = 0; i < MOST_COUNTS; i++) {
      if (last.isEmpty()) {
        return false;
      }
      long seen = count.getAsLong();
      OptionalLong now = rows.get();
      if (last.equals(now)) {
        return seen == now.getAsLong();
      }
      last = now;
    }
    throw new IllegalStateException("the number of its rows changes in every count");
  }

  private Optional<TableTraits> traits(String table) {
    return TableTraits.of(client.queryAll(TableTraits.sql(table), settings()));
  }

  private Answer appended(
      String table, int rows, BlockRange range, TableTraits traits, TimeRange times) {
    String kept = "1";
    if (!traits.ttl().isEmpty()) {
      Optional<Integer> days = traits.daysKept();
      if (days.isEmpty()) {
        return unknown("TTL " + traits.ttl());
      }
      kept =
          "toDateTime(%s) + toIntervalSecond(%d) > now() + toIntervalHour(1)"
              .formatted(time(times.firstUs()), keptS(table, days.get()));
    }
    GenericRecord answer = ask(APPENDED.formatted(table, where(range, traits, times), kept));
    long found = number(answer, 1);
    if (found == rows) {
      return new Answer(Found.ALL, "");
    } else if (number(answer, 2) == 0) {
      return unknown("its time to live may be over");
    }
    return new Answer(found == 0 ? Found.NONE : Found.PART, found + " of " + rows);
  }

  /** How long the table keeps each of its rows at least. */
  private long keptS(String table, int days) {
    Duration whole = Duration.ofDays(days);
    return leastContent
        .filter(least -> table.equals(ExpiredContent.TABLE) && least.compareTo(whole) < 0)
        .orElse(whole)
        .toSeconds();
  }

  private Answer collapsing(
      String table, int rows, BlockRange range, TableTraits traits, TimeRange times) {
    if (!traits.ttl().isEmpty()) {
      return unknown("TTL " + traits.ttl());
    }
    // Entries of one hour meet in merges, whatever their minutes.
    String around = between(traits, times.firstUs() - HOUR_US, times.lastUs() + HOUR_US);
    String isOnePartition =
        traits.partitionOf(time(times.firstUs()))
            + " = "
            + traits.partitionOf(time(times.lastUs()));
    GenericRecord answer =
        ask(COLLAPSING.formatted(table, where(range, traits, times), isOnePartition, around));
    long alone = number(answer, 1);
    long there = number(answer, 2);
    if (number(answer, 4) != rows) {
      return unknown("the audit has " + number(answer, 4) + " of " + rows);
    } else if (alone == 0) {
      return unknown("all of it may have merged with its retractions");
    } else if (there == alone) {
      return new Answer(Found.ALL, "");
    }
    // Rows of another partition may be gone by merging: then nobody knows what is missing.
    boolean isNone = number(answer, 3) == 0 && number(answer, 5) == 1;
    return new Answer(isNone ? Found.NONE : Found.PART, there + " of " + alone);
  }

  /**
   * The rows of a block: literal times, so that partitions and the primary key leave out the rest.
   * From a whole second on, since a table that somebody made may keep times less exactly.
   */
  static String where(BlockRange range, TableTraits traits, TimeRange times) {
    long firstUs = times.firstUs() - times.firstUs() % SECOND_US;
    return range.condition() + " AND " + between(traits, firstUs, times.lastUs());
  }

  private static String between(TableTraits traits, long firstUs, long lastUs) {
    return traits.timeColumn().orElseThrow() + " BETWEEN " + time(firstUs) + " AND " + time(lastUs);
  }

  private static String time(long us) {
    return "fromUnixTimestamp64Micro(" + us + ", 'UTC')";
  }

  private GenericRecord ask(String sql) {
    return client.queryAll(sql, settings()).get(0);
  }

  /** Of the user's own settings none may make a partial answer, or an old one. */
  private QuerySettings settings() {
    return new QuerySettings()
        .serverSetting("max_execution_time", Long.toString(limitS))
        .serverSetting("timeout_overflow_mode", "throw")
        .serverSetting("read_overflow_mode", "throw")
        .serverSetting("read_overflow_mode_leaf", "throw")
        .serverSetting("set_overflow_mode", "throw")
        .serverSetting("group_by_overflow_mode", "throw")
        .serverSetting("use_query_cache", "0")
        .serverSetting("final", "0");
  }

  private static long number(GenericRecord row, int column) {
    return Long.parseLong(row.getString(column));
  }

  /** Nobody knows, for this reason. */
  static Answer unknown(String why) {
    return new Answer(Found.UNKNOWN, why);
  }
}
