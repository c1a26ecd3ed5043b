package dev.tributary.sink.clickhouse.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.sink.clickhouse.core.PartitionLoad.Commit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The protocol step by step. */
final class PartitionLoadTest {
  private static final BlockLimits TWO_ROWS = new BlockLimits(2, 1_000, 500);

  private final PartitionLoad<List<Long>> load = new PartitionLoad<>(10, null, 7, ArrayList::new);

  private void take(long... offsets) {
    for (long offset : offsets) {
      load.take(offset, 0).add(offset);
      load.sealIfDue(0, 0, TWO_ROWS);
    }
  }

  private Commit commit() {
    Commit commit = load.dueCommit().orElseThrow();
    load.committed(commit);
    return commit;
  }

  @Test
  void dueInsert_beforeIntentIsCommitted_nothing() {
    // Given
    take(12, 15);

    // When
    Optional<PartitionLoad.Block<List<Long>>> block = load.dueInsert();

    // Then
    assertThat(block).isEmpty();
  }

  @Test
  void dueCommit_fullBlock_itsStartWithItsBounds() {
    // Given
    take(12, 15);

    // When
    Commit commit = commit();

    // Then
    assertThat(commit).isEqualTo(new Commit(10, "tributary-block 1 last=15 records=2 layout=7"));
    assertThat(load.dueInsert().orElseThrow().intent().token("c", "t", 3))
        .isEqualTo("c-t-3-10-15-v7");
  }

  @Test
  void dueCommit_blockDoneAndNextFull_oneCommitForBoth() {
    // Given
    take(12, 15);
    commit();
    load.dueInsert();
    take(16, 20);
    load.done();

    // When
    Commit commit = commit();

    // Then
    assertThat(commit).isEqualTo(new Commit(16, "tributary-block 1 last=20 records=2 layout=7"));
    assertThat(load.dueInsert().orElseThrow().payload()).containsExactly(16L, 20L);
  }

  @Test
  void canTake_twoBlocksAhead_waits() {
    // Given
    take(12, 15);
    commit();
    take(16, 17);

    // When
    boolean canTake = load.canTake();

    // Then
    assertThat(canTake).isFalse();
  }

  @Test
  void retry_afterFailure_commitsTheSameBoundsFirst() {
    // Given
    take(12, 15);
    Commit announced = commit();
    load.dueInsert();
    load.failed();

    // When
    load.retry();

    // Then
    assertThat(load.dueInsert()).isEmpty();
    assertThat(commit()).isEqualTo(announced);
    assertThat(load.dueInsert()).isPresent();
  }

  @Test
  void takeOver_pendingBlock_hasItsBoundsWhateverTheLimits() {
    // Given
    Intent pending = new Intent(10, 15, 3, 6);
    PartitionLoad<List<Long>> successor = new PartitionLoad<>(10, pending, 7, ArrayList::new);

    // When
    for (long offset : new long[] {12, 13, 15}) {
      successor.take(offset, 0).add(offset);
      successor.sealIfDue(0, 0, TWO_ROWS);
    }

    // Then
    successor.committed(successor.dueCommit().orElseThrow());
    assertThat(successor.dueInsert().orElseThrow().intent()).isEqualTo(pending);
  }

  @Test
  void takeOver_recordsOfPendingBlockGone_refuses() {
    // Given
    Intent pending = new Intent(10, 15, 3, 7);
    PartitionLoad<List<Long>> successor = new PartitionLoad<>(10, pending, 7, ArrayList::new);
    successor.take(13, 0);
    successor.take(15, 0);

    // When / Then
    assertThatThrownBy(() -> successor.sealIfDue(0, 0, TWO_ROWS))
        .isInstanceOf(BlockChangedException.class)
        .hasMessageContaining("10..15")
        .hasMessageContaining("3 records, now 2");
  }

  @Test
  void passed_markersOnly_offsetFollowsWithoutIntent() {
    // Given
    load.passed(14);

    // When
    Commit commit = commit();

    // Then
    assertThat(commit).isEqualTo(new Commit(14, ""));
  }

  @Test
  void passed_openRecords_offsetStays() {
    // Given
    take(12);

    // When
    load.passed(14);

    // Then
    assertThat(load.dueCommit()).isEmpty();
  }

  /** It holds nothing yet, but what it announced may be on its way: it must be loaded first. */
  @Test
  void passed_announcedBlockNotReadYet_offsetStays() {
    // Given
    PartitionLoad<List<Long>> successor =
        new PartitionLoad<>(10, new Intent(10, 15, 3, 7), 7, ArrayList::new);

    // When
    successor.passed(12);

    // Then
    assertThat(successor.dueCommit()).isEmpty();
  }

  @Test
  void seal_announcedBlock_isNotCutShort() {
    // Given
    PartitionLoad<List<Long>> successor =
        new PartitionLoad<>(10, new Intent(10, 15, 3, 7), 7, ArrayList::new);
    successor.take(12, 0);

    // When
    successor.seal();
    successor.sealIfDue(Long.MAX_VALUE, Long.MAX_VALUE, TWO_ROWS);

    // Then
    assertThat(successor.canTake()).isTrue();
    assertThat(successor.dueCommit()).isEmpty();
  }

  @Test
  void take_recordRightAfterAnAnnouncedBlock_whoseLastIsGone_refuses() {
    // Given
    PartitionLoad<List<Long>> successor =
        new PartitionLoad<>(10, new Intent(10, 15, 3, 7), 7, ArrayList::new);
    successor.take(12, 0);

    // When / Then
    assertThatThrownBy(() -> successor.take(16, 0))
        .isInstanceOf(BlockChangedException.class)
        .hasMessageContaining("its last record is gone");
  }

  @Test
  void takeOver_announcedBlockOfAnotherOffset_refuses() {
    Intent elsewhere = new Intent(9, 15, 3, 7);
    assertThatThrownBy(() -> new PartitionLoad<>(10, elsewhere, 7, ArrayList::new))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void sealIfDue_ageCountsFromTheFirstRecord() {
    // Given
    load.take(12, 1_000);
    load.sealIfDue(0, 1_499, new BlockLimits(9, 1_000, 500));
    load.take(13, 1_499);
    boolean isOpen = load.canTake();

    // When
    load.sealIfDue(0, 1_500, new BlockLimits(9, 1_000, 500));

    // Then
    assertThat(isOpen).isTrue();
    assertThat(load.canTake()).isFalse();
  }

  @Test
  void sealIfDue_exactlyAsManyBytesAsTheLimit_isCut() {
    // Given
    load.take(12, 0);
    load.sealIfDue(999, 0, TWO_ROWS);
    boolean isOpen = load.canTake();

    // When
    load.sealIfDue(1_000, 0, TWO_ROWS);

    // Then
    assertThat(isOpen).isTrue();
    assertThat(load.canTake()).isFalse();
  }

  @Test
  void take_recordTwice_orOfABlockBefore_isAMistake() {
    // Given
    load.take(12, 0);

    // When / Then
    assertThatThrownBy(() -> load.take(12, 0)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> new PartitionLoad<>(10, null, 7, ArrayList::new).take(9, 0))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void intent_moreRecordsThanOffsets_isNone() {
    assertThat(new Intent(10, 12, 3, 1).records()).isEqualTo(3);
    assertThatThrownBy(() -> new Intent(10, 12, 4, 1)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void parse_foreignMetadata_refused() {
    // When / Then
    assertThatThrownBy(() -> Intent.parse(4, "somebody else"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("offset 4");
  }
}
