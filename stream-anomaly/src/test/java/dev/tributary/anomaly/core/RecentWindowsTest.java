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

  @Test
  void areEnough_eitherRow_byItsOwnMeasure() {
    Evidence quiet = new Evidence(1, 5, 0);
    Evidence loud = new Evidence(9, 5, 0);
    Evidence wandering = new Evidence(9, 5, 0.9);

    assertThat(twice(loud, quiet)).isTrue();
    assertThat(twice(quiet, loud)).isTrue();
    assertThat(twice(quiet, wandering)).as("18 is more than 5 times 1.95").isTrue();
    assertThat(twice(quiet, new Evidence(9, 10, 0.9))).isFalse();
    assertThat(twice(loud, new Evidence(9, 10, 0.9))).as("takes nothing back").isTrue();
    assertThat(twice(quiet, quiet)).isFalse();
  }

  private static boolean twice(Evidence value, Evidence priced) {
    RecentWindows recent = new RecentWindows();
    Latch.Window window = new Latch.Window(3, true, false, false, 1, value, priced);
    recent.add(window, 2);
    recent.add(window, 2);
    return recent.areEnough(2, window);
  }

  private static boolean after(double... samples) {
    RecentWindows recent = new RecentWindows();
    Latch.Window newest = null;
    for (double part : samples) {
      Evidence loud = new Evidence(9, 6, 0);
      newest = new Latch.Window(3, true, false, false, part, loud, Evidence.NONE);
      recent.add(newest, 2);
    }
    return newest != null && recent.areEnough(2, newest);
  }
}
