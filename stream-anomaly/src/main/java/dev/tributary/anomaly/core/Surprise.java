package dev.tributary.anomaly.core;

/**
 * How surprising a window is, in standard deviations of the series' own errors, and the score made
 * of it. Three views, the largest counts: the window against what its neighbours foretold (spikes
 * and dips), the last few windows against the baseline (shifts and drifts), and the size of recent
 * errors against their usual size (noise that swells or dies). Each is divided by its own trailing
 * scale, and all by how heavy the series' tail is, so that a bursty series does not score high for
 * being so.
 */
final class Surprise {
  /** Score is half here: a tail probability of 1e-4. */
  private static final double HALF = 3.719;

  /** As many deviations are as good as any: the square of more may be no number. */
  private static final double FARTHEST = 1e12;

  private static final double NEVER_US = Double.NEGATIVE_INFINITY;
  private static final double POWER = 2;
  private static final double SMOOTH_GAIN = 0.2;
  private static final double SWELL_GAIN = 0.1;

  /** Within so many spreads of the baseline a series is where it belongs. */
  private static final double HOME = 2;

  /** Share of its score that a window keeps which merely comes home after a greater surprise. */
  private static final double HOMECOMING = 0.5;

  /**
   * A window counts as so many spreads in a mean of several, or a spike had an echo for an hour.
   */
  private static final double ECHO = 4;

  /** Errors of the next value by which the baseline moves when the series has a step there. */
  private static final double STEP = 2;

  /** Steps that the baseline has to have foretold, and how much smaller its errors there are. */
  private static final double SURE_STEPS = 10;

  /** Steps after which old errors at steps have mostly faded. */
  private static final double STEPS = 30;

  private static final double SURE = 4;

  private static final double LEAST_SMOOTHED = 24;
  private static final double SMOOTH_WEIGHT = 1.2;
  private static final double SWELL_WEIGHT = 0.7;
  private static final double FAR_WEIGHT = 0.5;
  private static final double MEMORY = 800;
  private static final double CLIP = 12;

  /** The 98th percentile of the absolute value of a standard normal. */
  private static final double NORMAL_98 = 2.326;

  /**
   * Share of the score that a window loses which is no more surprising than the ones just before.
   */
  private static final double STALE = 0.3;

  private static final double STALE_WINDOWS = 60;
  private static final double STALE_US = 6 * 3_600e6;
  private static final double HOUR_US = 3_600e6;
  private static final double LEAST_HOURLY = 0.4;
  private static final double MOST_HOURLY = 4;

  private final double memoryDecay;

  /** What surprised at the same time of the day: it does so no more. */
  private final Habits habits;

  private final NextValue next = new NextValue();
  private final HighQuantile high = new HighQuantile(2.6);
  private final ErrorScale smoothScale = new ErrorScale(MEMORY);
  private final ErrorScale swellScale = new ErrorScale(MEMORY);
  private final float[] hourly = new float[24];
  private final float[] hourlyCount = new float[24];
  private double smooth;
  private double swell = 0.8;
  private double usualSwell = 0.8;
  private double count;
  private double remembered;
  private final ErrorScale stepError = new ErrorScale(STEPS);
  private double baselineBefore = Double.NaN;
  private double offBefore;

  Surprise(Season season, double stepUs) {
    this.habits = new Habits(season, stepUs);
    this.memoryDecay = Math.exp(-1 / Math.max(STALE_WINDOWS, STALE_US / stepUs));
  }

  /** At least 1: how much further out the tail lies than a normal one. */
  double heaviness() {
    return Math.max(1, high.value() / NORMAL_98);
  }

  /** How large errors are at this hour of the day, over all hours; 1 is usual. */
  double hourly(long timeUs) {
    int hour = hourOf(timeUs);
    double trust = hourlyCount[hour] / (hourlyCount[hour] + 60.0);
    double ratio = hourly[hour] / 0.798;
    return Math.max(LEAST_HOURLY, Math.min(MOST_HOURLY, trust * ratio + 1 - trust));
  }

  /** Nothing came for a while: what was smoothed is stale. */
  void interrupt() {
    smooth = 0;
    baselineBefore = Double.NaN;
  }

