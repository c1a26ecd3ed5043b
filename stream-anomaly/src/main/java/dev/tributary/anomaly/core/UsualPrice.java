package dev.tributary.anomaly.core;

/**
 * The price that a series' volume usually has, and how far a window is off at that price. What few
 * calls cost hangs on how many of them happened to go to a dear model; how many tokens they had is
 * surer. Where the tokens at their usual price are far above the baseline too, the spend is no
 * accident, though it could be one by itself. What changes the price, or to which model calls go,
 * does not show here: nothing is concluded from a volume that is as usual.
 */
final class UsualPrice {
  /** Windows after which the price and its errors are known. */
  private static final double KNOWN = 100;

  private final double memory;
  private final RuleScale scale;
  private double meanValue;
  private double meanVolume;
  private double windows;

  /**
   * @param memory windows of the mean price, {@link #KNOWN} at least
   * @param scaleMemory windows after which old errors have mostly faded
   */
  UsualPrice(double memory, double scaleMemory) {
    this.memory = Math.max(KNOWN, memory);
    this.scale = new RuleScale(ValueKind.AMOUNT, scaleMemory);
  }

  /**
   * How far the volume of a window, at its usual price, is from the baseline of the value.
   *
   * @param volume NaN: unknown
   * @param usual the series' mean value
   * @param samples as {@link RuleScale#sigma} reckons with them
   * @return unknown also where the volume is as usual: below the ratio that ends an episode
   */
  Distance distance(
      Policy policy, double volume, double value, double expected, double usual, double samples) {
    boolean isKnown = volume > 0 && windows >= KNOWN;
    double sigma = isKnown ? scale.sigma(expected, usual, samples, 1) : 0;
    if (!(sigma > 0)) {
      return Distance.UNKNOWN;
    }
    double priced = priced(volume);
    double calm = policy.resolveFactor();
    boolean isRise = Departure.isRise(policy, value, expected);
    boolean isOff = isRise ? priced >= calm * expected : priced * calm <= expected;
    double off = isRise ? priced - expected : expected - priced;
    return isOff
        ? new Distance(off / sigma, scale.heaviness(), scale.correlation())
        : Distance.UNKNOWN;
  }

  private double priced(double volume) {
    return volume * meanValue / meanVolume;
  }

  /** The next window that is added does not follow the last one. */
  void interrupt() {
    scale.interrupt();
  }

  /** Takes a window that was as usual; one of unknown volume says nothing. */
  void add(double value, double volume, double expected, double usual, double samples) {
    if (!(volume > 0)) {
      return;
    }
    if (meanVolume > 0) {
      scale.add(priced(volume), expected, usual, samples);
    }
    windows = Math.min(windows + 1, memory);
    meanValue += (value - meanValue) / windows;
    meanVolume += (volume - meanVolume) / windows;
  }

  void save(StateWriter to) {
    to.flag(windows > 0);
    if (windows > 0) {
      to.number(meanValue).number(meanVolume).number(windows);
      scale.save(to);
    }
  }

  void load(StateReader from) {
    if (from.flag()) {
      meanValue = from.number();
      meanVolume = from.number();
      windows = from.number();
      scale.load(from);
    }
  }
}
