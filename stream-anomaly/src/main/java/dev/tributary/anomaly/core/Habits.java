package dev.tributary.anomaly.core;

import java.util.Arrays;

/**
 * What a series does at the same time of the day again and again: the batch of every night, the
 * report of every Monday. A profile of hours cannot hold what begins at 02:40 or takes ten minutes,
 * and learns nothing while an episode is open. So windows that were far off are remembered, and
 * what two or three earlier days had at a time is usual then.
 */
final class Habits {
  private static final double DAY_US = 86_400e6;

  /** Windows within one slot are one; also how much earlier or later a job may come. */
  private static final double LEAST_SLOT_US = 600e6;

  /** Longest time between two days of a habit, and since the last: a week and a holiday. */
  private static final int DAYS_APART = 8;

  /** More than a day of slots: an episode of a day does not take the place of all the rest. */
  private static final int MOST = 256;

  private static final long[] NO_MARKS = {};
  private static final float[] NO_VALUES = {};

  private final boolean isOn;
  private final double slotUs;
  private final double toleranceUs;

  /**
   * Slots since the epoch, rising, twice each: even where something was below the baseline, odd
   * where it was above. Where a job begins within an hour, its profile lies between the two.
   */
  private long[] marks = NO_MARKS;

  /** The value that was farthest off, of each mark. */
  private float[] values = NO_VALUES;

  /**
   * @param season without one, days are not compared
   * @param stepUs distance of two windows
   */
  Habits(Season season, double stepUs) {
    this.isOn = season != Season.NONE;
    this.slotUs = Math.max(LEAST_SLOT_US, stepUs);
    this.toleranceUs = Math.max(Math.round(LEAST_SLOT_US / slotUs) * slotUs, slotUs / 2);
  }

  /**
   * What is usual at this time of the day besides the baseline, on the side of it that a value is
   * on: the median of the last three days that had something there, so that one of them does not
   * hide the next, or the mean where there are but two. NaN: nothing is.
   *
   * @param beforeUs what came from then on does not count: an episode does not become usual by
   *     going on
   * @param learntUs yesterday is enough of what came before: the baseline knew no more either
   */
  double usual(long timeUs, double value, double baseline, long beforeUs, double learntUs) {
    if (marks.length == 0) {
      return Double.NaN;
    }
    int side = side(value, baseline);
    double last = Double.NaN;
    double beforeLast = Double.NaN;
    int mostDays = DAYS_APART;
    for (int days = 1; days <= mostDays; days++) {
      double thenUs = timeUs - days * DAY_US;
      double farthest = farthest(thenUs, side, beforeUs);
      if (Double.isNaN(farthest)) {
        continue;
      }
      if (days == 1 && thenUs < learntUs) {
        return farthest;
      }
      if (!Double.isNaN(beforeLast)) {
        return median(last, beforeLast, farthest);
      }
      beforeLast = last;
      last = farthest;
      mostDays = Double.isNaN(beforeLast) ? days + DAYS_APART : 2 * DAYS_APART;
    }
    return (last + beforeLast) / 2;
  }

  private static double median(double one, double two, double three) {
    return Math.max(Math.min(one, two), Math.min(Math.max(one, two), three));
  }

  private static int side(double value, double baseline) {
    return value > baseline ? 1 : 0;
  }

  /** The value farthest off about a time; NaN: there is none. */
  private double farthest(double timeUs, int side, long beforeUs) {
    double slot = Math.floor(timeUs / slotUs);
    double near = toleranceUs / slotUs;
    int at = Arrays.binarySearch(marks, 2 * (long) Math.ceil(slot - near));
    double farthest = Double.NaN;
    for (int i = at < 0 ? -at - 1 : at; i < marks.length && marks[i] >> 1 <= slot + near; i++) {
      if ((marks[i] & 1) == side && isBefore(marks[i], beforeUs)) {
        farthest = Double.isNaN(farthest) ? values[i] : farther(side, farthest, values[i]);
      }
    }
    return farthest;
  }

  /** Whether the whole slot is. */
  private boolean isBefore(long mark, long timeUs) {
    return ((mark >> 1) + 1) * slotUs <= timeUs;
  }

  private static double farther(int side, double one, double other) {
    return side == 1 ? Math.max(one, other) : Math.min(one, other);
  }

  /** Whether a value is nearer to the habit than to the baseline; never where there is none. */
  static boolean isNearer(double value, double habit, double baseline) {
    return Math.abs(value - habit) < Math.abs(value - baseline);
  }

  /** Remembers a window that was far off; they come in order of time. */
  void add(long timeUs, double value, double baseline) {
    if (!isOn || Math.abs(value) > Float.MAX_VALUE) {
      return;
    }
    int side = side(value, baseline);
    long mark = 2 * (long) Math.floor(timeUs / slotUs) + side;
    int at = Arrays.binarySearch(marks, mark);
    if (at >= 0) {
      values[at] = (float) farther(side, values[at], value);
    } else {
      insert(-at - 1, mark, (float) value);
    }
  }

  /** What is too old to be looked at is left out, and the oldest where there are too many. */
  private void insert(int at, long mark, float value) {
    long oldest = mark - 2 * (long) Math.ceil((2 * DAYS_APART + 1) * DAY_US / slotUs);
    int from = Math.max(0, marks.length - MOST + 1);
    while (from < at && marks[from] < oldest) {
      from++;
    }
    long[] newMarks = new long[marks.length - from + 1];
    float[] newValues = new float[newMarks.length];
    System.arraycopy(marks, from, newMarks, 0, at - from);
    System.arraycopy(values, from, newValues, 0, at - from);
    newMarks[at - from] = mark;
    newValues[at - from] = value;
    System.arraycopy(marks, at, newMarks, at - from + 1, marks.length - at);
    System.arraycopy(values, at, newValues, at - from + 1, marks.length - at);
    marks = newMarks;
    values = newValues;
  }

  /** Forgets an episode that became the level. */
  void forgetFrom(long openedUs) {
    int kept = 0;
    while (kept < marks.length && isBefore(marks[kept], openedUs)) {
      kept++;
    }
    marks = Arrays.copyOf(marks, kept);
    values = Arrays.copyOf(values, kept);
  }

  void save(StateWriter to) {
    to.whole(marks.length);
    long before = 0;
    for (long mark : marks) {
      to.whole(mark - before);
      before = mark;
    }
    to.sparse(values);
  }

  void load(StateReader from) {
    int count = (int) from.whole();
    if (count < 0 || count > MOST) {
      throw new IllegalArgumentException(count + " remembered windows in a state");
    }
    marks = new long[count];
    long before = 0;
    for (int i = 0; i < count; i++) {
      before += from.whole();
      marks[i] = before;
    }
    values = new float[count];
    from.sparse(values);
  }
}