  /**
   * Score of a window, which it also learns.
   *
   * @param spread usual distance from the baseline
   * @param least smallest scale that is believed
   * @param isOpen while an episode is open nothing is learned but the next value
   */
  double score(
      long timeUs, double value, double baseline, double spread, double least, boolean isOpen) {
    double hourly = hourly(timeUs);
    double habit = habits.usual(timeUs, value, baseline, timeUs, NEVER_US);
    double distance = value - Departure.nearest(value, baseline, habit);
    double error = unforeseen(next.error(value, baseline), distance, habit);
    double errorScale = Math.max(next.sigma() * hourly, least);
    boolean isHome = Math.abs(distance) <= HOME * Math.max(spread, least);
    boolean isArrival = isHome;
    if (isStep(baseline, errorScale)) {
      double step = baseline - baselineBefore;
      isArrival |= Math.abs(distance) < Math.abs(step) / SURE;
      error = beyondStep(error, distance, value - baseline, step);
      stepError.add(distance);
      errorScale = Math.max(errorScale, stepError.sigma());
    }
    baselineBefore = baseline;
    offBefore = value - baseline;
    double sudden = count < 12 ? 0 : bounded(error / errorScale);
    next.add(value, baseline, least, isArrival);

    double usual = Math.max(spread, least);
    double off = Math.max(-ECHO * usual, Math.min(ECHO * usual, distance));
    smooth += SMOOTH_GAIN * (off - smooth);
    double smoothSigma = Math.max(smoothScale.sigma(), 0.3 * usual);
    double shifted = count < LEAST_SMOOTHED || smoothSigma <= 0 ? 0 : smooth / smoothSigma;

    swell += SWELL_GAIN * (Math.min(Math.abs(sudden), CLIP) - swell);
    double swollen = Math.log((swell + 0.05) / (usualSwell + 0.05));
    double swellSigma = Math.max(swellScale.sigma(), 0.1);
    double noisy = count < 60 ? 0 : swollen / swellSigma;

    double far = count < LEAST_SMOOTHED ? 0 : bounded(distance / usual);

    double sigmas =
        Math.max(
            Math.max(Math.abs(sudden), FAR_WEIGHT * Math.abs(far)),
            Math.max(SMOOTH_WEIGHT * Math.abs(shifted), SWELL_WEIGHT * Math.abs(noisy)));
    double raw = toScore(sigmas / heaviness());
    boolean isFar =
        count >= LEAST_SMOOTHED && (raw >= 0.5 || Math.abs(value - baseline) > ECHO * usual);
    if (isFar || Habits.isNearer(value, habit, baseline)) {
      habits.add(timeUs, value, baseline);
    }
    if (!isOpen) {
      learn(timeUs, Math.abs(sudden), sigmas, swollen);
    }
    count++;
    return fresh(isHome && remembered > raw ? raw * HOMECOMING : raw);
  }

  /** What is beyond all numbers, by what is, is unknown: no surprise. */
  private static double bounded(double sigmas) {
    return Double.isNaN(sigmas) ? 0 : Math.max(-FARTHEST, Math.min(FARTHEST, sigmas));
  }

  /** Where a habit begins or ends, a move between it and the baseline is none. */
  private static double unforeseen(double error, double distance, double habit) {
    if (Double.isNaN(habit)) {
      return error;
    }
    return error > 0
        ? Math.min(error, Math.max(0, distance))
        : Math.max(error, Math.min(0, distance));
  }

  /**
   * Whether the baseline has the series go up or down here, as at the beginning of office hours.
   */
  private boolean isStep(double baseline, double errorScale) {
    return count > LEAST_SMOOTHED && Math.abs(baseline - baselineBefore) > STEP * errorScale;
  }

  /**
   * What neighbours cannot foretell, the baseline has: the series arrived there, or it was off and
   * is by no more than before. A step that did not come is a surprise where steps came so far.
   */
  private double beyondStep(double error, double distance, double off, double step) {
    double change = off - offBefore;
    double least = Math.abs(change) < Math.abs(distance) ? change : distance;
    boolean isSure = stepError.count() >= SURE_STEPS && Math.abs(step) > SURE * stepError.sigma();
    return isSure || Math.abs(least) < Math.abs(error) ? least : error;
  }

  private void learn(long timeUs, double sudden, double sigmas, double swollen) {
    smoothScale.add(smooth);
    swellScale.add(swollen);
    usualSwell += (swell - usualSwell) / Math.min(count + 10, MEMORY);
    if (count >= 12) {
      high.add(Math.max(sigmas, 1e-6));
      int hour = hourOf(timeUs);
      hourlyCount[hour] = Math.min(hourlyCount[hour] + 1, 500);
      double tame = Math.min(sudden * hourly(timeUs), 4);
      hourly[hour] += (float) ((tame - hourly[hour]) / hourlyCount[hour]);
    }
  }

  /** The first surprise counts in full; what merely goes on counts less, and more again in time. */
  private double fresh(double raw) {
    double stale = raw > 0 ? Math.min(1, remembered / raw) : 0;
    remembered = Math.max(raw, remembered * memoryDecay);
    return raw * (1 - STALE * stale);
  }

  private static double toScore(double sigmas) {
    double power = Math.pow(sigmas / HALF, POWER);
    return power / (1 + power);
  }

  private static int hourOf(long timeUs) {
    return (int) Math.floorMod((long) Math.floor(timeUs / HOUR_US), 24L);
  }

  void save(StateWriter to) {
    next.save(to);
    high.save(to);
    smoothScale.save(to);
    swellScale.save(to);
    to.sparse(hourly);
    to.counts(hourlyCount);
    to.number(smooth);
    to.number(swell);
    to.number(usualSwell);
    to.number(count);
    to.number(remembered);
  }

  void load(StateReader from) {
    next.load(from);
    high.load(from);
    smoothScale.load(from);
    swellScale.load(from);
    from.sparse(hourly);
    from.counts(hourlyCount);
    smooth = from.number();
    swell = from.number();
    usualSwell = from.number();
    count = from.number();
    remembered = from.number();
  }

  void saveMore(StateWriter to) {
    habits.save(to);
    to.number(baselineBefore).number(offBefore);
    stepError.save(to);
  }

  void loadMore(StateReader from) {
    habits.load(from);
    if (from.hasMore()) { // older states end here
      baselineBefore = from.number();
      offBefore = from.number();
      stepError.load(from);
    }
  }
}
