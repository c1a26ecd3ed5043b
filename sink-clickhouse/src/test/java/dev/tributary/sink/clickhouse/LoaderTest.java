package dev.tributary.sink.clickhouse;

import static dev.tributary.sink.clickhouse.LoaderHarness.OTHER_SCHEMA;
import static dev.tributary.sink.clickhouse.LoaderHarness.SCHEMA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.Meter;
import java.util.Map;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.junit.jupiter.api.Test;

/** One membership, round by round. */
final class LoaderTest {
  private static final long ROUND_MS = 5;

  private final LoaderHarness harness = new LoaderHarness(LostRange.STOP);

  private static WriteFailedException away() {
    return new WriteFailedException("away");
  }

  @Test
  void step_fullBlock_intentThenInsertThenEnd() {
    // Given
    harness.assign(0);
    harness.arrive(0, SCHEMA, 2);

    // When
    harness.rounds(2, ROUND_MS);
    String intent = harness.committed(0).metadata();
    harness.rounds(1, ROUND_MS);

    // Then
    assertThat(intent).isEqualTo("tributary-block 1 last=1 records=2 layout=1");
    assertThat(harness.blocks()).containsExactly("llm.ledger.v1-0-0-1-v1 rows=2");
    assertThat(harness.committed(0).offset()).isEqualTo(2);
    assertThat(harness.committed(0).metadata()).isEmpty();
  }

  @Test
  void step_firstRecordOfABlockIsMalformed_theOthersAreLoaded() {
    // Given
    harness.assign(0);
    harness.arriveCutShort(0, SCHEMA);
    harness.arrive(0, SCHEMA, 1);

    // When
    harness.rounds(3, ROUND_MS);

    // Then
    assertThat(harness.blocks()).containsExactly("llm.ledger.v1-0-0-1-v1 rows=1");
    assertThat(harness.committed(0).offset()).isEqualTo(2);
  }

  /** Its records wait; whoever has only known schemas goes on. */
  @Test
  void step_registryAway_holdsOnlyThePartitionWhoseRecordNeedsIt() {
    // Given
    harness.assign(0, 1, 2);
    harness.registryAwayFor(OTHER_SCHEMA);
    harness.arrive(2, SCHEMA, 2);
    harness.rounds(3, ROUND_MS);
    harness.arrive(0, SCHEMA, 1);
    harness.arrive(0, OTHER_SCHEMA, 1);
    harness.arrive(1, SCHEMA, 2);
    harness.arrive(2, OTHER_SCHEMA, 2);

    // When
    harness.rounds(10, 600);
    int asked = harness.registryAsked();
    harness.rounds(10, ROUND_MS);
    int askedInBetween = harness.registryAsked() - asked;

    // Then
    assertThat(harness.blocks())
        .containsExactly("llm.ledger.v1-2-0-1-v1 rows=2", "llm.ledger.v1-1-0-1-v1 rows=2");
    assertThat(askedInBetween).isLessThanOrEqualTo(1);

    // When
    harness.registryAwayFor(0);
    harness.rounds(5, 600);

    // Then: what has waited longer than a block may is cut at once
    assertThat(harness.blocks())
        .contains(
            "llm.ledger.v1-0-0-1-v1 rows=2",
            "llm.ledger.v1-2-2-2-v1 rows=1",
            "llm.ledger.v1-2-3-3-v1 rows=1");
  }

  /** What nobody attempted is not asked for: tables are large. */
  @Test
  void step_blockThatMayBeThere_isInsertedAsSuch() {
    harness.assign(0);
    harness.arrive(0, SCHEMA, 2);
    harness.rounds(4, ROUND_MS);
    assertThat(harness.blocks()).hasSize(1);
    assertThat(harness.repeated()).as("the first attempt").isEmpty();

    harness.insertFails(away());
    harness.arrive(0, SCHEMA, 2);
    harness.rounds(10, 600);
    assertThat(harness.blocks()).hasSize(2);
    assertThat(harness.repeated()).containsExactly(new BlockRange(0, 2, 3));
  }

  /** A gauge or counter of a partition; NaN: there is none. */
  private double measured(String name, int number) {
    Meter meter = harness.meters().find(name).tag("partition", Integer.toString(number)).meter();
    return meter == null ? Double.NaN : meter.measure().iterator().next().getValue();
  }

