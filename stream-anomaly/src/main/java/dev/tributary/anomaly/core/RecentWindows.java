package dev.tributary.anomaly.core;

import java.util.Arrays;

/**
 * The last windows of a series whose chance is known: they are judged by their sum. Errors without
 * memory add up as the root of their number, others to more. Bounded state, not for several
 * threads.
 */
final class RecentWindows {
  private static final double[] NONE = {};

  /**
   * Windows at most that are judged together. What is little more than twice as much among few
   * calls shows itself in six and not in three; more than twelve find nothing sooner.
   */
  private static final int MOST = 12;

  /** Of a sum of parts: three windows of 70, 10 and 20 samples have 100. */
  private static final double ROUNDING = 1e-9;

  /** {@link Latch.Window#sigmas}, the newest last. */
  private double[] sigmas = NONE;

  /** {@link Latch.Window#samples}, the newest last. */
  private double[] samples = NONE;

  void add(Latch.Window window) {
    sigmas = last(sigmas, window.sigmas(), MOST);
    samples = last(samples, window.samples(), MOST);
  }

  void clear() {
    sigmas = NONE;
    samples = NONE;
  }

  /**
   * Whether the last windows, however many, are more than chance and have the samples that a rule
   * asks for.
   *
   * @param least windows at least
   */
  boolean areEnough(int least, Latch.Window newest) {
    double sum = 0;
    double enough = 0;
    for (int count = 1; count <= sigmas.length; count++) {
      sum += sigmas[sigmas.length - count];
      enough += samples[samples.length - count];
      double sigma = ErrorMemory.sigmaOfSum(count, newest.correlation());
      if (count >= least && enough > 1 - ROUNDING && sum >= newest.enough() * sigma) {
        return true;
      }
    }
    return false;
  }

  /** The values before and the next one, the oldest left out where they are too many. */
  static double[] last(double[] before, double next, int most) {
    if (most == 0) {
      return NONE;
    }
    int kept = Math.min(before.length, most - 1);
    double[] after = Arrays.copyOfRange(before, before.length - kept, before.length + 1);
    after[kept] = next;
    return after;
  }

  void save(StateWriter to) {
    to.numbers(sigmas);
  }

  /** Takes a state; an older one has no samples, and its windows are taken to have had enough. */
  void load(StateReader from) {
    sigmas = from.numbers();
    samples = new double[sigmas.length];
    Arrays.fill(samples, 1);
  }

  void saveSamples(StateWriter to) {
    to.numbers(samples);
  }

  void loadSamples(StateReader from) {
    samples = from.numbers();
  }
}
