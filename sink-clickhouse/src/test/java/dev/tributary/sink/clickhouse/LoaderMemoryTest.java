package dev.tributary.sink.clickhouse;

import static dev.tributary.sink.clickhouse.LoaderHarness.OTHER_SCHEMA;
import static dev.tributary.sink.clickhouse.LoaderHarness.SCHEMA;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** What the loader does where the columns of all its partitions are more than it may hold. */
final class LoaderMemoryTest {
  private static final long ROUND_MS = 5;

  /** Records whose columns are more than a mebibyte together. */
  private static final int MORE_THAN_FITS = 4_000;

  /** Records whose columns are less than that. */
  private static final int FITS = 500;

  /** Blocks are cut where memory is full, and for no other reason. */
  private final LoaderHarness harness =
      new LoaderHarness(
          LostRange.STOP,
          Map.of(
              SinkConfig.BLOCK_ROWS.key(), "100000",
              SinkConfig.BLOCK_AGE.key(), "1m",
              SinkConfig.BUFFER.key(), "1MiB"));

  private static TopicPartition partition(int number) {
    return new TopicPartition("llm.ledger.v1", number);
  }

  @Test
  void step_memoryIsFull_allOpenBlocksAreCut_andNothingIsReadUntilTheyAreLoaded() {
    // Given
    harness.assign(0, 1);
    harness.holdInserts();
    harness.arrive(0, SCHEMA, MORE_THAN_FITS);
    harness.arrive(1, SCHEMA, 1);
    harness.rounds(2, ROUND_MS);
    assertThat(harness.consumer().paused()).containsOnly(partition(0), partition(1));

    // When
    harness.arrive(1, SCHEMA, 2);
    harness.rounds(5, ROUND_MS);
    assertThat(harness.consumer().position(partition(1))).isEqualTo(1);
    harness.letInsertsGo();
    harness.rounds(5, ROUND_MS);

    // Then
    assertThat(harness.blocks())
        .containsExactlyInAnyOrder(
            "llm.ledger.v1-0-0-" + (MORE_THAN_FITS - 1) + "-v1 rows=" + MORE_THAN_FITS,
            "llm.ledger.v1-1-0-0-v1 rows=1");
    assertThat(harness.consumer().paused()).isEmpty();
    assertThat(harness.consumer().position(partition(1))).isEqualTo(3);
  }

  @Test
  void step_memoryHasRoom_nothingIsCut() {
    harness.assign(0);
    harness.arrive(0, SCHEMA, FITS);
    harness.rounds(5, ROUND_MS);

    assertThat(harness.committed(0)).isNull();
    assertThat(harness.consumer().paused()).isEmpty();
  }

  /** The record has joined its block, whose bounds would count it, and has no row there yet. */
  @Test
  void step_memoryIsFull_blockWhoseRecordWaitsForItsSchema_isNotCut() {
    // Given
    harness.assign(0, 1);
    harness.registryAwayFor(OTHER_SCHEMA);
    harness.arrive(0, SCHEMA, 1);
    harness.arrive(0, OTHER_SCHEMA, 1);
    harness.rounds(2, ROUND_MS);

    // When
    harness.arrive(1, SCHEMA, MORE_THAN_FITS);
    harness.rounds(3, ROUND_MS);
    harness.registryAwayFor(0);
    harness.rounds(3, 60_000);

    // Then
    assertThat(harness.blocks()).contains("llm.ledger.v1-0-0-1-v1 rows=2");
  }

  /**
   * As where one member takes over from several, or its memory was made smaller: an announced block
   * cannot be cut, so each has to be read to its end, one after the other.
   */
  @Test
  void step_announcedBlocksAreMoreThanMemoryHolds_eachIsLoadedAsAnnounced() {
    // Given: two blocks announced by somebody with more memory, and not loaded
    harness.announce(0, MORE_THAN_FITS);
    harness.announce(1, MORE_THAN_FITS);
    harness.assign(0, 1, 2);

    // When
    answerInTenths(6);
    assertThat(harness.consumer().paused()).as("all but one").hasSize(2);
    answerInTenths(4);
    harness.arrive(2, SCHEMA, 1);
    harness.rounds(20, ROUND_MS);

    // Then
    assertThat(harness.blocks())
        .contains(
            "llm.ledger.v1-0-0-" + (MORE_THAN_FITS - 1) + "-v1 rows=" + MORE_THAN_FITS,
            "llm.ledger.v1-1-0-" + (MORE_THAN_FITS - 1) + "-v1 rows=" + MORE_THAN_FITS);
    assertThat(harness.consumer().paused()).isEmpty();
    assertThat(harness.consumer().position(partition(2))).isEqualTo(1);
  }

  /** The brokers send this many more tenths of both blocks, both at a time. */
  private void answerInTenths(int tenths) {
    for (int i = 0; i < tenths; i++) {
      harness.arrive(0, SCHEMA, MORE_THAN_FITS / 10);
      harness.arrive(1, SCHEMA, MORE_THAN_FITS / 10);
      harness.rounds(2, ROUND_MS);
    }
  }
}