  /** One partition that stands still shows beside another that does not. */
  @Test
  void step_onePartitionFails_isMeasuredByItself() {
    harness.assign(0, 1);
    harness.insertFails(away());
    harness.arrive(0, SCHEMA, 2);
    harness.rounds(1, ROUND_MS);
    assertThat(measured(SinkMetrics.LAG, 0)).isEqualTo(2);
    assertThat(measured(SinkMetrics.LAG, 1)).isZero();
    harness.rounds(2, ROUND_MS);
    harness.arrive(1, SCHEMA, 2);
    harness.rounds(3, ROUND_MS);

    assertThat(measured(SinkMetrics.RETRIES, 0)).isEqualTo(1);
    assertThat(measured(SinkMetrics.BLOCKS, 0)).isNaN();
    assertThat(measured(SinkMetrics.RETRIES, 1)).isNaN();
    assertThat(measured(SinkMetrics.BLOCKS, 1)).isEqualTo(1);
  }

  /** Whoever has the partition now counts its records. */
  @Test
  void step_partitionGivenUp_hasNoLag() {
    harness.assign(0);
    harness.insertFails(away());
    harness.arrive(0, SCHEMA, 2);
    harness.rounds(2, ROUND_MS);
    assertThat(measured(SinkMetrics.LAG, 0)).isEqualTo(2);

    harness.revoke(0);

    await()
        .untilAsserted(
            () -> {
              harness.rounds(1, ROUND_MS);
              assertThat(measured(SinkMetrics.LAG, 0)).isZero();
            });
  }

  /** A server that dies while it is asked is asked again; one that never answers blocks nothing. */
  @Test
  void step_rowsCannotBeLookedFor_isTriedThreeTimes_thenTheBlockIsLoaded() {
    harness.assign(0);
    harness.insertFails(away());
    harness.looksFail();
    harness.arrive(0, SCHEMA, 2);

    harness.rounds(20, 600);

    assertThat(harness.repeated()).hasSize(4);
    assertThat(harness.blocks()).hasSize(1);
    assertThat(harness.committed(0).offset()).isEqualTo(2);
  }

  /** Its announcer may have inserted it. */
  @Test
  void step_blockThatAnotherAnnounced_isInsertedAsSuch() {
    harness.assign(0);
    harness.insertFails(away());
    harness.arrive(0, SCHEMA, 2);
    harness.rounds(3, 0);
    assertThat(harness.committed(0).metadata()).contains("last=1");
    harness.revoke(0);
    harness.assign(0);
    harness.nextOffset(0, 0);
    harness.arrive(0, SCHEMA, 2);

    harness.rounds(5, ROUND_MS);

    assertThat(harness.blocks()).containsExactly("llm.ledger.v1-0-0-1-v1 rows=2");
    assertThat(harness.repeated()).containsExactly(new BlockRange(0, 0, 1));
  }

  @Test
  void step_commitRefused_nothingIsInserted_untilItIsAccepted() {
    // Given
    harness.assign(0);
    harness.arrive(0, SCHEMA, 2);
    harness.commitFails(new RebalanceInProgressException());

    // When
    harness.rounds(2, ROUND_MS);
    int attempts = harness.attempts();
    harness.rounds(2, ROUND_MS);

    // Then
    assertThat(attempts).isZero();
    assertThat(harness.blocks()).hasSize(1);
  }

  @Test
  void step_insertFails_pausesDouble_upToTheLongest() {
    // Given
    harness.assign(0);
    harness.arrive(0, SCHEMA, 2);
    for (int i = 0; i < 5; i++) {
      harness.insertFails(away());
    }

    // When: the outcome of an attempt is taken in the round after it
    harness.rounds(2, 1);
    StringBuilder pauses = new StringBuilder();
    for (int attempt = 1; attempt < 6; attempt++) {
      harness.rounds(1, 0);
      int pause = 0;
      while (harness.attempts() == attempt) {
        harness.rounds(1, 100);
        pause += 100;
      }
      pauses.append(pause).append(' ');
    }

    // Then
    assertThat(pauses.toString()).isEqualTo("200 400 800 1000 1000 ");
  }

  /** An error of the machine ends a thread; the block must not wait for an answer for ever. */
  @Test
  void step_attemptEndsInAnError_isTriedAgain() {
    // Given
    harness.assign(0);
    harness.arrive(0, SCHEMA, 2);
    harness.insertFails(new OutOfMemoryError("planted"));

    // When
    harness.rounds(3, ROUND_MS);
    String trouble = harness.metrics().trouble();
    harness.rounds(3, 200);

    // Then
    assertThat(trouble).isNotNull();
    assertThat(harness.blocks()).containsExactly("llm.ledger.v1-0-0-1-v1 rows=2");
  }

