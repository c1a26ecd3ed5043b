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
   * Windows that are judged together, unless a rule asks for more. What is little more than twice
   * as much among few calls shows itself in six and not in three; more than twelve find nothing
   * sooner.
   */
  private static final int USUAL = 12;

  /** Of a sum of parts: three windows of 70, 10 and 20 samples have 100. */
  private static final double ROUNDING = 1e-9;

  /** {@link Evidence#sigmas} of the values, the newest last. */
  private double[] sigmas = NONE;

  /** {@link Evidence#sigmas} of the tokens at their usual price, the newest last. */
  private double[] priced = NONE;

  /** {@link Latch.Window#samples}, the newest last. */
  private double[] samples = NONE;

  /**
   * Takes a window.
   *
   * @param least windows that must be kept, since a rule asks for so many
   */
  void add(Latch.Window window, int least) {
    int most = Math.max(USUAL, least);
    sigmas = last(sigmas, window.value() == null ? 0 : window.value().sigmas(), most);
    priced = last(priced, window.priced().sigmas(), most);
    samples = last(samples, window.samples(), most);
  }

  void clear() {
    sigmas = NONE;
    priced = NONE;
    samples = NONE;
  }

  /**
   * Whether the last windows, however many, are more than chance, by their values or by their
   * tokens, and have the samples that a rule asks for.
   *
   * @param least windows at least
   */
  boolean areEnough(int least, Latch.Window newest) {
    Evidence value = newest.value() == null ? Evidence.NONE : newest.value();
    double sum = 0;
    double sumPriced = 0;
    double enough = 0;
    for (int count = 1; count <= sigmas.length; count++) {
      sum += sigmas[sigmas.length - count];
      sumPriced += priced[priced.length - count];
      enough += samples[samples.length - count];
      boolean isBeyondChance =
          value.isEnough(sum, count) || newest.priced().isEnough(sumPriced, count);
      if (count >= least && enough > 1 - ROUNDING && isBeyondChance) {
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

  /**
   * Takes a state; of an older one the tokens are unknown, and its windows are taken to have had
   * enough samples.
   */
  void load(StateReader from) {
    sigmas = from.numbers();
    priced = new double[sigmas.length];
    samples = new double[sigmas.length];
    Arrays.fill(samples, 1);
  }

  void saveSamples(StateWriter to) {
    to.numbers(samples);
  }

  void loadSamples(StateReader from) {
    samples = from.numbers();
  }

  void savePriced(StateWriter to) {
    to.numbers(priced);
  }

  void loadPriced(StateReader from) {
    priced = from.numbers();
  }
}
