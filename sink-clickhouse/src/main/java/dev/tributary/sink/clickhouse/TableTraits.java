package dev.tributary.sink.clickhouse;

import com.clickhouse.client.api.query.GenericRecord;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How a table keeps what is inserted, as the server says; what whoever looks for rows must know.
 *
 * @param engine as {@code ReplacingMergeTree}
 * @param partitionKey as {@code toYYYYMM(event_time)}
 * @param ttl the expression; empty: none
 * @param hasViews whether materialized views take what is inserted
 * @param rows how many it has, also those that this user must not see and those that were deleted
 *     and are not merged away; empty: the server does not say
 */
record TableTraits(
    String engine, String partitionKey, String ttl, boolean hasViews, OptionalLong rows) {
  private static final String SQL =
      """
      SELECT engine, partition_key, extract(engine_full, ' TTL (.*?)(?: SETTINGS |$)'),
        toString(length(dependencies_table)), toString(total_rows)
      FROM system.tables WHERE database = currentDatabase() AND name = '%s'""";

  /** Functions under which times stay in order, of one column. */
  private static final Pattern PARTITION =
      Pattern.compile("(toYYYYMM|toYYYYMMDD|toDate|toMonday|toStartOf\\w+)\\((\\w+)\\)");

  private static final Pattern TTL =
      Pattern.compile("toDateTime\\((\\w+)\\) \\+ toIntervalDay\\((\\d{1,5})\\)");

  /** The question whose answer {@link #of} reads. */
  static String sql(String table) {
    return SQL.formatted(table);
  }

  /** Empty: there is no such table. */
  static Optional<TableTraits> of(List<GenericRecord> answer) {
    return answer.stream()
        .findFirst()
        .map(
            row ->
                new TableTraits(
                    row.getString(1),
                    row.getString(2),
                    row.getString(3),
                    !row.getString(4).equals("0"),
                    number(row.getString(5))));
  }

  private static OptionalLong number(@Nullable String text) {
    return text == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(text));
  }

  /** The column of time by which the table is partitioned; empty: another key. */
  Optional<String> timeColumn() {
    Matcher matcher = PARTITION.matcher(partitionKey);
    return matcher.matches() ? Optional.of(matcher.group(2)) : Optional.empty();
  }

  /** The partition of a time, where there is a {@link #timeColumn}. */
  String partitionOf(String time) {
    return partitionKey.substring(0, partitionKey.indexOf('(') + 1) + time + ")";
  }

  /** Days for which a row is kept from its time on; empty: the TTL says something else. */
  Optional<Integer> daysKept() {
    Matcher matcher = TTL.matcher(ttl);
    return matcher.matches() && timeColumn().filter(matcher.group(1)::equals).isPresent()
        ? Optional.of(Integer.parseInt(matcher.group(2)))
        : Optional.empty();
  }
}
