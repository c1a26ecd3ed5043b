package dev.tributary.sink.clickhouse;

import dev.tributary.runtime.metrics.InputMetrics;
import dev.tributary.runtime.metrics.MetricNames;
import dev.tributary.runtime.metrics.ModuleMetrics;
import dev.tributary.sink.clickhouse.core.PartitionLoad.Block;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counters and what {@link SinkStatus} shows. Written by the loading thread, read by any. */
final class SinkMetrics {
  /** Rows acknowledged by ClickHouse, by table. */
  static final String ROWS = "tributary.sink.rows";

  /** Blocks acknowledged, by topic and partition. */
  static final String BLOCKS = "tributary.sink.blocks";

  /** Attempts that failed and are made again, by topic and partition. */
  static final String RETRIES = "tributary.sink.retries";

  /** Offsets that went by retention before they were loaded, by topic. */
  static final String LOST_OFFSETS = "tributary.sink.lost.offsets";

  /** Committed records that are not in ClickHouse, by topic and partition. */
  static final String LAG = "tributary.sink.lag.records";

  /** Looks for the rows of a block that was inserted again, by table and what was found. */
  static final String REPEATS = "tributary.sink.repeats";

  /** Rows of text that were deleted before the table's own retention, for their workspaces. */
  static final String CONTENT_DELETED = "tributary.sink.content.deleted";

  /** Text that had to be gone at this instant is, in seconds since the epoch. */
  static final String CONTENT_DELETED_UNTIL = "tributary.sink.content.deleted.until.s";

  private static final Logger LOGGER = LoggerFactory.getLogger(SinkMetrics.class);
  private static final long LAG_INTERVAL_NS = 500_000_000L;

  private final ModuleMetrics metrics;
  private final Map<TopicPartition, AtomicLong> lags = new ConcurrentHashMap<>();
  private final Map<String, AtomicLong> rows = new ConcurrentHashMap<>();
  private final Map<String, String> troubles = new ConcurrentHashMap<>();
  private final AtomicLong contentDeletedUntilS = new AtomicLong();
  private long lagAtNs = System.nanoTime() - LAG_INTERVAL_NS;

  SinkMetrics(MeterRegistry registry) {
    this.metrics = new ModuleMetrics(registry, SinkConfig.NAME);
  }

  InputMetrics input(TopicPartition partition) {
    return metrics.input(partition.topic(), partition.partition());
  }

  void loaded(PartitionWork work, Block<OpenBlock> block) {
    troubles.remove(work.partition().toString());
    if (block.payload().isQuarantined()) {
      return;
    }
    counter(BLOCKS, work.partition()).increment();
    for (String table : block.payload().data().layout().tables()) {
      int count = block.payload().data().rows(table);
      metrics.counter(ROWS, "table", table).increment(count);
      rows.computeIfAbsent(table, name -> new AtomicLong()).addAndGet(count);
    }
  }

  void failed(PartitionWork work, Block<OpenBlock> block, RuntimeException failure, long pauseMs) {
    counter(RETRIES, work.partition()).increment();
    metrics.error("insert");
    troubles.put(work.partition().toString(), String.valueOf(failure.getMessage()));
    LOGGER
        .atWarn()
        .addKeyValue("topic", work.partition().topic())
        .addKeyValue("partition", work.partition().partition())
        .addKeyValue("first", block.intent().first())
        .addKeyValue("last", block.intent().last())
        .addKeyValue("pause_ms", pauseMs)
        .addKeyValue("reason", failure.getMessage())
        .log("insert failed; the same block is tried again");
  }

  /** Rows that the server lost were inserted. Called by inserting threads, as is the next. */
  void restored(String table, BlockRange range) {
    repeated(table, "restored");
    LOGGER
        .atWarn()
        .addKeyValue("table", table)
        .addKeyValue("rows", range.condition())
        .log("ClickHouse had the token of an insert and none of its rows; they were inserted anew");
  }

