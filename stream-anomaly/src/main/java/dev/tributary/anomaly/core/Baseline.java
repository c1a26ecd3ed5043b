package dev.tributary.anomaly.core;

/**
 * What a series is expected to be, slowly: trailing level, daily and weekly profile, each weighed
 * by how little it has erred, so that a series without a season is not given one. Values further
 * off than three spreads enter as three.
 */
final class Baseline {
  private static final double DAY_US = 86_400e6;
  private static final double CLIP = 3;
  private static final double MEMORY = 2000;
  private static final double LEAST_MEMORY = 100;

  /** The spread forgets what the profile did not know yet. */
  private static final double ERROR_DAYS = 2;

  /** Sharpness of the choice among level, day and week: an error twice as large weighs 1/64. */
  private static final double SHARPNESS = 6;

  private static final double TREND_LEAST = 0.25;
  private static final double TREND_MOST = 4;

  private final Season season;
  private final double stepUs;
  private final double memoryUs;
  private final boolean isRatio;

  private final Profile profile = new Profile();
  private final ErrorScale levelError = new ErrorScale(MEMORY);
  private final ErrorScale dayError = new ErrorScale(MEMORY);
  private final ErrorScale weekError = new ErrorScale(MEMORY);
  private final ErrorScale error;
  private double level = Double.NaN;
  private double count;

  /** Trailing sums of value and profile, whose ratio (or difference) moves the profile. */
  private double recentValue;

  private double recentDay;
  private double recentWeek;
  private double recentWeight;

  Baseline(Season season, double stepUs, double memoryUs, boolean isRatio) {
    this.season = season;
    this.stepUs = stepUs;
    this.memoryUs = memoryUs;
    this.isRatio = isRatio;
    this.error =
        new ErrorScale(Math.max(LEAST_MEMORY, Math.min(MEMORY, ERROR_DAYS * DAY_US / stepUs)));
  }

  /** NaN before the first value. */
  double at(long timeUs) {
    if (Double.isNaN(level) || season == Season.NONE) {
      return level;
    }
    double day = ofDay(timeUs);
    boolean hasWeek = season == Season.WEEK;
    double least = Math.min(levelError.sigma(), dayError.sigma());
    least = hasWeek ? Math.min(least, weekError.sigma()) : least;
    double levelWeight = weight(levelError, least);
    double dayWeight = weight(dayError, least);
    double weekWeight = hasWeek ? weight(weekError, least) : 0;
    double week = hasWeek ? ofWeek(timeUs) : 0;
    return (levelWeight * level + dayWeight * day + weekWeight * week)
        / (levelWeight + dayWeight + weekWeight);
  }

  /** Usual distance of a value from the baseline, as a standard deviation. */
  double spread() {
    return error.sigma();
  }

  void add(long timeUs, double value) {
    if (Double.isNaN(level)) {
      level = value;
    }
    double expected = at(timeUs);
    double limit = CLIP * spread();
    double tame = value;
    if (count > 24 && limit > 0) {
      tame = Math.max(expected - limit, Math.min(expected + limit, value));
    }
    error.add(value - expected);
    levelError.add(value - level);
    if (season != Season.NONE) {
      dayError.add(value - ofDay(timeUs));
      weekError.add(value - ofWeek(timeUs));
      double usualOfDay = profile.ofDay(timeUs, level);
      double usualOfWeek = profile.ofWeek(timeUs, level);
      double fade = Math.exp(-stepUs / DAY_US);
      recentValue = recentValue * fade + tame;
      recentDay = recentDay * fade + usualOfDay;
      recentWeek = recentWeek * fade + usualOfWeek;
      recentWeight = recentWeight * fade + 1;
      profile.add(timeUs, value, spread());
    }
    count++;
    double gain = Math.max(1 / count, 1 - Math.exp(-stepUs / memoryUs));
    level += gain * (tame - level);
  }

  /** Nothing came for a while: the unfinished hour is forgotten. */
  void interrupt() {
    profile.interrupt();
  }

  /** Takes a new level for the usual one. */
  void accept(double from, double to) {
    if (isRatio && from > 0 && to > 0) {
      profile.scale(to / from, 0);
      level *= to / from;
    } else {
      profile.scale(1, to - from);
      level += to - from;
    }
    recentValue = 0;
    recentDay = 0;
    recentWeek = 0;
    recentWeight = 0;
    profile.interrupt();
  }

  private double ofDay(long timeUs) {
    return moved(profile.ofDay(timeUs, level), recentDay);
  }

  private double ofWeek(long timeUs) {
    return moved(profile.ofWeek(timeUs, level), recentWeek);
  }

  private double moved(double usual, double recentProfile) {
    double half = DAY_US / stepUs / 2;
    double trust = recentWeight / (recentWeight + half);
    if (isRatio && recentProfile > 0 && recentValue > 0) {
      double ratio = Math.max(TREND_LEAST, Math.min(TREND_MOST, recentValue / recentProfile));
      return usual * Math.pow(ratio, trust);
    }
    return recentWeight > 0 ? usual + trust * (recentValue - recentProfile) / recentWeight : usual;
  }

  /** 1 for the one that errs least. */
  private static double weight(ErrorScale scale, double least) {
    return scale.sigma() <= least ? 1 : Math.pow(least / scale.sigma(), SHARPNESS);
  }

  void save(StateWriter to) {
    profile.save(to);
    levelError.save(to);
    dayError.save(to);
    weekError.save(to);
    error.save(to);
    to.number(level);
    to.number(count);
    to.number(recentValue);
    to.number(recentDay);
    to.number(recentWeek);
    to.number(recentWeight);
  }

  void load(StateReader from) {
    profile.load(from);
    levelError.load(from);
    dayError.load(from);
    weekError.load(from);
    error.load(from);
    level = from.number();
    count = from.number();
    recentValue = from.number();
    recentDay = from.number();
    recentWeek = from.number();
    recentWeight = from.number();
  }
}
