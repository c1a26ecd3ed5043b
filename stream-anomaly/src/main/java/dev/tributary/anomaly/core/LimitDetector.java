package dev.tributary.anomaly.core;

/**
 * A fixed rule: the mean over the last windows may not pass a limit. It needs no history, so it
 * also speaks in warm-up and of what has always been bad. A breach is a mean that values at the
 * limit do not come to by chance, however few they are; the windows are calm when the mean is
 * within the limit.
 */
public final class LimitDetector {
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

  /**
   * Ends the open episode because nothing comes any more.
   *
   * @param timeUs when it is taken to have ended
   */
  public void expire(long timeUs) {
    latch.expire(timeUs);
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
    boolean isBeyond = isRise ? mean > limit : mean < limit;
    boolean breach =
        n >= policy.minimumSamples() && isBeyond && chance(mean, n) <= policy.surprise();
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

  /**
   * The most that the probability can be of a mean so far from the limit, were the limit the truth:
   * Hoeffding, Probability Inequalities for Sums of Bounded Random Variables, 1963, theorem 1. It
   * holds for any values from 0 to 1 and any number of them.
   */
  private double chance(double mean, double n) {
    return Math.exp(-n * (part(mean, limit) + part(1 - mean, 1 - limit)));
  }

  private static double part(double share, double expected) {
    return share > 0 ? share * Math.log(share / expected) : 0;
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
