package dev.tributary.sink.clickhouse;

import dev.tributary.runtime.config.CommonSettings;
import dev.tributary.runtime.config.ConfigException;
import dev.tributary.runtime.config.Setting;
import dev.tributary.runtime.config.Settings;
import dev.tributary.runtime.http.HttpValues;
import dev.tributary.sink.clickhouse.core.BlockLimits;
import dev.tributary.sink.clickhouse.core.ContentPolicies;
import dev.tributary.sink.clickhouse.core.SinkLayouts;
import dev.tributary.sink.clickhouse.core.TopicLayout;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How the sink loads. Every value was checked.
 *
 * @param clickHouse where ClickHouse is
 * @param group consumer group; it owns the offsets and the intents
 * @param layouts topics to load and their tables
 * @param limits when a block is cut
 * @param maxBufferedBytes bytes of columns held at a time, all partitions together; beyond it open
 *     blocks are cut and nothing more is read
 * @param inserters inserts under way at a time
 * @param retryFirst pause after a failed attempt; doubles up to {@code retryMost}
 * @param retryMost longest pause
 * @param quarantineAfter attempts that ClickHouse refuses for the block's content before the block
 *     goes to the dead-letter topic
 * @param contentRetention how long text is kept in {@code span_content}
 * @param contentPolicies workspaces whose text is kept shorter
 * @param lostRange what to do where records went by retention before they were loaded
 */
