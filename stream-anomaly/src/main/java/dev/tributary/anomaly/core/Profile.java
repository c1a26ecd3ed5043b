package dev.tributary.anomaly.core;

/**
 * What a series usually is at an hour of the day and of the week. A slot holds the robust mean of
 * the hour's visits; what is shorter than an hour lies, with its middle, between the middles of two
 * hours, and is interpolated. Hours of the week are shrunk to the hour of the day, hours of the day
 * to the level: {@code w = n / (n + k)} over the visits n.
 */
final class Profile {
  private static final int DAY = 24;
  private static final int WEEK = 168;
  private static final double HOUR_US = 3_600e6;

  /** Half hours by which midnight comes before that of UTC, at most; New Zealand's is 26. */
  private static final long FARTHEST_EAST = 27;

  /** Half a visit's weight for the level an hour of the day is shrunk to. */
  private static final double DAY_SHRINK = 0.5;

  /** An hour of the week comes once a week: it must be believed soon. */
  private static final double WEEK_SHRINK = 0.3;

  private static final double STEP = 2;
  private static final double LEAST_GAIN = 0.2;

  /** Visits further off than so many spreads count as so many. */
  private static final double CLIP = 3;

  /** A factor leaves a slot within so many times a new level, unless it was beyond before. */
  private static final double FARTHEST = 10;

  private final float[] day = new float[DAY];
  private final float[] dayVisits = new float[DAY];
  private final float[] week = new float[WEEK];
  private final float[] weekVisits = new float[WEEK];

  private final double stepUs;

  private long visitHour = Long.MIN_VALUE;
  private double visitSum;
  private double visitCount;

  /**
   * A profile of nothing yet.
   *
   * @param stepUs regular distance of two windows, microseconds
   */
  Profile(double stepUs) {
    this.stepUs = stepUs;
  }

  /** Adds a value; an hour enters its slots when the next one begins. */
  void add(long timeUs, double value, double spread) {
    long hour = hourOf(timeUs);
    if (hour != visitHour) {
      commit(spread);
      visitHour = hour;
    }
    visitSum += value;
    visitCount++;
  }

  /** Forgets the unfinished hour. */
  void interrupt() {
    visitHour = Long.MIN_VALUE;
    visitSum = 0;
    visitCount = 0;
  }

  /** Usual value at that time of day, shrunk to the level. */
  double ofDay(long timeUs, double level) {
    return between(timeUs, level, false);
  }

  /** Usual value at that time of the week, shrunk to the time of day. */
  double ofWeek(long timeUs, double level) {
    return between(timeUs, level, true);
  }

  /** What was seen at that time of the week, shrunk to nothing. */
  double seenOfWeek(long timeUs) {
    return week[Math.floorMod(hourOf(timeUs), WEEK)];
  }

  /** Whether that time of the week was seen before. */
  boolean knowsWeek(long timeUs) {
    return weekVisits[Math.floorMod(hourOf(timeUs), WEEK)] > 0;
  }

  /** Moves all slots to a new level by a factor, as {@link #scaled} does it. */
  void scale(double factor, double level) {
    for (int i = 0; i < DAY; i++) {
      day[i] = stored(scaled(day[i], factor, level));
    }
    for (int i = 0; i < WEEK; i++) {
      week[i] = stored(scaled(week[i], factor, level));
    }
  }

  /**
   * A value times a factor, though not carried further from the new level than ten times: an hour
   * that is usually next to nothing makes a factor of thousands, and hours that are not would never
   * come back from where it takes them.
   */
  static double scaled(double value, double factor, double level) {
    // Nothing stays nothing, also times a factor that no number holds.
    double scaled = value == 0 ? 0 : value * factor;
    return factor > 1
        ? Math.min(scaled, Math.max(value, FARTHEST * level))
        : Math.max(scaled, Math.min(value, level / FARTHEST));
  }

  /** Moves all slots by a distance. */
  void move(double distance) {
    for (int i = 0; i < DAY; i++) {
      day[i] = stored(day[i] + distance);
    }
    for (int i = 0; i < WEEK; i++) {
      week[i] = stored(week[i] + distance);
    }
  }

  private void commit(double spread) {
    double mean = visitSum / visitCount;
    if (visitCount > 0 && isStorable(mean)) {
      learn(day, dayVisits, Math.floorMod(visitHour, DAY), mean, spread);
      learn(week, weekVisits, Math.floorMod(visitHour, WEEK), mean, spread);
    }
    visitSum = 0;
    visitCount = 0;
  }

  private static void learn(float[] slots, float[] visits, int slot, double mean, double spread) {
    double gain = Math.max(LEAST_GAIN, 1 / (visits[slot] + 1.0));
    double error = mean - slots[slot];
    if (visits[slot] >= 2 && spread > 0) {
      error = Math.max(-CLIP * spread, Math.min(CLIP * spread, error));
    }
    slots[slot] = stored(slots[slot] + (float) (gain * error));
    visits[slot] = Math.min(visits[slot] + 1, 60);
  }

  /** Slots are half as wide as values: hours of what is too far or too near to 0 are not known. */
  private static boolean isStorable(double value) {
    double size = Math.abs(value);
    return size == 0 || (size >= Float.MIN_NORMAL && size <= Float.MAX_VALUE);
  }

  private static float stored(double value) {
    return (float) Math.max(-Float.MAX_VALUE, Math.min(Float.MAX_VALUE, value));
  }

  private double between(long timeUs, double level, boolean ofWeek) {
    double middle = stepUs < HOUR_US ? (timeUs + stepUs / 2) / HOUR_US - 0.5 : hourOf(timeUs);
    long before = (long) Math.floor(middle);
    double share = middle - before;
    double one = slot(before, level, ofWeek);
    double other = slot(before + 1, level, ofWeek);
    if (isStep(one, other)) {
      return share < 0.5 ? one : other;
    }
    return (1 - share) * one + share * other;
  }

  /** What doubles from one hour to the next starts with the hour; it has no slope to follow. */
  private static boolean isStep(double one, double other) {
    return one > 0 && other > 0 && (one > STEP * other || other > STEP * one);
  }

  private double slot(long hour, double level, boolean ofWeek) {
    int h = Math.floorMod(hour, DAY);
    double usual = shrink(day[h], dayVisits[h], level, DAY_SHRINK);
    if (ofWeek) {
      int w = Math.floorMod(hour, WEEK);
      usual = shrink(week[w], weekVisits[w], usual, WEEK_SHRINK);
    }
    return usual;
  }

  private static double shrink(double value, double visits, double to, double by) {
    double weight = visits / (visits + by);
    return weight * value + (1 - weight) * to;
  }

  /**
   * The hour a time lies in. One value a day lies in the first hour of its day, whatever the zone
   * in which its midnights are: they move when clocks are set.
   */
  private long hourOf(long timeUs) {
    long hour = Math.floorDiv(timeUs, (long) HOUR_US);
    return stepUs == DAY * HOUR_US ? DAY * Math.floorDiv(2 * hour + FARTHEST_EAST, 2L * DAY) : hour;
  }

  void save(StateWriter to) {
    to.sparse(day);
    to.counts(dayVisits);
    to.sparse(week);
    to.counts(weekVisits);
    to.whole(visitHour);
    to.number(visitSum);
    to.number(visitCount);
  }

  void load(StateReader from) {
    from.sparse(day);
    from.counts(dayVisits);
    from.sparse(week);
    from.counts(weekVisits);
    visitHour = from.whole();
    visitSum = from.number();
    visitCount = from.number();
  }
}
