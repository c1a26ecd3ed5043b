package dev.tributary.anomaly.core;

/**
 * How far a value is off by chance, and how many samples it stands for: the scale of the series'
 * errors, and the least that is believed of it.
 */
final class Chance {
  private static final double SAMPLES_MEMORY = 500;

  private final ValueKind values;
  private final Spread spread = new Spread();
  private final RareMoves moves = new RareMoves();
  private final RuleScale scale;
  private double usualSamples;

  /**
   * @param memory windows after which old errors have mostly faded
   */
  Chance(ValueKind values, double memory) {
    this.values = values;
    this.scale = new RuleScale(values, memory);
  }

  /**
   * Counts the samples of a window. Few of them blur a value: its error grows with the root of how
   * few they are, which is what is returned, at least 1.
   *
   * @param windows so far, this one too
   */
  double thinness(double samples, double windows) {
    if (Double.isNaN(samples) || samples <= 0) {
      return 1;
    }
    usualSamples += (samples - usualSamples) / Math.min(windows, SAMPLES_MEMORY);
    return Math.sqrt(Math.max(1, usualSamples / samples));
  }

  /**
   * Samples that chance is reckoned with. An amount that grows with its samples is not surer for
   * having by chance, or in an episode, more of them than are expected at that level.
   */
  double sure(double samples, double expected) {
    boolean grows = values == ValueKind.AMOUNT && usual() > 0 && !Double.isNaN(samples);
    return grows ? Math.min(samples, Math.max(1, usualSamples * expected / usual())) : samples;
  }

  /**
   * Standard deviation of a window of which so much is expected.
   *
   * @param hourly how large errors are at that hour over all hours
   */
  double sigma(double samples, double expected, double hourly) {
    double sure = sure(samples, expected);
    return Math.max(scale.sigma(expected, usual(), sure, hourly), least());
  }

  /** Smallest standard deviation that is believed. */
  double least() {
    return Math.max(spread.least(), moves.sigma());
  }

  /** The series' mean, without its sign. */
  double usual() {
    return Math.abs(spread.mean());
  }

  /** At least 1: how much further out the tail lies than a normal one. */
  double heaviness() {
    return scale.heaviness();
  }

  /** How much of an error is still there in the next window, from 0 to 1. */
  double correlation() {
    return scale.correlation();
  }

  /**
   * Whether a value is the first that is not zero: by how many parts of nothing it is off cannot be
   * said, and any number put for it hides for weeks what is off by parts of something.
   */
  boolean isFirstAmount(double value, double expected) {
    boolean wasNothing = expected == 0 && spread.mean() == 0;
    return values == ValueKind.AMOUNT && wasNothing && value > 0;
  }

  /** Learns how large values are, whatever is expected of them. */
  void learn(double value) {
    spread.add(value);
    moves.add(value);
  }

  /** Learns how far a value was off. */
  void learnError(double value, double expected, double samples) {
    scale.add(value, expected, usual(), sure(samples, expected));
  }

  /** The next error does not follow the last one. */
  void interrupt() {
    scale.interrupt();
  }

  void saveSamples(StateWriter to) {
    to.number(usualSamples);
  }

  void loadSamples(StateReader from) {
    usualSamples = from.number();
  }

  void save(StateWriter to) {
    spread.save(to);
    scale.save(to);
    moves.save(to);
  }

  void load(StateReader from) {
    spread.load(from);
    scale.load(from);
    if (from.hasMore()) { // older states end here
      moves.load(from);
    }
  }
}
