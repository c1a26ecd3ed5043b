package dev.tributary.attribution.core;

import static dev.tributary.attribution.core.TestSpans.T0;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PartitionClockTest {
  private static final long SECOND = 1_000_000;
  private static final long DAY = 86_400 * SECOND;

  private final MemoryStore store = new MemoryStore();

  @Test
  void span_movesItForwardOnly() {
    PartitionClock clock = clock(1, T0);
    assertThat(clock.onSpan(T0 - 50 * SECOND, T0)).isEqualTo(T0 - 50 * SECOND);
    assertThat(clock.onSpan(T0 - 70 * SECOND, T0)).isEqualTo(T0 - 50 * SECOND);
    assertThat(clock.onSpan(T0 + 60 * SECOND, T0)).isEqualTo(T0 + 60 * SECOND);
  }

  @Test
  void spanAheadOfTheWallClock_neverMovesIt() {
    PartitionClock clock = clock(1, T0);
    clock.onSpan(T0, T0);
    assertThat(clock.onSpan(T0 + 60 * SECOND + 1, T0)).isEqualTo(T0);
    assertThat(clock.onSpan(Long.MAX_VALUE, T0)).isEqualTo(T0);
  }

  @Test
  void silence_letsItRunOn() {
    PartitionClock clock = clock(1, T0);
    clock.onSpan(T0 - 3_600 * SECOND, T0);
    assertThat(clock.onTick(T0 + 10 * SECOND)).isEqualTo(T0 - 3_600 * SECOND);
    assertThat(clock.onTick(T0 + 14 * SECOND)).isEqualTo(T0 - 3_596 * SECOND);
    assertThat(clock.onTick(T0 + 15 * SECOND)).isEqualTo(T0 - 3_595 * SECOND);
    clock.onSpan(T0 - 3_599 * SECOND, T0 + 15 * SECOND);
    assertThat(clock.nowUs()).isEqualTo(T0 - 3_595 * SECOND);
    assertThat(clock.onTick(T0 + 20 * SECOND)).isEqualTo(T0 - 3_595 * SECOND);
  }

  @Test
  void speed_multipliesItsRun() {
    PartitionClock clock = clock(120, T0);
    clock.onSpan(T0, T0);
    assertThat(clock.onTick(T0 + 11 * SECOND)).isEqualTo(T0 + 120 * SECOND);
  }

  @Test
  void restart_goesOnFromTheStore() {
    clock(1, T0).onSpan(T0, T0);
    PartitionClock again = clock(1, T0 + 5 * SECOND);
    assertThat(again.nowUs()).isEqualTo(T0);
    assertThat(again.onTick(T0 + 16 * SECOND)).isEqualTo(T0 + SECOND);
  }

  @Test
  void withoutAnySpan_itStands() {
    assertThat(clock(1, T0).onTick(T0 + 100 * SECOND)).isZero();
  }

  /** A machine that slept for days has not waited for spans in all that time. */
  @Test
  void wallClockJumpsAhead_oneMinutePasses() {
    PartitionClock clock = clock(1, T0);
    clock.onSpan(T0 - 3_600 * SECOND, T0);

    assertThat(clock.onTick(T0 + 3 * DAY)).isEqualTo(T0 - 3_550 * SECOND);
    assertThat(clock.onTick(T0 + 3 * DAY + SECOND)).isEqualTo(T0 - 3_549 * SECOND);
  }

  @Test
  void wallClockJumpsBack_nothingPassesAndTheNextSecondCounts() {
    PartitionClock clock = clock(1, T0);
    clock.onSpan(T0 - 5 * DAY, T0);
    clock.onTick(T0 + 20 * SECOND);

    assertThat(clock.onTick(T0 - DAY)).isEqualTo(T0 - 5 * DAY + 10 * SECOND);
    assertThat(clock.onTick(T0 - DAY + SECOND)).isEqualTo(T0 - 5 * DAY + 11 * SECOND);
  }

  /**
   * Standing still, it would close no trace until the wall clock had caught up; running with it, it
   * would stay ahead for ever.
   */
  @Test
  void clockAheadOfTheWallClock_passesHalfOfTheTimeUntilThatCatchesUp() {
    PartitionClock clock = clock(1, T0 + 3_600 * SECOND);
    clock.onSpan(T0 + 3_600 * SECOND, T0 + 3_600 * SECOND);
    clock.onTick(T0); // the wall clock was set back
    for (int second = 1; second <= 600; second++) {
      long wall = T0 + second * SECOND;
      assertThat(clock.onTick(wall)).isEqualTo(T0 + 3_600 * SECOND + second * SECOND / 2);
      assertThat(clock.onSpan(wall, wall)).isEqualTo(clock.nowUs());
    }

    // also after a restart, until it is a span's own time again that moves it
    PartitionClock again = clock(1, T0 + 600 * SECOND);
    long wall = T0 + 600 * SECOND;
    while (again.isAhead(again.nowUs(), wall)) {
      wall += SECOND;
      again.onTick(wall);
    }
    assertThat(wall).isBetween(T0 + 7_000 * SECOND, T0 + 7_200 * SECOND);
    assertThat(again.onSpan(again.nowUs() + 5 * SECOND, wall + 5 * SECOND))
        .isGreaterThan(wall + 60 * SECOND);
  }

  private PartitionClock clock(long speed, long wallUs) {
    return new PartitionClock(store, 60 * SECOND, 10 * SECOND, speed, wallUs);
  }
}
