package dev.tributary.cost.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.cost.LedgerEntries;
import dev.tributary.schemas.LedgerLine;
import dev.tributary.schemas.LineKind;
import dev.tributary.schemas.SpanKind;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Whose clock counts. */
class SourceClocksTest {
  private static final long START_MS = 1_000_000;
  private static final long SILENCE_MS = 30_000;

  private final SourceClocks clocks = new SourceClocks(2, SILENCE_MS, START_MS);

  private long nowMs = START_MS;

  /** Looks each second, as ticks do, and last at the time itself. */
  private SourceClocks.Reading readAt(long untilMs) {
    while (nowMs + 1_000 < untilMs) {
      nowMs += 1_000;
      clocks.read(nowMs);
    }
    nowMs = untilMs;
    return clocks.read(untilMs);
  }

  private void hearAt(int source, long clockUs, long atMs) {
    readAt(atMs);
    clocks.hear(source, clockUs, atMs);
  }

  @Test
  void read_oneNeverHeard_waitsUntilItCountsAsSilent() {
    hearAt(0, 500, START_MS + 20_000);

    assertThat(readAt(START_MS + SILENCE_MS - 1).clockUs()).isEmpty();
    SourceClocks.Reading reading = readAt(START_MS + SILENCE_MS);
    assertThat(reading.clockUs()).isEqualTo(OptionalLong.of(500));
    assertThat(reading.counted()).isEqualTo(Map.of(0, 500L));
    assertThat(reading.left()).isEqualTo(List.of(1));
  }

  @Test
  void read_severalLive_theSmallest() {
    hearAt(0, 500, START_MS);
    hearAt(1, 300, START_MS);

    assertThat(readAt(START_MS + 1).clockUs()).isEqualTo(OptionalLong.of(300));
  }

  @Test
  void read_clockBackwards_staysAtTheLargest() {
    hearAt(0, 500, START_MS);
    hearAt(1, 600, START_MS);
    hearAt(0, 400, START_MS + 1);

    assertThat(readAt(START_MS + 1).clockUs()).isEqualTo(OptionalLong.of(500));
  }

  @Test
  void read_silentSourceSpeaksAgain_countsAgain() {
    hearAt(0, 500, START_MS);
    hearAt(1, 900, START_MS + SILENCE_MS);
    assertThat(readAt(START_MS + SILENCE_MS).clockUs()).isEqualTo(OptionalLong.of(900));

    hearAt(0, 600, START_MS + SILENCE_MS + 1);

    assertThat(readAt(START_MS + SILENCE_MS + 1).clockUs()).isEqualTo(OptionalLong.of(600));
  }

  @Test
  void read_allSilent_largestRunsOnSinceTheLastWord() {
    hearAt(0, 500_000_000, START_MS + 1_000);
    hearAt(1, 900_000_000, START_MS + 2_000);

    assertThat(readAt(START_MS + 2_000 + SILENCE_MS).clockUs())
        .isEqualTo(OptionalLong.of(900_000_000 + SILENCE_MS * 1_000));
  }

  @Test
  void read_restored_hasUntilTheLimitToSpeak() {
    clocks.restore(0, 500);
    clocks.restore(1, 300);

    assertThat(readAt(START_MS + SILENCE_MS - 1).clockUs()).isEqualTo(OptionalLong.of(300));
    assertThat(readAt(START_MS + SILENCE_MS).clockUs())
        .isEqualTo(OptionalLong.of(500 + SILENCE_MS * 1_000));
  }

  /**
   * As after a night without a call: the clock had run on, and is not turned back to the evening.
   */
  @Test
  void read_restoredAfterASilence_runsOnFromWhereItHadCome() {
    clocks.restore(0, 500);
    clocks.restore(1, 300);
    clocks.restoreReached(9_000_000);

    assertThat(readAt(START_MS + SILENCE_MS).clockUs())
        .isEqualTo(OptionalLong.of(9_000_000 + SILENCE_MS * 1_000));
  }

  /** A budget's period that is over would else be told as the current one after each restart. */
  @Test
  void time_restored_isWhereItHadComeUntilClocksAreBeyond() {
    clocks.restore(0, 800);
    clocks.restore(1, 300);
    clocks.restoreReached(750);

    assertThat(clocks.read(START_MS).clockUs()).hasValue(300);
    assertThat(clocks.time(START_MS)).hasValue(750);
    hearAt(0, 900, START_MS + 1);
    hearAt(1, 850, START_MS + 1);
    assertThat(clocks.time(START_MS + 1)).hasValue(850);
  }

  @Test
  void time_silentSourceSpeaksAgain_staysWhereMinutesAreClosed() {
    hearAt(0, 500, START_MS);
    hearAt(1, 300, START_MS);
    hearAt(0, 600, START_MS + SILENCE_MS);
    assertThat(clocks.time(START_MS + SILENCE_MS)).hasValue(600);
    clocks.reached(580);

    hearAt(1, 310, START_MS + SILENCE_MS + 1);
    assertThat(clocks.read(nowMs).clockUs()).hasValue(310);
    assertThat(clocks.time(nowMs)).hasValue(580);
  }

  @Test
  void read_nothingEver_nothing() {
    assertThat(readAt(START_MS + 10 * SILENCE_MS).clockUs()).isEmpty();
  }

  /** A machine that slept: all were silent for as long, and each gets its turn to speak. */
  @Test
  void read_wallClockJumps_silencesNobody() {
    hearAt(0, 500, START_MS);
    hearAt(1, 300, START_MS);

    SourceClocks.Reading reading = clocks.read(START_MS + 5 * 86_400_000L);

    assertThat(reading.clockUs()).isEqualTo(OptionalLong.of(300));
    assertThat(reading.left()).isEmpty();
    // and back: those who stay silent are left out as ever
    nowMs = START_MS;
    clocks.read(START_MS);
    hearAt(1, 400, START_MS + SILENCE_MS);
    assertThat(readAt(START_MS + SILENCE_MS).clockUs()).isEqualTo(OptionalLong.of(400));
  }

  @Test
  void ledgerClock_aheadOfTheWallClockOrNoUsage_notMoved() {
    LedgerClock clock = new LedgerClock(60_000_000);
    LedgerLine ahead = LedgerEntries.line("01", 160_000_001, SpanKind.STEP);
    LedgerLine trueUp = LedgerEntries.line("02", 100_000_000, SpanKind.OTHER);
    trueUp.setKind(LineKind.TRUE_UP);

    clock.see(ahead, 100_000_000);
    clock.see(trueUp, 100_000_000);

    assertThat(clock.readUs()).isEmpty();
    clock.see(LedgerEntries.line("03", 160_000_000, SpanKind.STEP), 100_000_000);
    clock.see(LedgerEntries.line("04", 7, SpanKind.STEP), 100_000_000);
    assertThat(clock.readUs()).isEqualTo(OptionalLong.of(160_000_000));
  }
}
