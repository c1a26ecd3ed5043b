package dev.tributary.console.core;

import java.util.concurrent.TimeUnit;

/**
 * A time range in microseconds since the epoch.
 *
 * @param fromUs included
 * @param toUs excluded
 */
record Range(long fromUs, long toUs) {
  /** As many steps as a chart can show apart. */
  private static final int MOST_STEPS = 120;

  private static final long[] STEPS_S = {
    60, 300, 900, 3_600, 7_200, 10_800, 21_600, 43_200, 86_400, 172_800, 345_600
  };

  /** Seconds of a step of a chart over this range; steps begin at multiples of it. */
  long stepS() {
    long seconds = TimeUnit.MICROSECONDS.toSeconds(toUs - fromUs);
    for (long step : STEPS_S) {
      if (seconds <= step * MOST_STEPS) {
        return step;
      }
    }
    return STEPS_S[STEPS_S.length - 1];
  }
}
