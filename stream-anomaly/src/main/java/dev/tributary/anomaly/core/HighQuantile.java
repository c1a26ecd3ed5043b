package dev.tributary.anomaly.core;

/**
 * A trailing high quantile of a positive quantity, in two numbers: each value above moves it up,
 * each below moves it down, in steps that balance at the quantile (Robbins and Monro, 1951).
 */
final class HighQuantile {
  private static final double SHARE_ABOVE = 0.02;
  private static final double STEP = 0.01;
  private static final double EARLY_STEPS = 100;

  private double log;
  private double count;

  HighQuantile(double start) {
    this.log = Math.log(start);
  }

  void add(double value) {
    count++;
    double step = STEP * (1 + EARLY_STEPS / (EARLY_STEPS + count));
    boolean isAbove = value > Math.exp(log);
    log += step * (isAbove ? 1 - SHARE_ABOVE : -SHARE_ABOVE);
  }

  double value() {
    return Math.exp(log);
  }

  void save(StateWriter to) {
    to.number(log);
    to.number(count);
  }

  void load(StateReader from) {
    log = from.number();
    count = from.number();
  }
}
