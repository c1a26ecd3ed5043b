package dev.tributary.anomaly.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RecentWindowsTest {
  @Test
  void areEnough_exactlyTheSamples_whateverTheirSumRoundsTo() {
    assertThat(0.7 + 0.2 + 0.1).as("what 70, 20 and 10 of 100 come to").isLessThan(1);

    assertThat(after(0.1, 0.2, 0.7)).isTrue();
    assertThat(after(0.1, 0.19, 0.7)).isFalse();
  }

  private static boolean after(double... samples) {
    RecentWindows recent = new RecentWindows();
    Latch.Window newest = null;
    for (double part : samples) {
      newest = new Latch.Window(3, true, false, false, 9, part, 6, 0);
      recent.add(newest);
    }
    return newest != null && recent.areEnough(2, newest);
  }
}
