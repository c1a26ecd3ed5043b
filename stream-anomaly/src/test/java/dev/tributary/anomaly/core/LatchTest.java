package dev.tributary.anomaly.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.anomaly.core.Latch.Change;
import org.junit.jupiter.api.Test;

/** When an episode opens and when it is over, of windows of five minutes that nobody counts. */
class LatchTest {
  private static final Policy POLICY = Policy.DEFAULT;
  private static final long STEP_US = 300_000_000L;
  private static final long START_US = 1_772_409_600_000_000L;

  private Latch latch = new Latch();
  private int next;

  /** A window: {@code B} breaks the rule, {@code S} suffices by itself, {@code .} is calm. */
  private Change add(char kind) {
    return addAt(next++, kind);
  }

  private Change addAt(int step, char kind) {
    boolean isBreach = kind == 'B' || kind == 'S';
    double extent = kind == '.' ? 1 : kind == 'o' ? 1.7 : 3;
    Latch.Window window =
        new Latch.Window(extent, isBreach, isBreach, kind == 'S', 1, null, Evidence.NONE);
    Change change = latch.add(POLICY, START_US + step * STEP_US, window);
    // As it is kept between two windows.
    StateWriter to = new StateWriter();
    latch.save(to);
    latch = new Latch();
    latch.load(new StateReader(to.toBytes()));
    return change;
  }

  /** What the last of some windows does. */
  private Change last(String kinds) {
    Change change = Change.NONE;
    for (char kind : kinds.toCharArray()) {
      change = add(kind);
    }
    return change;
  }

  @Test
  void twoOfThree_open_andOneDoesNot() {
    assertThat(last("..B")).isEqualTo(Change.NONE);
    assertThat(last("B")).isEqualTo(Change.OPENED);
    assertThat(latch.openedUs()).isEqualTo(START_US + 3 * STEP_US);
  }

  @Test
  void twoWithACalmOneBetween_open() {
    assertThat(last("B.")).isEqualTo(Change.NONE);
    assertThat(last("B")).isEqualTo(Change.OPENED);
  }

  @Test
  void twoFurtherApart_doNotOpen() {
    assertThat(last("B..B..B..")).isEqualTo(Change.NONE);
    assertThat(latch.isOpen()).isFalse();
  }

  @Test
  void oneThatSuffices_opensByItself() {
    assertThat(last(".S")).isEqualTo(Change.OPENED);
  }

  /** From 1.5 to twice the baseline is neither: it neither opens nor ends. */
  @Test
  void threeCalmInARow_endIt_andOneThatIsNotBeginsTheCountAnew() {
    last("BB");
    assertThat(last("..o..")).isEqualTo(Change.NONE);
    assertThat(latch.isOpen()).isTrue();
    assertThat(last(".")).isEqualTo(Change.RESOLVED);
    assertThat(latch.isOpen()).isFalse();
  }

  /** What comes in bursts is not told each time. */
  @Test
  void afterAnEnd_itTakesAllThree_andNoneSufficesAlone() {
    last("BB...");
    assertThat(last("BB.B")).isEqualTo(Change.NONE);
    assertThat(last("..S")).isEqualTo(Change.NONE);
    assertThat(last("...BB")).isEqualTo(Change.NONE);
    assertThat(last("B")).isEqualTo(Change.OPENED);
  }

  /** Six hours after its end a series is what it was. */
  @Test
  void longAfterAnEnd_itTakesTwo() {
    last("BB...");
    int end = next - 1;
    addAt(end + 70, 'B');
    assertThat(addAt(end + 71, 'B')).as("a step before six hours").isEqualTo(Change.NONE);
    addAt(end + 72, '.');
    assertThat(addAt(end + 73, 'B')).isEqualTo(Change.OPENED);
  }

  /** A day at another level is the level. */
  @Test
  void aDayOpen_isALevelShift_andNotAMinuteLess() {
    last("BB");
    int opened = next - 1;
    assertThat(addAt(opened + 287, 'B')).isEqualTo(Change.NONE);
    assertThat(addAt(opened + 288, 'B')).isEqualTo(Change.LEVEL_SHIFT);
    assertThat(latch.isOpen()).isFalse();
  }

  /** A limit is one for ever: what is beyond it for days is not usual. */
  @Test
  void aDayBeyondALimit_isNoLevelShift() {
    for (int step = 0; step < 1_000; step++) {
      Change change = latch.addLimit(POLICY, START_US + step * STEP_US, true, false);
      assertThat(change).isEqualTo(step == 1 ? Change.OPENED : Change.NONE);
    }
    for (int calm = 1; calm <= 3; calm++) {
      assertThat(latch.addLimit(POLICY, START_US + (1_000 + calm) * STEP_US, false, true))
          .isEqualTo(calm == 3 ? Change.RESOLVED : Change.NONE);
    }
  }

  /** Neither beyond what chance comes to nor within the limit: it goes on. */
  @Test
  void aLimitThatIsNotKept_isNotOver() {
    latch.addLimit(POLICY, START_US, true, false);
    latch.addLimit(POLICY, START_US + STEP_US, true, false);
    for (int step = 2; step < 20; step++) {
      latch.addLimit(POLICY, START_US + step * STEP_US, false, false);
    }
    assertThat(latch.isOpen()).isTrue();
  }

  /** Of a series that fell silent nothing is left that would open the next. */
  @Test
  void expired_isClosed_andBeginsAnew() {
    last("BB");
    latch.expire(START_US + 50 * STEP_US);

    assertThat(latch.isOpen()).isFalse();
    assertThat(addAt(51, 'B')).isEqualTo(Change.NONE);
    assertThat(addAt(52, 'B')).as("not long after").isEqualTo(Change.NONE);
    assertThat(addAt(53, 'B')).isEqualTo(Change.OPENED);
  }
}
