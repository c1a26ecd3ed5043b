package dev.tributary.sink.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tributary.runtime.testing.ChildProcess;
import dev.tributary.runtime.testing.Generator;
import dev.tributary.runtime.testing.Seeds;
import java.math.BigDecimal;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The loader stands still (SIGSTOP) for longer than its group waits for it, and goes on in the
 * middle of its protocol when another one has long loaded its partitions.
 */
final class SinkStandstillIT {
  private static final long SEED = Seeds.one();
  private static SinkFixture fixture;
  private static LedgerFeed feed;
  private static LoaderRuns runs;

  @BeforeAll
  static void start() {
    fixture =
        SinkFixture.start(2)
            .with(SinkConfig.TOPICS.key(), "llm.ledger.v1")
            .with(SinkConfig.BLOCK_AGE.key(), "50ms");
    feed = new LedgerFeed(fixture, new Generator(SEED));
    runs = new LoaderRuns(fixture, feed);
  }

  @AfterAll
  static void stop() {
    if (fixture != null) {
      feed.close();
      fixture.close();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "before_intent, " + FaultPoints.BEFORE_INTENT + ", " + FaultPoints.AFTER_INSERT,
    "before_insert, " + FaultPoints.BEFORE_INSERT + ", " + FaultPoints.AFTER_INSERT,
    "before_end, " + FaultPoints.BEFORE_END + ", " + FaultPoints.AFTER_END
  })
  void load_goesOnAfterItsSession_nothingLostNothingTwice(String name, String step, String later)
      throws InterruptedException {
    // Given
    runs.use(name);
    try (ChildProcess late = runs.child(step, 1, true)) {
      late.awaitLine(LoaderChildMain.REACHED, LoaderRuns.TIMEOUT);
      late.pause();
      runs.drain(name);

      // When
      late.sendLine();
      late.resume();
      feed.write(1_000);

      // Then
      late.awaitLine(LoaderChildMain.LATER + later, LoaderRuns.TIMEOUT);
      awaitLoaded(name);
      assertThat(late.isAlive()).isTrue();
    }
    runs.drain(name);
    SinkIT.assertLoaded(fixture, name, feed, SEED);
  }

  /**
   * Negative control: without the intent the other loader cuts other blocks, under other tokens.
   */
  @Test
  void load_goesOnWithoutIntents_isNotExact() throws InterruptedException {
    // Given
    runs.use("forgetful");
    fixture.with(SinkConfig.BLOCK_ROWS.key(), "700");
    try (ChildProcess late = runs.child(FaultPoints.BEFORE_INSERT, 0, false)) {
      late.awaitLine(LoaderChildMain.REACHED, LoaderRuns.TIMEOUT);
      late.pause();
      fixture.with(SinkConfig.BLOCK_ROWS.key(), "901");
      runs.drain("forgetful");

      // When
      late.sendLine();
      late.resume();
      late.awaitLine(LoaderChildMain.LATER + FaultPoints.AFTER_INSERT, LoaderRuns.TIMEOUT);
    }

    // Then
    assertThat(runs.count("forgetful")).as("seed %d", SEED).isGreaterThan(feed.committedEntries());
    assertThat(
            new BigDecimal(fixture.ask("select toString(sum(sign * cost)) from forgetful.ledger")))
        .as("seed %d", SEED)
        .isNotEqualByComparingTo(feed.cost());
  }

  private static void awaitLoaded(String database) {
    await("the loader that went on takes part again")
        .atMost(LoaderRuns.TIMEOUT)
        .until(() -> runs.count(database) >= feed.committedEntries());
  }
}
