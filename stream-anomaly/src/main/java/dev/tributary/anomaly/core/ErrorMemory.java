package dev.tributary.anomaly.core;

/**
 * How much of an error is still there in the next window: the trailing correlation of errors that
 * follow each other. Calls that fail one by one have no memory; a load that wanders has, and then
 * ten windows say little more than one.
 */
final class ErrorMemory {
  private static final double WINDOWS = 500;
  private static final double CLIP = 3;

  /** Two standard errors of a correlation over so many windows: no more is told from none. */
  private static final double LEAST = 0.09;

  /** Beyond it a row of windows would be a single one. */
  private static final double MOST = 0.98;

  private double last = Double.NaN;
  private double product;
  private double square;
  private double weight;

  /**
   * @param error in standard deviations
   */
  void add(double error) {
    double tame = Math.max(-CLIP, Math.min(CLIP, error));
    if (!Double.isNaN(last)) {
      weight = Math.min(weight + 1, WINDOWS);
      product += (tame * last - product) / weight;
      square += (tame * tame - square) / weight;
    }
    last = tame;
  }

  /** The next error does not follow the last one. */
  void interrupt() {
    last = Double.NaN;
  }

  /** From 0, where errors know nothing of each other. */
  double correlation() {
    double measured = square > 0 ? product / square : 0;
    return Math.max(0, Math.min(MOST, (measured - LEAST) / (1 - LEAST)));
  }

  /**
   * Standard deviation of the sum of so many errors in a row, each of standard deviation 1, whose
   * correlation fades by the same factor from window to window.
   */
  static double sigmaOfSum(int count, double correlation) {
    double variance = count;
    double faded = 1;
    for (int apart = 1; apart < count; apart++) {
      faded *= correlation;
      variance += 2 * (count - apart) * faded;
    }
    return Math.sqrt(variance);
  }

  void save(StateWriter to) {
    to.number(last).number(product).number(square).number(weight);
  }

  void load(StateReader from) {
    last = from.number();
    product = from.number();
    square = from.number();
    weight = from.number();
  }
}
