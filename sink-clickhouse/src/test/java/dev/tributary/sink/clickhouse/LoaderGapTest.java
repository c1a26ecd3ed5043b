package dev.tributary.sink.clickhouse;

import static dev.tributary.sink.clickhouse.LoaderHarness.SCHEMA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.schemas.Topics;
import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** What the loader does where records went before it had loaded them. */
final class LoaderGapTest {
  private static final long ROUND_MS = 5;
  private static final TopicPartition PARTITION = new TopicPartition(Topics.LEDGER.name(), 0);

  /** What is lost is counted, and what is left is loaded. */
  @Test
  void step_recordsWentByRetention_withContinue_countsThemAndGoesOn() {
    // Given
    LoaderHarness going = new LoaderHarness(LostRange.CONTINUE);
    going.assign(0);
    going.pollFails(new OffsetOutOfRangeException(Map.of(PARTITION, 0L)), 0, 7);
    going.rounds(1, ROUND_MS);
    going.nextOffset(0, 7);
    going.arrive(0, SCHEMA, 2);

    // When
    going.rounds(4, ROUND_MS);

    // Then
    assertThat(lost(going)).isEqualTo(7);
    assertThat(going.blocks()).containsExactly("llm.ledger.v1-0-7-8-v1 rows=2");
    assertThat(going.committed(0).offset()).isEqualTo(9);
  }

  /** What has been read is loaded first, and only what nobody has read counts as lost. */
  @Test
  void step_recordsWentByRetention_behindABlockThatWaits_theBlockIsLoaded() {
    LoaderHarness going = new LoaderHarness(LostRange.CONTINUE);
    going.assign(0);
    going.insertFails(away());
    going.arrive(0, SCHEMA, 3);
    going.rounds(2, 0);
    for (int i = 0; i < 3; i++) {
      going.pollFails(outOfRange(3), 0, 7);
      going.rounds(1, 400);
    }
    assertThat(going.consumer().paused()).isNotEmpty();
    going.rounds(5, 400);
    assertThat(going.consumer().paused()).isEmpty();
    going.pollFails(outOfRange(3), 0, 7);
    going.rounds(1, ROUND_MS);
    going.nextOffset(0, 7);
    going.arrive(0, SCHEMA, 2);

    going.rounds(4, ROUND_MS);

    assertThat(going.blocks())
        .containsExactly(
            "llm.ledger.v1-0-0-1-v1 rows=2",
            "llm.ledger.v1-0-2-2-v1 rows=1",
            "llm.ledger.v1-0-7-8-v1 rows=2");
    assertThat(lost(going)).isEqualTo(4);
  }

  /** Nothing has joined the block after it. */
  @Test
  void step_recordsWentByRetention_rightBehindABlockThatWaits_theBlockIsLoaded() {
    LoaderHarness going = new LoaderHarness(LostRange.CONTINUE);
    going.assign(0);
    going.insertFails(away());
    going.arrive(0, SCHEMA, 2);
    going.rounds(3, 0);
    going.pollFails(outOfRange(2), 0, 7);

    going.rounds(5, 400);

    assertThat(going.blocks()).containsExactly("llm.ledger.v1-0-0-1-v1 rows=2");
  }

  /** An announced block may be in ClickHouse: its rest under another token would be there twice. */
  @Test
  void step_announcedBlockWentInPart_withContinue_goesOnBehindIt() {
    LoaderHarness going = new LoaderHarness(LostRange.CONTINUE);
    going.assign(0);
    going.insertFails(away());
    going.arrive(0, SCHEMA, 2);
    going.rounds(3, 0);
    assertThat(going.committed(0).metadata()).contains("last=1");
    going.revoke(0);
    going.assign(0);
    going.pollFails(outOfRange(0), 0, 1);
    going.rounds(1, ROUND_MS);
    assertThat(going.consumer().position(PARTITION)).isEqualTo(2);
    going.nextOffset(0, 2);
    going.arrive(0, SCHEMA, 2);

    going.rounds(4, ROUND_MS);

    assertThat(going.blocks()).containsExactly("llm.ledger.v1-0-2-3-v1 rows=2");
    assertThat(lost(going)).isEqualTo(2);
  }

  /** It can never be whole again, so nothing waits for the rest of it. */
  @Test
  void step_restOfAnAnnouncedBlockWent_withContinue_countsItWhole() {
    LoaderHarness going = new LoaderHarness(LostRange.CONTINUE);
    going.assign(0);
    going.insertFails(away());
    going.arrive(0, SCHEMA, 2);
    going.rounds(3, 0);
    going.revoke(0);
    going.assign(0);
    going.nextOffset(0, 0);
    going.arrive(0, SCHEMA, 1);
    going.rounds(2, ROUND_MS);
    going.pollFails(outOfRange(1), 0, 5);
    going.rounds(1, ROUND_MS);

    assertThat(lost(going)).isEqualTo(5);
    assertThat(going.consumer().position(PARTITION)).isEqualTo(5);
    assertThat(going.attempts()).isEqualTo(1);
  }

  /** Its offsets name other records now, and its blocks would have tokens that were used. */
  @Test
  void step_topicMadeAnew_stops_alsoWithContinue() {
    LoaderHarness going = new LoaderHarness(LostRange.CONTINUE);
    going.assign(0);
    going.pollFails(outOfRange(1_000), 0, 0);

    assertThatThrownBy(() -> going.rounds(1, ROUND_MS))
        .isInstanceOf(SinkException.class)
        .hasMessageContaining("llm.ledger.v1-0=1000")
        .hasMessageContaining("made anew");
  }

  /** Its records are all there; it would wait for each of its blocks for ever. */
  @Test
  void step_recordsOfOnePartitionWent_anotherIsReadOn() {
    LoaderHarness going = new LoaderHarness(LostRange.CONTINUE);
    going.assign(0, 1);
    going.arrive(1, SCHEMA, 1);
    going.rounds(2, 0);
    going.pollFails(outOfRange(0), 0, 7);
    going.rounds(1, ROUND_MS);

    going.rounds(1, ROUND_MS);

    assertThat(lost(going)).isEqualTo(7);
    assertThat(going.consumer().paused()).isEmpty();
  }

  private static double lost(LoaderHarness going) {
    return going.meters().get(SinkMetrics.LOST_OFFSETS).counter().count();
  }

  private static OffsetOutOfRangeException outOfRange(long position) {
    return new OffsetOutOfRangeException(Map.of(PARTITION, position));
  }

  @Test
  void step_recordsGoneByRetention_stops() {
    // Given
    LoaderHarness stopping = new LoaderHarness(LostRange.STOP);
    stopping.assign(0);
    stopping.pollFails(new OffsetOutOfRangeException(Map.of(PARTITION, 0L)), 0, 7);

    // Then
    assertThatThrownBy(() -> stopping.rounds(1, ROUND_MS))
        .isInstanceOf(SinkException.class)
        .hasMessageContaining("llm.ledger.v1-0=0..6");
  }

  private static WriteFailedException away() {
    return new WriteFailedException("away");
  }
}
