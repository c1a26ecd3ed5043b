package dev.tributary.anomaly.core;

/**
 * Foretells the next window with whichever of a few simple forecasts has erred least on this
 * series. A wild value does not enter them until it has come {@value #ACCEPT_AFTER} times in a row,
 * so that a spike has no echo.
 */
final class NextValue {
  private static final int LAST = 0;
  private static final int QUICK = 1;
  private static final int SLOW = 2;
  private static final int BASELINE = 3;
  private static final int BASELINE_SHIFTED = 4;
  private static final int TREND = 5;
  private static final int COUNT = 6;

  private static final double QUICK_GAIN = 0.3;
  private static final double SLOW_GAIN = 0.08;
  private static final double TREND_SHARE = 0.8;
  private static final double WILD = 5;
  private static final int ACCEPT_AFTER = 8;
  private static final double MEMORY = 1000;

  /** Errors that a forecast has to be judged by before another may take its place. */
  private static final double JUDGED = 12;

  private final ErrorScale[] errors = new ErrorScale[COUNT];
  private final double[] forecast = new double[COUNT];
  private double last;
  private double beforeLast;
  private double quick;
  private double slow;
  private double shift;
  private int wild;
  private boolean isStarted;

  NextValue() {
    for (int i = 0; i < COUNT; i++) {
      errors[i] = new ErrorScale(MEMORY);
    }
  }

  /** The value minus what was foretold; 0 for the first. */
  double error(double value, double baseline) {
    if (!isStarted) {
      return 0;
    }
    foretell(baseline);
    return value - forecast[best()];
  }

  /** Usual size of that error. */
  double sigma() {
    return errors[best()].sigma();
  }

  /**
   * Learns a value.
   *
   * @param isHome whether it is where the baseline expects it: then it is never held off
   */
  void add(double value, double baseline, double leastSigma, boolean isHome) {
    if (!isStarted) {
      isStarted = true;
      restart(value, baseline);
      return;
    }
    foretell(baseline);
    double limit = WILD * Math.max(sigma(), leastSigma);
    boolean isJudged = errors[LAST].count() > JUDGED;
    boolean isWild = isJudged && Math.abs(value - forecast[best()]) > limit && limit > 0;
    boolean isForetoldStep =
        isHome
            && isJudged
            && Math.abs(value - last) > WILD * Math.max(errors[LAST].sigma(), leastSigma);
    for (int i = 0; i < COUNT; i++) {
      errors[i].add(value - forecast[i]);
    }
    wild = isWild ? wild + 1 : 0;
    if (wild >= ACCEPT_AFTER || (isWild && isHome) || isForetoldStep) {
      restart(value, baseline);
    } else if (!isWild) {
      follow(value, baseline);
    }
  }

  private void follow(double value, double baseline) {
    beforeLast = last;
    last = value;
    quick += QUICK_GAIN * (value - quick);
    slow += SLOW_GAIN * (value - slow);
    shift += QUICK_GAIN * (value - baseline - shift);
  }

  private void restart(double value, double baseline) {
    wild = 0;
    last = value;
    beforeLast = value;
    quick = value;
    slow = value;
    shift = value - baseline;
  }

  private void foretell(double baseline) {
    forecast[LAST] = last;
    forecast[QUICK] = quick;
    forecast[SLOW] = slow;
    forecast[BASELINE] = baseline;
    forecast[BASELINE_SHIFTED] = baseline + shift;
    forecast[TREND] = last + TREND_SHARE * (last - beforeLast);
  }

  private int best() {
    int best = SLOW;
    for (int i = 0; i < COUNT; i++) {
      if (errors[i].count() > JUDGED && errors[i].sigma() < errors[best].sigma()) {
        best = i;
      }
    }
    return best;
  }

  void save(StateWriter to) {
    for (ErrorScale error : errors) {
      error.save(to);
    }
    to.number(last).number(beforeLast).number(quick).number(slow).number(shift);
    to.whole(wild).flag(isStarted);
  }

  void load(StateReader from) {
    for (ErrorScale error : errors) {
      error.load(from);
    }
    last = from.number();
    beforeLast = from.number();
    quick = from.number();
    slow = from.number();
    shift = from.number();
    wild = (int) from.whole();
    isStarted = from.flag();
  }
}
