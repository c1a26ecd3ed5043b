package dev.tributary.anomaly.core;

/**
 * An episode of a series, as far as it has come.
 *
 * @param firstUs start of the window that opened the episode that this one goes on with, after a
 *     pause; its own where it goes on with none
 * @param openedUs start of the opening window, microseconds since the epoch
 * @param lastUs start of its last window so far, microseconds since the epoch
 * @param end how it ended, or {@link End#STILL_OPEN}
 * @param windows windows it has lasted
 * @param baseline baseline at its opening, in the unit of the value
 * @param peakValue value furthest from the baseline, on the side on which it opened
 * @param peakUs start of that window
 * @param peakRatio ratio of that window as the rule reads it
 * @param excess sum of value minus baseline over its windows, in the unit of the value
 * @param score largest score
 */
public record Episode(
    long firstUs,
    long openedUs,
    long lastUs,
    End end,
    long windows,
    double baseline,
    double peakValue,
    long peakUs,
    double peakRatio,
    double excess,
    double score) {

  /** How an episode ended. */
  public enum End {
    STILL_OPEN,
    RESOLVED,
    LEVEL_SHIFT
  }

  static Episode opened(long firstUs, long timeUs, double value, Reading reading) {
    return new Episode(
        firstUs,
        timeUs,
        timeUs,
        End.STILL_OPEN,
        1,
        reading.baseline(),
        value,
        timeUs,
        reading.ratio(),
        value - reading.baseline(),
        reading.score());
  }

  /** Whether it goes on, after a pause, with one that had ended. */
  public boolean goesOn() {
    return firstUs != openedUs;
  }

  /** Whether a ratio is further off than another, on the side on which that one is. */
  public static boolean isFurther(double ratio, double than) {
    return than > 1 ? ratio > than : than < 1 ? ratio < than : ratio != 1;
  }

  /** The episode with one more window. */
  Episode with(long timeUs, double value, Reading reading) {
    boolean isPeak = isFurther(reading.ratio(), peakRatio);
    End now =
        reading.status() != SeriesStatus.RESOLVED
            ? End.STILL_OPEN
            : reading.levelShift() ? End.LEVEL_SHIFT : End.RESOLVED;
    return new Episode(
        firstUs,
        openedUs,
        timeUs,
        now,
        windows + 1,
        baseline,
        isPeak ? value : peakValue,
        isPeak ? timeUs : peakUs,
        isPeak ? reading.ratio() : peakRatio,
        excess + value - reading.baseline(),
        Math.max(score, reading.score()));
  }
}
