package dev.tributary.sink.clickhouse;

import static dev.tributary.sink.clickhouse.LoaderHarness.OTHER_SCHEMA;
import static dev.tributary.sink.clickhouse.LoaderHarness.SCHEMA;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.runtime.metrics.MetricNames;
import dev.tributary.runtime.testing.ConservationCheck;
import dev.tributary.schemas.Topics;
import io.micrometer.core.instrument.Counter;
import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** What became of each record that was read, and that each is said to have become one thing. */
final class LoaderCountsTest {
  private static final long ROUND_MS = 5;

  private final LoaderHarness harness = new LoaderHarness(LostRange.CONTINUE);

  private double sum(String name) {
    return harness.meters().find(name).counters().stream().mapToDouble(Counter::count).sum();
  }

  private double dropped(String reason) {
    Counter counter =
        harness.meters().find(MetricNames.DROPPED).tag(MetricNames.REASON, reason).counter();
    return counter == null ? 0 : counter.count();
  }

  private double inState() {
    return harness.meters().get(MetricNames.IN_STATE).gauge().value();
  }

  private void assertConserved() {
    new ConservationCheck(harness.meters(), SinkConfig.NAME).assertHolds();
  }

  @Test
  void records_ofABlock_areInStateUntilItsEndIsCommitted() {
    harness.assign(0);
    harness.holdInserts();
    harness.arrive(0, SCHEMA, 2);
    harness.rounds(3, ROUND_MS);
    assertThat(inState()).isEqualTo(2);
    assertConserved();

    harness.letInsertsGo();
    harness.rounds(1, ROUND_MS);

    assertThat(inState()).isZero();
    assertThat(sum(MetricNames.SENT_PRIMARY)).isEqualTo(2);
    assertConserved();
  }

  @Test
  void records_thatAreNoRows_areCountedByWhatTheyBecame() {
    harness.assign(0);
    harness.arriveTombstone(0);
    harness.arriveCutShort(0, SCHEMA);
    harness.arrive(0, SCHEMA, 2);
    harness.rounds(6, ROUND_MS);

    assertThat(dropped("TOMBSTONE")).isEqualTo(1);
    assertThat(sum(MetricNames.DEAD_LETTERED)).isEqualTo(1);
    assertThat(sum(MetricNames.SENT_PRIMARY)).isEqualTo(2);
    assertThat(sum(MetricNames.RECEIVED)).isEqualTo(4);
    assertThat(inState()).isZero();
    assertConserved();
  }

  /** The next owner reads all of them again, those of the block on its way, too. */
  @Test
  void records_ofAPartitionThatIsGivenUp_areReassigned() {
    harness.assign(0);
    harness.holdInserts();
    harness.arrive(0, SCHEMA, 3);
    harness.rounds(3, ROUND_MS);

    harness.revoke(0);

    assertThat(dropped("REASSIGNED")).isEqualTo(3);
    assertThat(inState()).isZero();
    assertConserved();
  }

  /** It never was a record of this member's: it is read and counted by the next owner. */
  @Test
  void record_thatWaitsForItsSchema_isNotReceivedYet() {
    harness.assign(0);
    harness.registryAwayFor(OTHER_SCHEMA);
    harness.arrive(0, SCHEMA, 1);
    harness.arrive(0, OTHER_SCHEMA, 1);
    harness.rounds(3, ROUND_MS);
    assertThat(sum(MetricNames.RECEIVED)).isEqualTo(1);

    harness.revoke(0);

    assertThat(dropped("REASSIGNED")).isEqualTo(1);
    assertConserved();
  }

  @Test
  void recordsOfAnAnnouncedBlock_whoseRestWent_areReassigned() {
    harness.announce(0, 2);
    harness.assign(0);
    harness.arrive(0, SCHEMA, 1);
    harness.rounds(2, ROUND_MS);
    TopicPartition partition = new TopicPartition(Topics.LEDGER.name(), 0);
    harness.pollFails(new OffsetOutOfRangeException(Map.of(partition, 1L)), 0, 5);

    harness.rounds(1, ROUND_MS);

    assertThat(dropped("REASSIGNED")).isEqualTo(1);
    assertThat(inState()).isZero();
    assertConserved();
  }

  /** Its identity is its position, but whoever counts dead letters counts what comes. */
  @Test
  void deadLetter_ofABlockThatIsTriedAgain_isSentOnce() {
    harness.assign(0);
    harness.insertFails(new WriteFailedException("away"));
    harness.insertFails(new WriteFailedException("away"));
    harness.arriveCutShort(0, SCHEMA);
    harness.arrive(0, SCHEMA, 1);

    harness.rounds(10, 1_000);

    assertThat(harness.attempts()).isEqualTo(3);
    assertThat(harness.deadLetters()).isEqualTo(1);
    assertThat(sum(MetricNames.DEAD_LETTERED)).isEqualTo(1);
  }

  /** Once the block's end is committed nobody reads the record again. */
  @Test
  void block_whoseDeadLettersAreNotTaken_isNotInserted() {
    harness.assign(0);
    harness.deadLettersFail(new KafkaException("away"));
    harness.arriveCutShort(0, SCHEMA);
    harness.arrive(0, SCHEMA, 1);
    harness.rounds(10, 1_000);
    assertThat(harness.attempts()).isZero();
    assertThat(harness.committed(0).offset()).isZero();

    harness.deadLettersFail(null);
    harness.rounds(4, 1_000);

    assertThat(harness.blocks()).containsExactly("llm.ledger.v1-0-0-1-v1 rows=1");
    assertThat(harness.deadLetters()).isEqualTo(1);
    assertThat(harness.committed(0).offset()).isEqualTo(2);
  }
}
