package dev.tributary.cost.core;

import com.datadoghq.sketch.ddsketch.mapping.IndexMapping;
import com.datadoghq.sketch.ddsketch.mapping.LogarithmicMapping;
import java.math.BigDecimal;
import java.math.MathContext;

/**
 * Values to bucket numbers and back: sketches-java's logarithmic mapping at a relative accuracy of
 * 1 %. With gamma = 1.01 / 0.99, bucket i holds the values from gamma^i to gamma^(i+1) and stands
 * for gamma^i x 1.01, which is within 1 % of each of them.
 *
 * <p>The one place of this package with floating point numbers: a bucket number is a logarithm, and
 * sums of scores leave as doubles. No sum is built from them.
 */
public final class SketchMapping {
  /** Relative accuracy of a bucket's value. */
  public static final BigDecimal ACCURACY = new BigDecimal("0.01");

  private static final IndexMapping MAPPING = new LogarithmicMapping(ACCURACY.doubleValue());
  private static final double TWO_TO_64 = 0x1p64;
  private static final double UNIT = 1e-18;
  private static final double PER_UNIT = 1e18;

  private SketchMapping() {}

  /** Bucket of a positive whole number. */
  static int index(long value) {
    return MAPPING.index((double) value);
  }

  /** Bucket of a positive amount of scale 18. */
  static int indexOfAmount(long high, long low) {
    double unscaled = high * TWO_TO_64 + (low >= 0 ? low : low + TWO_TO_64);
    return MAPPING.index(unscaled * UNIT);
  }

  /** A sum of scale 18 as it goes on the wire; the same sum is always the same number. */
  static double toDouble(long high, long low) {
    double lowHalf = low >= 0 ? low : low + TWO_TO_64;
    return high == low >> 63 ? low / PER_UNIT : (high * TWO_TO_64 + lowHalf) / PER_UNIT;
  }

  /** The value a bucket stands for, 12 significant digits. */
  public static BigDecimal value(int index) {
    return new BigDecimal(MAPPING.value(index)).round(new MathContext(12));
  }
}
