package dev.tributary.anomaly.core;

/**
 * The price that a series' tokens usually have, and how far a window is off at that price. What few
 * calls cost depends on how many of them happened to go to a dear model; how many tokens they had
 * is surer. Where the tokens at their usual price are above the baseline as the spend is, the spend
 * is no accident, though it could be one by itself. What changes the price, or to which model calls
 * go, does not show here: nothing is concluded from tokens that are as usual, nor from more of them
 * than the spend has grown by.
 */
final class UsualPrice {
  /** Windows after which the price is known. */
  private static final double KNOWN = 36;

  /**
   * Time constant of the price. It is soon known, and a price that has changed soon forgotten: a
   * model of a fifth of the price with five times the tokens looks like more volume until then.
   */
  private static final double MEMORY_US = 3 * 3_600e6;

  /** A window counts as so many usual ones at most: a single wild one is not the price. */
  private static final double CLIP = 4;

  private final double memory;
  private final double scaleMemory;
  private RuleScale scale;
  private double meanValue;
  private double meanTokens;
  private double windows;

  /**
   * @param scaleMemory windows after which old errors have mostly faded
   */
  UsualPrice(double stepUs, double scaleMemory) {
    this.memory = Math.max(KNOWN, MEMORY_US / stepUs);
    this.scaleMemory = scaleMemory;
    this.scale = new RuleScale(ValueKind.AMOUNT, scaleMemory);
  }

  /**
   * Standard deviations of chance by which the tokens of a window, at their usual price but no more
   * than the value, are off its baseline; below 0 in the direction that does not matter.
   *
   * @param tokens NaN: unknown
   * @param usual the series' mean value
   * @param samples as {@link RuleScale#sigma} reckons with them
   * @param least standard deviation at least
   * @return 0 also where tokens or price are not known, or the price is another one than usual
   */
  double sigmas(
      Policy policy,
      double value,
      double tokens,
      double expected,
      double usual,
      double samples,
      double least) {
    if (policy.values() != ValueKind.AMOUNT || !isCountable(tokens) || windows < KNOWN) {
      return 0;
    }
    double sigma = Math.max(least, scale.sigma(expected, usual, samples, 1));
    double priced = priced(tokens);
    boolean isRise = Departure.isRise(policy, value, expected);
    double another = policy.factor();
    boolean isAnother = isRise ? priced > another * value : priced * another < value;
    if (isAnother || !(sigma > 0)) {
      return 0;
    }
    return isRise
        ? (Math.min(priced, value) - expected) / sigma
        : (expected - Math.max(priced, value)) / sigma;
  }

  /** At least 1: how much further out the tail of its errors lies than a normal one. */
  double heaviness() {
    return scale.heaviness();
  }

  /** How much of an error is still there in the next window, from 0 to 1. */
  double correlation() {
    return scale.correlation();
  }

  private static boolean isCountable(double tokens) {
    return tokens > 0 && tokens <= SeriesDetector.LARGEST;
  }

  private double priced(double tokens) {
    return tokens * meanValue / meanTokens;
  }

  /** The next window that is added does not follow the last one. */
  void interrupt() {
    scale.interrupt();
  }

  /** What was usual is no longer: a price, and how it errs, is learned anew. */
  void forget() {
    windows = 0;
    meanValue = 0;
    meanTokens = 0;
    scale = new RuleScale(ValueKind.AMOUNT, scaleMemory);
  }

  /** Takes a window that was as usual; one of unknown tokens says nothing. */
  void add(double value, double tokens, double expected, double usual, double samples) {
    if (!isCountable(tokens)) {
      scale.interrupt();
      return;
    }
    if (meanValue == 0 && value > 0) {
      forget(); // what was given away had no price
    }
    if (windows >= 1) {
      scale.add(priced(tokens), expected, usual, samples);
    }
    boolean isYoung = windows < KNOWN;
    double tameValue = isYoung ? value : Math.min(value, CLIP * meanValue);
    double tameTokens = isYoung ? tokens : Math.min(tokens, CLIP * meanTokens);
    windows = Math.min(windows + 1, memory);
    meanValue += (tameValue - meanValue) / windows;
    meanTokens += (tameTokens - meanTokens) / windows;
  }

  void save(StateWriter to) {
    to.flag(windows > 0);
    if (windows > 0) {
      to.number(meanValue).number(meanTokens).number(windows);
      scale.save(to);
    }
  }

  void load(StateReader from) {
    if (from.flag()) {
      meanValue = from.number();
      meanTokens = from.number();
      windows = from.number();
      scale.load(from);
    }
  }
}
