package dev.tributary.anomaly.core.explain;

import java.util.Comparator;

/**
 * A slice under examination.
 *
 * @param codes value of each dimension, -1 where it is any
 * @param dimensionMask bit set of the dimensions that it fixes
 * @param direction 1: they moved up, -1: down
 * @param cells its cells that count: alive, and not zero on both sides
 * @param gain how much better one common deviation explains them than none, squared error scales
 * @param excess after minus before over them; of a ratio, its part in the change
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, hashed or handed out
record Candidate(
    int[] codes, int dimensionMask, int direction, int cells, double gain, double excess) {
  /** Greatest gain first; of equal gains the one with fewer dimensions. */
  static final Comparator<Candidate> BY_GAIN =
      Comparator.comparingDouble((Candidate c) -> -c.gain())
          .thenComparingInt(c -> Integer.bitCount(c.dimensionMask()))
          .thenComparingInt(Candidate::dimensionMask)
          .thenComparingInt(Candidate::direction)
          .thenComparing(Candidate::codes, java.util.Arrays::compare);
}
