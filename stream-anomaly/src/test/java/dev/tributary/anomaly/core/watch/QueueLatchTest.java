package dev.tributary.anomaly.core.watch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** From when to when a queue is told as too much: five minutes of a limit of 100. */
class QueueLatchTest {
  private static final long MINUTE_US = 60_000_000L;
  private static final long START_US = 1_772_409_600_000_000L;
  private static final QueueRules.Limit LIMIT = new QueueRules.Limit(100, 5 * MINUTE_US);

  private QueueLatch latch = QueueLatch.CALM;

  private boolean isOpenAt(int minute, double value) {
    latch = latch.next(false, value, LIMIT, START_US + minute * MINUTE_US);
    // As it is kept between two looks.
    latch = QueueLatch.of(latch.toBytes());
    return latch.isOpen();
  }

  @Test
  void aboveTheLimitForItsTime_opens_sinceItWas() {
    assertThat(isOpenAt(0, 101)).isFalse();
    assertThat(isOpenAt(4, 101)).isFalse();
    assertThat(isOpenAt(5, 101)).isTrue();
    assertThat(latch.openUs()).isEqualTo(START_US);
    assertThat(isOpenAt(9, 500)).isTrue();
    assertThat(latch.openUs()).isEqualTo(START_US);
  }

  @Test
  void atTheLimit_isNotAboveIt() {
    isOpenAt(0, 101);
    assertThat(isOpenAt(4, 100)).isFalse();
    assertThat(latch.isCalm()).isTrue();
    assertThat(isOpenAt(5, 101)).as("the time begins anew").isFalse();
    assertThat(isOpenAt(9, 101)).isFalse();
    assertThat(isOpenAt(10, 101)).isTrue();
  }

  @Test
  void notAboveItForItsTime_isOver_andAPauseIsNot() {
    isOpenAt(0, 101);
    isOpenAt(5, 101);
    assertThat(isOpenAt(6, 100)).isTrue();
    assertThat(isOpenAt(10, 100)).isTrue();
    assertThat(isOpenAt(11, 101)).as("again").isTrue();
    assertThat(isOpenAt(12, 100)).isTrue();
    assertThat(isOpenAt(16, 100)).as("four minutes").isTrue();
    assertThat(latch.openUs()).isEqualTo(START_US);
    assertThat(isOpenAt(17, 100)).as("five").isFalse();
    assertThat(latch.isCalm()).isTrue();
  }

  @Test
  void emptyQueue_orNoLimit_isOverAtOnce() {
    isOpenAt(0, 101);
    isOpenAt(5, 101);

    assertThat(latch.next(true, 0, LIMIT, START_US + 6 * MINUTE_US)).isEqualTo(QueueLatch.CALM);
    assertThat(latch.next(false, 900, null, START_US + 6 * MINUTE_US)).isEqualTo(QueueLatch.CALM);
  }

  @Test
  void limitWithoutATime_opensAndEndsAtOnce() {
    QueueRules.Limit atOnce = new QueueRules.Limit(100, 0);

    QueueLatch open = QueueLatch.CALM.next(false, 101, atOnce, START_US);
    assertThat(open.isOpen()).isTrue();
    assertThat(open.next(false, 100, atOnce, START_US + 1)).isEqualTo(QueueLatch.CALM);
  }
}
