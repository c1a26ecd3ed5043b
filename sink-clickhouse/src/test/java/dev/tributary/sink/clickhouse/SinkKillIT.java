package dev.tributary.sink.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tributary.runtime.testing.ChildProcess;
import dev.tributary.runtime.testing.Generator;
import dev.tributary.runtime.testing.Seeds;
import dev.tributary.sink.clickhouse.core.Intent;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The loader is killed by SIGKILL between any two steps of the protocol. {@code
 * -Dtributary.test.kills=20} is the long form.
 */
final class SinkKillIT {
  private static final List<String> STEPS =
      List.of(
          FaultPoints.BEFORE_INTENT,
          FaultPoints.AFTER_INTENT,
          FaultPoints.BEFORE_INSERT,
          FaultPoints.AFTER_INSERT,
          FaultPoints.BEFORE_END,
          FaultPoints.AFTER_END);
  private static final int LINES = 4_000;

  private static final long SEED = Seeds.one();
  private static final Generator GENERATOR = new Generator(SEED);
  private static SinkFixture fixture;
  private static LedgerFeed feed;
  private static LoaderRuns runs;

  @BeforeAll
  static void start() {
    fixture =
        SinkFixture.start(2)
            .with(SinkConfig.TOPICS.key(), "llm.ledger.v1")
            .with(SinkConfig.BLOCK_AGE.key(), "50ms")
            // A killed member's place is free at once for its successor.
            .with("tributary.kafka.consumer.group.instance.id", "loader");
    feed = new LedgerFeed(fixture, GENERATOR);
    feed.write(LINES);
    runs = new LoaderRuns(fixture, feed);
  }

  @AfterAll
  static void stop() {
    if (fixture != null) {
      feed.close();
      fixture.close();
    }
  }

  @Test
  void load_killedBetweenSteps_nothingLostNothingTwice() throws InterruptedException {
    // Given
    int kills = Integer.getInteger("tributary.test.kills", STEPS.size() + 1);
    runs.use("killed");

    // When
    for (int i = 0; i < kills; i++) {
      if (i < STEPS.size() || GENERATOR.chance(60)) {
        killAt(STEPS.get(i % STEPS.size()), GENERATOR.between(0, 1), true);
      } else {
        killAfter(GENERATOR.between(0, 3_000));
      }
    }
    runs.drain("killed");

    // Then
    SinkIT.assertLoaded(fixture, "killed", feed, SEED);
  }

  /**
   * The server was killed with the loader: it knows the token of what was announced and has none of
   * its rows, for which other rows under that token stand in. It drops what the successor inserts.
   */
  @Test
  void load_killedWithTheServer_nothingLostNothingTwice() throws InterruptedException {
    // Given
    runs.use("lost");
    killAt(FaultPoints.BEFORE_INSERT, 0, true);
    String cluster = KafkaCluster.id(fixture.properties());
    announced("lost")
        .forEach(
            (partition, intent) -> {
              String token = intent.token(cluster, partition.topic(), partition.partition());
              for (String table : List.of("ledger", "calls")) {
                fixture.execute(
                    "INSERT INTO lost.%s (item, event_time, kafka_partition)".formatted(table)
                        + " SETTINGS insert_deduplication_token = '%s'".formatted(token)
                        + " VALUES ('stands in', '2026-01-02 00:00:00', 99)");
              }
            });
    assertThat(fixture.ask("select count() from lost.calls where kafka_partition = 99"))
        .as("the fault, seed %d", SEED)
        .isNotEqualTo("0");

    // When
    runs.drain("lost");

    // Then
    for (String table : List.of("ledger", "calls")) {
      fixture.execute(
          "ALTER TABLE lost."
              + table
              + " DELETE WHERE kafka_partition = 99"
              + " SETTINGS mutations_sync = 1");
    }
    SinkIT.assertLoaded(fixture, "lost", feed, SEED);
  }

  /** The blocks that a group has announced. */
  private static Map<TopicPartition, Intent> announced(String group) throws InterruptedException {
    Map<TopicPartition, Intent> blocks = new HashMap<>();
    try (Admin admin = Admin.create(fixture.properties())) {
      admin
          .listConsumerGroupOffsets(group)
          .partitionsToOffsetAndMetadata()
          .get()
          .forEach(
              (partition, offset) ->
                  Intent.parse(offset.offset(), offset.metadata())
                      .ifPresent(intent -> blocks.put(partition, intent)));
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
    return blocks;
  }

  /** Negative control: a server that forgets tokens doubles what is tried again. */
  @Test
  void load_killedWithoutDeduplicationWindow_isNotExact() throws InterruptedException {
    // Given
    runs.use("windowless");
    killAt(FaultPoints.BEFORE_INTENT, 0, true);
    for (String table : List.of("ledger", "calls")) {
      fixture.execute(
          "ALTER TABLE windowless."
              + table
              + " MODIFY SETTING non_replicated_deduplication_window = 0");
    }

    // When
    killAt(FaultPoints.AFTER_INSERT, 1, true);
    killAt(FaultPoints.AFTER_INSERT, 1, true);
    runs.drain("windowless");

    // Then
    assertThat(runs.count("windowless")).as("seed %d", SEED).isGreaterThan(feed.committedEntries());
  }

  /** Negative control: without the intent the successor cuts other blocks, under other tokens. */
  @Test
  void load_killedWithoutIntents_isNotExact() throws InterruptedException {
    // Given
    runs.use("forgetful");

    // When
    fixture.with(SinkConfig.BLOCK_ROWS.key(), "700");
    killAt(FaultPoints.AFTER_INSERT, 1, false);
    fixture.with(SinkConfig.BLOCK_ROWS.key(), "901");
    killAt(FaultPoints.AFTER_INSERT, 1, false);
    fixture.with(SinkConfig.BLOCK_ROWS.key(), "20000");
    runs.drain("forgetful");

    // Then
    assertThat(
            new BigDecimal(fixture.ask("select toString(sum(sign * cost)) from forgetful.ledger")))
        .as("seed %d", SEED)
        .isNotEqualByComparingTo(feed.cost());
  }

  private static void killAt(String step, int times, boolean keepsIntents)
      throws InterruptedException {
    try (ChildProcess child = runs.child(step, times, keepsIntents)) {
      child.awaitLine(LoaderChildMain.REACHED, LoaderRuns.TIMEOUT);
      child.kill();
    }
  }

  /** At a moment nobody chose. */
  private static void killAfter(int ms) throws InterruptedException {
    try (ChildProcess child = runs.child("never", 0, true)) {
      child.awaitLine(LoaderChildMain.RUNS, LoaderRuns.TIMEOUT);
      feed.write(200);
      await("the moment").pollDelay(Duration.ofMillis(ms)).until(() -> true);
      child.kill();
    }
  }
}