  /** Or this member would say for ever that it is in trouble, and never be ready again. */
  @Test
  void revoked_partitionInTrouble_isNoLongerOurs() {
    // Given
    harness.assign(0, 1);
    harness.arrive(0, SCHEMA, 2);
    harness.insertFails(away());
    harness.rounds(3, ROUND_MS);
    String before = harness.metrics().trouble();

    // When
    harness.revoke(0);

    // Then
    assertThat(before).contains("llm.ledger.v1-0");
    assertThat(harness.metrics().trouble()).isNull();
  }

  @Test
  void revoked_attemptUnderWayFails_isNoTroubleOfOurs() {
    // Given
    harness.assign(0);
    harness.arrive(0, SCHEMA, 2);
    harness.insertFails(away());
    harness.holdInserts();
    harness.rounds(3, ROUND_MS);

    // When
    harness.revoke(0);
    harness.letInsertsGo();
    harness.rounds(1, ROUND_MS);

    // Then
    assertThat(harness.attempts()).isEqualTo(1);
    assertThat(harness.metrics().trouble()).isNull();
  }

  /** The same member may get it back: what ended meanwhile was for the assignment before. */
  @Test
  void assignedAgain_outcomeOfBefore_isLeftOut() {
    // Given
    harness.assign(0);
    harness.arrive(0, SCHEMA, 2);
    harness.holdInserts();
    harness.rounds(3, ROUND_MS);
    harness.revoke(0);
    harness.assign(0);

    // When
    harness.letInsertsGo();
    harness.rounds(1, ROUND_MS);

    // Then
    assertThat(harness.blocks()).containsExactly("llm.ledger.v1-0-0-1-v1 rows=2");
    assertThat(harness.committed(0).offset()).isZero();
    assertThat(harness.committed(0).metadata()).isNotEmpty();
  }

  /** Not a member any more: whoever is may load other blocks of the partition. */
  @Test
  void step_memberNoMore_nothingIsInserted() {
    harness.assign(0);
    harness.arrive(0, SCHEMA, 2);
    for (int i = 0; i < 5; i++) {
      harness.commitFails(new CommitFailedException());
    }

    harness.rounds(5, ROUND_MS);

    assertThat(harness.attempts()).isZero();
    assertThat(harness.committed(0)).isNull();
    assertThat(harness.meters().get("tributary.errors").tag("stage", "commit").counter().count())
        .isGreaterThanOrEqualTo(4);
  }

  /** Or the group would seem to lag, and would begin at offsets that retention has taken. */
  @Test
  void step_onlyMarkersPass_offsetFollowsAfterTheAgeOfABlock() {
    harness.assign(0);
    harness.arrive(0, SCHEMA, 2);
    harness.rounds(4, ROUND_MS);
    harness.pass(0, 9);
    harness.rounds(3, ROUND_MS);
    assertThat(harness.committed(0).offset()).as("at once").isEqualTo(2);

    harness.rounds(3, 600);

    assertThat(harness.committed(0).offset()).isEqualTo(9);
    assertThat(harness.committed(0).metadata()).isEmpty();
  }

  /** What is read while nobody can decode it would fill memory. */
  @Test
  void step_recordWaitsForItsSchema_partitionIsNotReadFurther() {
    harness.assign(0);
    harness.registryAwayFor(SCHEMA);
    harness.arrive(0, SCHEMA, 2);
    harness.rounds(2, ROUND_MS);
    harness.arrive(0, SCHEMA, 2);

    harness.rounds(5, ROUND_MS);

    assertThat(harness.consumer().position(partition(0))).isEqualTo(2);
  }

  /** The next owner would insert it a second time, and look for its rows. */
  @Test
  void finish_blockThatClickHouseHas_isEnded() {
    harness.assign(0);
    harness.holdInserts();
    harness.arrive(0, SCHEMA, 2);
    harness.rounds(3, ROUND_MS);
    harness.letInsertsGo();

    harness.finish();

    assertThat(harness.committed(0).offset()).isEqualTo(2);
    assertThat(harness.committed(0).metadata()).isEmpty();
  }

  /** One poll has more than a block may hold. */
  @Test
  void step_manyRecordsAtOnce_blocksAreOfAboutTheirBytes() {
    LoaderHarness small =
        new LoaderHarness(
            LostRange.STOP,
            Map.of(SinkConfig.BLOCK_ROWS.key(), "100000", SinkConfig.BLOCK_BYTES.key(), "64KiB"));
    small.assign(0);
    small.arrive(0, SCHEMA, 2_000);

    small.rounds(30, ROUND_MS);

    assertThat(small.blocks()).hasSizeGreaterThan(3);
  }

  private static TopicPartition partition(int number) {
    return new TopicPartition("llm.ledger.v1", number);
  }
}
