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

  /** The same where the week is known: few calls blur what tells a Monday from other days. */
  private static final double WEEK_SHARPNESS = 12;

  private static final double TREND_LEAST = 0.25;
  private static final double TREND_MOST = 4;

  private final Season season;
  private final double stepUs;
  private final double memoryUs;
  private final boolean isRatio;

  private final Profile profile;
  private final ErrorScale levelError = new ErrorScale(MEMORY);
  private final ErrorScale dayError = new ErrorScale(MEMORY);

  /** The three where the week is known: they are compared on the same windows. */
  private final ErrorScale weekError = new ErrorScale(MEMORY);

  private final ErrorScale levelInWeek = new ErrorScale(MEMORY);
  private final ErrorScale dayInWeek = new ErrorScale(MEMORY);
  private final ErrorScale error;
  private double level = Double.NaN;
  private double count;

  private final Trend recentDay = new Trend();
  private final Trend recentWeek = new Trend();

  Baseline(Season season, double stepUs, double memoryUs, boolean isRatio) {
    this.season = season;
    this.stepUs = stepUs;
    this.memoryUs = memoryUs;
    this.isRatio = isRatio;
    this.profile = new Profile(stepUs);
    this.error =
        new ErrorScale(Math.max(LEAST_MEMORY, Math.min(MEMORY, ERROR_DAYS * DAY_US / stepUs)));
  }

  /** NaN before the first value. */
  double at(long timeUs) {
    if (Double.isNaN(level) || season == Season.NONE) {
      return level;
    }
    double day = ofDay(timeUs);
    if (season != Season.WEEK || !profile.knowsWeek(timeUs)) {
      double least = Math.min(levelError.sigma(), dayError.sigma());
      double levelWeight = weight(levelError, least, SHARPNESS);
      double dayWeight = weight(dayError, least, SHARPNESS);
      return (levelWeight * level + dayWeight * day) / (levelWeight + dayWeight);
    }
    double week = ofWeek(timeUs);
    if (weekError.count() == 0) {
      return week;
    }
    double least = Math.min(weekError.sigma(), Math.min(levelInWeek.sigma(), dayInWeek.sigma()));
    double levelWeight = weight(levelInWeek, least, WEEK_SHARPNESS);
    double dayWeight = weight(dayInWeek, least, WEEK_SHARPNESS);
    double weekWeight = weight(weekError, least, WEEK_SHARPNESS);
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
      addToSeason(timeUs, value, tame);
    }
    count++;
    double gain = Math.max(1 / count, 1 - Math.exp(-stepUs / memoryUs));
    level += gain * (tame - level);
  }

  /**
   * An hour of the week that was never seen says nothing of the week, neither how well it is known
   * nor how the last day went against it: the first Sunday is no reason to expect less on Monday.
   */
  private void addToSeason(long timeUs, double value, double tame) {
    double fade = Math.exp(-stepUs / DAY_US);
    dayError.add(value - ofDay(timeUs));
    recentDay.fade(fade);
    recentDay.add(tame, profile.ofDay(timeUs, level));
    recentWeek.fade(fade);
    if (profile.knowsWeek(timeUs)) {
      weekError.add(value - ofWeek(timeUs));
      levelInWeek.add(value - level);
      dayInWeek.add(value - ofDay(timeUs));
      recentWeek.add(tame, profile.seenOfWeek(timeUs));
    }
    profile.add(timeUs, value, spread());
  }

  /** Nothing came for a while: the unfinished hour is forgotten. */
  void interrupt() {
    profile.interrupt();
  }

  /** Takes a new level for the usual one. */
  void accept(double from, double to) {
    if (isRatio && from > 0 && to > 0) {
      profile.scale(to / from, to);
      level = Profile.scaled(level, to / from, to);
    } else {
      profile.move(to - from);
      level += to - from;
    }
    recentDay.fade(0);
    recentWeek.fade(0);
    profile.interrupt();
  }

  private double ofDay(long timeUs) {
    return moved(profile.ofDay(timeUs, level), recentDay);
  }

  private double ofWeek(long timeUs) {
    return moved(profile.ofWeek(timeUs, level), recentWeek);
  }

  private double moved(double usual, Trend recent) {
    double half = DAY_US / stepUs / 2;
    double trust = recent.weight / (recent.weight + half);
    if (isRatio && recent.usual > 0 && recent.value > 0) {
      double ratio = Math.max(TREND_LEAST, Math.min(TREND_MOST, recent.value / recent.usual));
      return usual * Math.pow(ratio, trust);
    }
    return recent.weight > 0
        ? usual + trust * (recent.value - recent.usual) / recent.weight
        : usual;
  }

  /** Trailing sums of value and profile, whose ratio (or difference) moves the profile. */
  private static final class Trend {
    private double value;
    private double usual;
    private double weight;

    void fade(double by) {
      value *= by;
      usual *= by;
      weight *= by;
    }

    void add(double value, double usual) {
      this.value += value;
      this.usual += usual;
      weight++;
    }

    void save(StateWriter to) {
      to.number(value).number(usual).number(weight);
    }

    void load(StateReader from) {
      value = from.number();
      usual = from.number();
      weight = from.number();
    }
  }

  /** 1 for the one that errs least. */
  private static double weight(ErrorScale scale, double least, double sharpness) {
    return scale.sigma() <= least ? 1 : Math.pow(least / scale.sigma(), sharpness);
  }

  void save(StateWriter to) {
    profile.save(to);
    levelError.save(to);
    dayError.save(to);
    weekError.save(to);
    levelInWeek.save(to);
    dayInWeek.save(to);
    error.save(to);
    to.number(level);
    to.number(count);
    recentDay.save(to);
    recentWeek.save(to);
  }

  void load(StateReader from) {
    profile.load(from);
    levelError.load(from);
    dayError.load(from);
    weekError.load(from);
    levelInWeek.load(from);
    dayInWeek.load(from);
    error.load(from);
    level = from.number();
    count = from.number();
    recentDay.load(from);
    recentWeek.load(from);
  }
}
