package dev.tributary.anomaly.core;

/**
 * Size of an error that is seen again and again: a trailing mean of its absolute value, as a
 * standard deviation. A single wild error moves it little: what exceeds four times the scale counts
 * as four.
 */
final class ErrorScale {
  /** Standard deviation over mean absolute deviation of a normal distribution: sqrt(pi/2). */
  private static final double SIGMA_PER_MEAN = 1.2533141373155001;

  private static final double CLIP = 4;
  private static final int FREE = 8;

  /** Errors that are believed, young as they are. */
  private static final double YOUNG = 100;

  private static final double AGE_PER_MEMORY = 3;

  private final double memory;
  private final double growth;
  private double mean;
  private double weight;

  /**
   * @param memory windows after which old errors have mostly faded
   */
  ErrorScale(double memory) {
    this(memory, 1);
  }

  private ErrorScale(double memory, double growth) {
    this.memory = memory;
    this.growth = growth;
  }

  /**
   * One that grows out of its youth: until the memory is full, it is no longer than a third of what
   * was seen. The first days, of which a baseline knew neither night nor weekend, erred by more
   * than chance does.
   */
  static ErrorScale maturing(double memory) {
    return new ErrorScale(memory, 1 / AGE_PER_MEMORY);
  }

  void add(double error) {
    double size = Math.abs(error);
    if (weight >= FREE && mean > 0) {
      size = Math.min(size, CLIP * SIGMA_PER_MEAN * mean);
    }
    weight = Math.min(weight + (weight < YOUNG ? 1 : growth), memory);
    mean += (size - mean) / weight;
  }

  /** In the error's unit; 0 before the first error. */
  double sigma() {
    return SIGMA_PER_MEAN * mean;
  }

  double count() {
    return weight;
  }

  void save(StateWriter to) {
    to.number(mean);
    to.number(weight);
  }

  void load(StateReader from) {
    mean = from.number();
    weight = from.number();
  }
}
