package dev.tributary.anomaly.core;

/**
 * How much a series moves at all; keeps the error scale of a nearly constant one from vanishing.
 */
final class Spread {
  private static final double SHARE = 0.02;
  private static final double MEMORY = 5000;
  private static final double CLIP = 5;

  private double count;
  private double mean;
  private double variance;

  void add(double value) {
    count = Math.min(count + 1, MEMORY);
    double distance = value - mean;
    double sigma = Math.sqrt(variance);
    if (count > 24 && sigma > 0) {
      distance = Math.max(-CLIP * sigma, Math.min(CLIP * sigma, distance));
    }
    mean += distance / count;
    variance += (distance * distance * (count - 1) / count - variance) / count;
  }

  /** The least error scale that is believed, in the unit of the value. */
  double least() {
    return SHARE * Math.sqrt(Math.max(0, variance)) + 1e-9 * Math.abs(mean);
  }

  /** Mean of the values, near ones more; 0 before the first. */
  double mean() {
    return mean;
  }

  void save(StateWriter to) {
    to.number(count);
    to.number(mean);
    to.number(variance);
  }

  void load(StateReader from) {
    count = from.number();
    mean = from.number();
    variance = from.number();
  }
}