public record SinkConfig(
    ClickHouseOptions clickHouse,
    String group,
    List<TopicLayout> layouts,
    BlockLimits limits,
    long maxBufferedBytes,
    int inserters,
    Duration retryFirst,
    Duration retryMost,
    int quarantineAfter,
    Duration contentRetention,
    ContentPolicies contentPolicies,
    LostRange lostRange) {

  /** Name of the application in metrics and health checks. */
  public static final String NAME = "sink-clickhouse";

  private static final String KEY = "tributary.sink.";

  public static final Setting<String> URL =
      Setting.text(KEY + "clickhouse-url", "http://localhost:8123", "ClickHouse's HTTP interface")
          .check(HttpValues::isAddress, "http://host:port or https://host:port");

  public static final Setting<String> USER =
      Setting.text(KEY + "clickhouse-user", "default", "ClickHouse user; may create the tables");

  public static final Setting<Optional<String>> PASSWORD =
      Setting.secret(KEY + "clickhouse-password", "Password of the user");

  public static final Setting<String> DATABASE =
      Setting.text(KEY + "database", "tributary", "Database of the tables; made when missing")
          .check(
              text -> text.matches("[A-Za-z_][A-Za-z0-9_]{0,62}"),
              "letters, digits, `_`, at most 63");

  public static final Setting<Duration> TIMEOUT =
      Setting.duration(
              KEY + "request-timeout",
              "60s",
              "Limit of one request; a slower insert is retried under the same token")
          .atLeast(Duration.ofSeconds(1));

  public static final Setting<String> GROUP =
      Setting.text(
              KEY + "group",
              "tributary-sink-clickhouse",
              "Consumer group; owns the offsets and the intents. Another group loads everything"
                  + " again and doubles it, unless the database is another too")
          .check(text -> text.matches("[a-zA-Z0-9._-]{1,200}"), "letters, digits, `.`, `_`, `-`");

  public static final Setting<List<String>> TOPICS =
      Setting.list(
          KEY + "topics",
          "",
          "Topics to load, names of the catalogue without prefix; empty: every one that has a"
              + " table");

  public static final Setting<Integer> BLOCK_ROWS =
      Setting.integer(KEY + "block-rows", 20_000, "Records after which a block is cut")
          .atLeast(1)
          .atMost(1_000_000);

  public static final Setting<Long> BLOCK_BYTES =
      Setting.bytes(KEY + "block-bytes", "32MiB", "Bytes of columns after which a block is cut")
          .atLeast(1024L)
          .atMost(128L << 20);

  public static final Setting<Duration> BLOCK_AGE =
      Setting.duration(
              KEY + "block-age",
              "1s",
              "Age of the oldest record after which a block is cut; the delay of a quiet topic")
          .atLeast(Duration.ofMillis(10))
          .atMost(Duration.ofMinutes(1));

  public static final Setting<Long> BUFFER =
      Setting.bytes(
              KEY + "buffer-size",
              "256MiB",
              "Columns held at a time, all partitions together; beyond it nothing more is"
                  + " read but announced blocks, one at a time")
          .atLeast(1L << 20);

  public static final Setting<Integer> INSERTERS =
      Setting.integer(KEY + "inserters", 2, "Inserts under way at a time").atLeast(1).atMost(64);

  public static final Setting<Duration> RETRY_FIRST =
      Setting.duration(KEY + "retry-first", "200ms", "Pause after a failed insert; doubles")
          .atLeast(Duration.ofMillis(1));

  public static final Setting<Duration> RETRY_MOST =
      Setting.duration(KEY + "retry-most", "15s", "Longest pause between attempts")
          .atLeast(Duration.ofMillis(1));

  public static final Setting<Integer> QUARANTINE_AFTER =
      Setting.integer(
              KEY + "quarantine-after",
              5,
              "Attempts that ClickHouse refuses for the block's content before its records go to"
                  + " the dead-letter topic; an unreachable or full server is waited for without"
                  + " limit")
          .atLeast(1);

  public static final Setting<Duration> CONTENT_RETENTION =
      Setting.duration(
              KEY + "content-retention",
              "14d",
              "How long text is kept in `span_content`, from the span's end")
          .atLeast(Duration.ofDays(1))
          // ClickHouse drops whole days: part of one would be cut off, and text go before its time.
          .check(kept -> Duration.ofDays(kept.toDays()).equals(kept), "whole days");

  /** Text is looked for once an hour: a shorter promise could not be kept. */
  private static final Duration LEAST_CONTENT = ContentRounds.PERIOD;

  public static final Setting<Map<String, Duration>> CONTENT_POLICIES =
      Setting.durations(
          KEY + "content-retention-by-workspace",
          "",
          "Workspaces whose text is kept shorter: `tenant/workspace=3d`, at least 1h, at most"
              + " `content-retention`; a comma in a name is `%2C`, a percent sign `%25`");

  public static final Setting<LostRange> LOST_RANGE =
      Setting.choice(
          KEY + "lost-range",
          LostRange.class,
          LostRange.STOP,
          "Where records went by retention before they were loaded: stop, or go on and count them");

  private static final List<Setting<?>> OWN =
      List.of(
          URL,
          USER,
          PASSWORD,
          DATABASE,
          TIMEOUT,
          GROUP,
          TOPICS,
          BLOCK_ROWS,
          BLOCK_BYTES,
          BLOCK_AGE,
          BUFFER,
          INSERTERS,
          RETRY_FIRST,
          RETRY_MOST,
          QUARANTINE_AFTER,
          CONTENT_RETENTION,
          CONTENT_POLICIES,
          LOST_RANGE);

  public SinkConfig {
    layouts = List.copyOf(layouts);
    if (retryMost.compareTo(retryFirst) < 0) {
      throw new ConfigException(
          RETRY_MOST.key()
              + " = "
              + retryMost
              + ": at least "
              + RETRY_FIRST.key()
              + " = "
              + retryFirst);
    }
  }

  /** The sink's own settings, in the order of the README. */
  public static List<Setting<?>> settings() {
    return OWN;
  }

  /** All settings of a process that runs only the sink. */
  public static List<Setting<?>> allSettings() {
    return CommonSettings.ofClient(OWN);
  }

  /**
   * The configuration in the settings.
   *
   * @throws ConfigException naming the setting, its value and what is allowed
   */
  public static SinkConfig from(Settings settings) {
    return new SinkConfig(
        new ClickHouseOptions(
            settings.get(URL),
            settings.get(USER),
            settings.get(PASSWORD).orElse(""),
            settings.get(DATABASE),
            settings.get(TIMEOUT)),
        settings.get(GROUP),
        layouts(settings.get(TOPICS)),
        new BlockLimits(
            settings.get(BLOCK_ROWS),
            settings.get(BLOCK_BYTES),
            settings.get(BLOCK_AGE).toMillis()),
        settings.get(BUFFER),
        settings.get(INSERTERS),
        settings.get(RETRY_FIRST),
        settings.get(RETRY_MOST),
        settings.get(QUARANTINE_AFTER),
        settings.get(CONTENT_RETENTION),
        contentPolicies(settings),
        settings.get(LOST_RANGE));
  }

  private static ContentPolicies contentPolicies(Settings settings) {
    Duration most = settings.get(CONTENT_RETENTION);
    Map<String, Duration> written = settings.get(CONTENT_POLICIES);
    written.forEach(
        (workspace, kept) -> {
          if (kept.compareTo(LEAST_CONTENT) < 0 || kept.compareTo(most) > 0) {
            throw new ConfigException(
                "%s = %s=%s; allowed: at least %s, at most %s = %s"
                    .formatted(
                        CONTENT_POLICIES.key(),
                        workspace,
                        CONTENT_RETENTION.print(kept),
                        CONTENT_RETENTION.print(LEAST_CONTENT),
                        CONTENT_RETENTION.key(),
                        CONTENT_RETENTION.print(most)));
          }
        });
    try {
      return ContentPolicies.of(written);
    } catch (IllegalArgumentException e) {
      throw new ConfigException(CONTENT_POLICIES.key() + " = " + e.getMessage(), e);
    }
  }

  private static List<TopicLayout> layouts(List<String> names) {
    if (names.isEmpty()) {
      return SinkLayouts.all();
    }
    List<String> known = SinkLayouts.all().stream().map(TopicLayout::topic).toList();
    for (String name : names) {
      if (!known.contains(name)) {
        throw new ConfigException(TOPICS.key() + " = " + name + "; allowed: " + known);
      }
    }
    return SinkLayouts.all().stream().filter(layout -> names.contains(layout.topic())).toList();
  }
}
