package dev.tributary.anomaly.core;

/**
 * A fixed rule: the mean over the last windows may not pass a limit. It needs no history, so it
 * also speaks in warm-up and of what has always been bad. A breach needs the whole of Wilson's
 * interval (one-sided 95 %) beyond the limit; the windows are calm when the mean is within it.
 */
public final class LimitDetector {
  /** The one-sided 95th percentile of a standard normal. */
  private static final double Z = 1.645;

  private final Policy policy;
  private final double limit;
  private final double[] sums;
  private final double[] samples;
  private final Latch latch = new Latch();
  private long lastUs = Long.MIN_VALUE;
  private int next;

  /**
   * @param policy direction, minimum samples, persistence; a limit never becomes the new level
   * @param limit 0 to 1
   * @param windows windows that make the mean, at least 1
   */
  public LimitDetector(Policy policy, double limit, int windows) {
    this.policy = policy;
    this.limit = limit;
    this.sums = new double[windows];
    this.samples = new double[windows];
  }

  /** Start of the last window taken, microseconds; meaningless before the first. */
  public long lastUs() {
    return lastUs;
  }

  /** Ends the open episode because nothing comes any more. */
  public void expire() {
    latch.expire();
  }

  /**
   * Takes the next window.
   *
   * @param value a share, 0 to 1
   * @param count samples behind it
   */
  public Reading add(long timeUs, double value, double count) {
    lastUs = timeUs;
    sums[next] = value * count;
    samples[next] = count;
    next = (next + 1) % sums.length;
    double n = 0;
    double sum = 0;
    for (int i = 0; i < sums.length; i++) {
      n += samples[i];
      sum += sums[i];
    }
    double mean = n > 0 ? sum / n : limit;
    boolean isRise = policy.direction() != Direction.DROP;
    double bound = wilson(mean, n, isRise);
    boolean breach = n >= policy.minimumSamples() && (isRise ? bound > limit : bound < limit);
    boolean isCalm = isRise ? mean <= limit : mean >= limit;
    Latch.Change change = latch.addLimit(policy, timeUs, breach, isCalm);
    SeriesStatus status =
        switch (change) {
          case RESOLVED, LEVEL_SHIFT -> SeriesStatus.RESOLVED;
          case OPENED -> SeriesStatus.OPEN;
          case NONE -> latch.isOpen() ? SeriesStatus.OPEN : SeriesStatus.OK;
        };
    double ratio = mean / Math.max(limit, 1e-9);
    return new Reading(
        breach ? 0.5 + 0.5 * distance(mean) : 0, status, limit, ratio, breach, false);
  }

  private double distance(double mean) {
    return Math.min(1, Math.abs(mean - limit) / Math.max(limit, 1 - limit));
  }

  /** The end of Wilson's interval that is nearer to where the mean should be. */
  private static double wilson(double mean, double n, boolean isLower) {
    if (n <= 0) {
      return isLower ? 0 : 1;
    }
    double square = Z * Z;
    double centre = mean + square / (2 * n);
    double half = Z * Math.sqrt(Math.max(0, mean * (1 - mean)) / n + square / (4 * n * n));
    return (isLower ? centre - half : centre + half) / (1 + square / n);
  }

  /** Writes the state. */
  public void save(StateWriter to) {
    to.whole(lastUs).whole(next);
    for (int i = 0; i < sums.length; i++) {
      to.number(sums[i]).number(samples[i]);
    }
    latch.save(to);
  }

  /** Takes a state that {@link #save} wrote. */
  public void load(StateReader from) {
    lastUs = from.whole();
    next = (int) from.whole();
    for (int i = 0; i < sums.length; i++) {
      sums[i] = from.number();
      samples[i] = from.number();
    }
    latch.load(from);
  }
}