  /** Somebody looked for the rows of a block that was inserted again. */
  void looked(String table, BlockRange range, LostRows.Answer answer) {
    switch (answer.found()) {
      case ALL -> repeated(table, "there");
      case REPEATABLE -> repeated(table, "repeated");
      case SAFE -> {}
      case UNKNOWN -> {
        repeated(table, "unknown");
        LOGGER
            .atWarn()
            .addKeyValue("table", table)
            .addKeyValue("rows", range.condition())
            .addKeyValue("reason", answer.why())
            .log("an insert was made again, and nobody knows whether its rows are there");
      }
      case NONE, PART -> {
        repeated(table, "missing");
        LOGGER
            .atError()
            .addKeyValue("table", table)
            .addKeyValue("rows", range.condition())
            .addKeyValue("found", answer.why())
            .log(
                "ClickHouse does not have the rows of an insert as they were sent: see the runbook");
      }
    }
  }

  private void repeated(String table, String rows) {
    metrics.counter(REPEATS, "table", table, "rows", rows).increment();
  }

  /** Text will be looked for from now on: the first round may fail, and must show. */
  void contentIsLookedFor(Instant now) {
    contentDeletedUntilS.set(now.getEpochSecond());
    metrics.counter(CONTENT_DELETED).increment(0);
    metrics.gauge(CONTENT_DELETED_UNTIL, contentDeletedUntilS, AtomicLong::doubleValue);
  }

  void contentDeleted(long rows) {
    metrics.counter(CONTENT_DELETED).increment((double) rows);
  }

  /** Nothing is left that had to be gone at this instant. */
  void contentDeletedUntil(Instant now) {
    contentDeletedUntilS.set(now.getEpochSecond());
  }

  void error(String stage, Exception e) {
    metrics.error(stage);
    LOGGER
        .atWarn()
        .addKeyValue("stage", stage)
        .addKeyValue("reason", e.getClass().getSimpleName() + ": " + e.getMessage())
        .log("fault; trying again");
  }

  void lost(TopicPartition partition, long offsets) {
    metrics.counter(LOST_OFFSETS, "topic", partition.topic()).increment((double) offsets);
  }

  /** A partition that was given up is in no trouble any more. */
  void forget(TopicPartition partition) {
    troubles.remove(partition.toString());
  }

  private Counter counter(String name, TopicPartition partition) {
    return metrics.counter(name, labels(partition));
  }

  private static String[] labels(TopicPartition partition) {
    return new String[] {
      MetricNames.TOPIC, partition.topic(),
      MetricNames.PARTITION, Integer.toString(partition.partition())
    };
  }

  /** Notes how far behind each partition is, twice a second; one that was given up is not. */
  void lag(Collection<PartitionWork> partitions, Consumer<byte[], byte[]> consumer) {
    long nowNs = System.nanoTime();
    if (nowNs - lagAtNs < LAG_INTERVAL_NS) {
      return;
    }
    lagAtNs = nowNs;
    Map<TopicPartition, Long> now = new HashMap<>();
    for (PartitionWork work : partitions) {
      OptionalLong unread = consumer.currentLag(work.partition());
      now.put(work.partition(), work.waiting() + unread.orElse(0));
    }
    lags.forEach((partition, lag) -> lag.set(now.getOrDefault(partition, 0L)));
    now.forEach((partition, lag) -> gauge(partition).set(lag));
  }

  private AtomicLong gauge(TopicPartition partition) {
    return lags.computeIfAbsent(
        partition,
        of -> {
          AtomicLong lag = new AtomicLong();
          metrics.gauge(LAG, lag, AtomicLong::doubleValue, labels(of));
          return lag;
        });
  }

  Map<String, Long> lagByTopic() {
    Map<String, Long> sums = new TreeMap<>();
    lags.forEach((partition, lag) -> sums.merge(partition.topic(), lag.get(), Long::sum));
    return Map.copyOf(sums);
  }

  Map<String, Long> rowsByTable() {
    return snapshot(rows);
  }

  /** A partition that waits for ClickHouse, and why; null: none does. */
  @Nullable String trouble() {
    return troubles.isEmpty() ? null : troubles.toString();
  }

  private static Map<String, Long> snapshot(Map<String, AtomicLong> values) {
    Map<String, Long> copy = new TreeMap<>();
    values.forEach((name, value) -> copy.put(name, value.get()));
    return Map.copyOf(copy);
  }
}
