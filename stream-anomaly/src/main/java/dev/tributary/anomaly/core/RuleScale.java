package dev.tributary.anomaly.core;

/**
 * How far a value is from its baseline by chance, as the rule needs it: in units that change with
 * the baseline and the samples as chance does, so that a busy day does not hide what happens at
 * night. What is made of n samples errs by its level over the root of n, a share by the root of p
 * (1 - p) / n. Where nobody counts samples, an amount errs with the root of what is expected, and
 * hours that err more than that are given more.
 */
final class RuleScale {
  /** A baseline below this part of what is usual errs as if it were as much. */
  private static final double LEAST_SHARE = 0.05;

  private static final double LEAST_VARIANCE = 1e-3;

  /** The 98th percentile of the absolute value of a standard normal. */
  private static final double NORMAL_98 = 2.326;

  /** A tail heavier than this does not excuse more. */
  private static final double MOST_HEAVY = 2;

  private final ValueKind kind;
  private final ErrorScale errors;
  private final HighQuantile high = new HighQuantile(NORMAL_98);
  private final ErrorMemory memory = new ErrorMemory();

  /**
   * @param memory windows after which old errors have mostly faded
   */
  RuleScale(ValueKind kind, double memory) {
    this.kind = kind;
    this.errors = ErrorScale.maturing(memory);
  }

  /**
   * Standard deviation of a value by chance.
   *
   * @param expected baseline
   * @param usual the series' mean
   * @param samples behind the value; NaN: nobody counts them
   * @param hourly how large errors are at that hour over all hours
   */
  double sigma(double expected, double usual, double samples, double hourly) {
    double unit = unit(expected, usual, samples);
    if (!Double.isNaN(samples)) {
      return errors.sigma() * unit;
    }
    double byLevel = unit / unit(usual, usual, samples);
    return errors.sigma() * unit * Math.max(1, hourly / byLevel);
  }

  /** At least 1: how much further out the tail lies than a normal one. */
  double heaviness() {
    return Math.max(1, Math.min(MOST_HEAVY, high.value() / NORMAL_98));
  }

  /** How much of an error is still there in the next window, from 0 to 1. */
  double correlation() {
    return memory.correlation();
  }

  /** The next window that is added does not follow the last one. */
  void interrupt() {
    memory.interrupt();
  }

  void add(double value, double expected, double usual, double samples) {
    double error = (value - expected) / unit(expected, usual, samples);
    double sigma = errors.sigma();
    if (sigma > 0) {
      memory.add(error / sigma);
      high.add(Math.max(Math.abs(error) / sigma, 1e-6));
    }
    errors.add(error);
  }

  private double unit(double expected, double usual, double samples) {
    double count = Double.isNaN(samples) ? 1 : Math.max(1, samples);
    return switch (kind) {
      case AMOUNT -> {
        double level = Math.max(Math.max(expected, LEAST_SHARE * usual), 1e-300);
        yield Double.isNaN(samples) ? Math.sqrt(level) : level / Math.sqrt(count);
      }
      case SHARE -> Math.sqrt(Math.max(expected * (1 - expected), LEAST_VARIANCE) / count);
      case SIGNED -> 1;
    };
  }

  void save(StateWriter to) {
    errors.save(to);
    high.save(to);
    memory.save(to);
  }

  void load(StateReader from) {
    errors.load(from);
    high.load(from);
    if (from.hasMore()) { // older states end here
      memory.load(from);
    }
  }
}
