package dev.tributary.cost.core;

import java.math.BigDecimal;
import java.util.Arrays;

/**
 * Weighted sums of one score in a window, each scored subject weighted by the inverse of its
 * inclusion probability (Horvitz and Thompson 1952). Weights and values are decimals rounded once
 * per score to scale 18 and summed exactly, so that a total depends neither on order nor on how
 * scores were split into parts. Mutable, for one thread.
 */
final class ScoreTotals {
  /** The counts; the order is the format. */
  enum Tally {
    SCORED,
    FAILED,
    UNVALUED,
    NOT_SAMPLED;

    static final int SIZE = values().length;

    @SuppressWarnings("EnumOrdinal") // the order is the format
    int at() {
      return ordinal();
    }
  }

  /** The sums over scores with weight w and value x; the order is the format. */
  enum Sum {
    W,
    WW,
    WX,
    WXX,
    WWX,
    WWXX;

    static final int SIZE = values().length;

    @SuppressWarnings("EnumOrdinal") // the order is the format
    int at() {
      return ordinal();
    }
  }

  private final long[] tallies = new long[Tally.SIZE];
  private final long[] sums = new long[2 * Sum.SIZE];
  private final SignedBuckets values = new SignedBuckets();

  void count(Tally tally, long by) {
    tallies[tally.at()] += by;
  }

  /** Adds an amount, high and low half, to a sum. */
  void add(Sum sum, long high, long low) {
    Int128.add(sums, sum.at(), high, low);
  }

  void merge(ScoreTotals other) {
    for (int i = 0; i < tallies.length; i++) {
      tallies[i] += other.tallies[i];
    }
    for (int slot = 0; slot < Sum.SIZE; slot++) {
      Int128.add(sums, slot, other.sums[2 * slot], other.sums[2 * slot + 1]);
    }
    values.merge(other.values);
  }

  long count(Tally tally) {
    return tallies[tally.at()];
  }

  BigDecimal sum(Sum sum) {
    return Int128.toDecimal(sums[2 * sum.at()], sums[2 * sum.at() + 1]);
  }

  /** A sum as it goes on the wire. */
  double number(Sum sum) {
    return SketchMapping.toDouble(sums[2 * sum.at()], sums[2 * sum.at() + 1]);
  }

  /** How the values lie, unweighted. */
  SignedBuckets values() {
    return values;
  }

  long[] tallies() {
    return tallies;
  }

  long[] sums() {
    return sums;
  }

  boolean isEmpty() {
    return allZero(tallies) && allZero(sums) && values.isEmpty();
  }

  private static boolean allZero(long[] numbers) {
    for (long number : numbers) {
      if (number != 0) {
        return false;
      }
    }
    return true;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ScoreTotals that
        && Arrays.equals(tallies, that.tallies)
        && Arrays.equals(sums, that.sums)
        && values.equals(that.values);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(tallies) + Arrays.hashCode(sums);
  }

  @Override
  public String toString() {
    return Arrays.toString(tallies) + " w=" + sum(Sum.W) + " wx=" + sum(Sum.WX);
  }
}
