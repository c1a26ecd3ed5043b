package dev.tributary.pricing.allocation;

import dev.tributary.pricing.Money;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Splits an amount in proportion to weights. The parts add up to the amount to the last digit.
 *
 * <p>Rule of the remainder: each part is {@code amount x weight / all weights} cut to 18 places;
 * the units of 1e-18 that this leaves, fewer than there are parts, go one each to the largest cut
 * fractions, equal ones in the order of their keys. So no part is off by as much as 1e-18, and the
 * result depends on no order. A negative amount is split as its opposite is, so that what is taken
 * back is taken back from who had it.
 */
public final class ExactShares {

  /** A key's exact share in units of 1e-18, cut, and what the cut left. */
  private record Share<K>(K key, BigInteger units, BigInteger left) {}

  private ExactShares() {}

  /**
   * The parts, one for each key with a weight above 0, in the order of keys; each of scale 18. A
   * part may be 0.
   *
   * @param amount of any sign, with at most 18 places
   * @param weights none negative
   * @return empty where no weight is above 0: there is nobody to have the amount
   * @throws IllegalArgumentException when a weight is negative, or the amount has more places
   */
  public static <K extends Comparable<? super K>> SortedMap<K, BigDecimal> of(
      BigDecimal amount, Map<K, BigDecimal> weights) {
    if (amount.stripTrailingZeros().scale() > Money.BOOKED_SCALE) {
      throw new IllegalArgumentException(
          "an amount has more than 18 places: " + amount.toPlainString());
    }
    SortedMap<K, BigInteger> whole = whole(weights);
    SortedMap<K, BigDecimal> parts = new TreeMap<>();
    if (whole.isEmpty()) {
      return parts;
    }
    BigInteger units = amount.setScale(Money.BOOKED_SCALE).unscaledValue();
    List<Share<K>> shares = shares(units.abs(), whole);
    Set<K> raised = raised(units.abs(), shares);
    for (Share<K> share : shares) {
      BigInteger part = raised.contains(share.key) ? share.units.add(BigInteger.ONE) : share.units;
      parts.put(
          share.key, new BigDecimal(units.signum() < 0 ? part.negate() : part, Money.BOOKED_SCALE));
    }
    return parts;
  }

  /** The weights above 0 as whole numbers in the same proportion. */
  private static <K extends Comparable<? super K>> SortedMap<K, BigInteger> whole(
      Map<K, BigDecimal> weights) {
    int scale = places(weights.values());
    SortedMap<K, BigInteger> whole = new TreeMap<>();
    weights.forEach(
        (key, weight) -> {
          if (weight.signum() < 0) {
            throw new IllegalArgumentException(
                "a weight must not be negative: " + weight.toPlainString() + " of " + key);
          }
          if (weight.signum() > 0) {
            whole.put(key, weight.setScale(scale).unscaledValue());
          }
        });
    return whole;
  }

  private static int places(Collection<BigDecimal> weights) {
    return weights.stream().mapToInt(BigDecimal::scale).reduce(0, Math::max);
  }

  private static <K> List<Share<K>> shares(BigInteger units, SortedMap<K, BigInteger> weights) {
    BigInteger total = weights.values().stream().reduce(BigInteger.ZERO, BigInteger::add);
    List<Share<K>> shares = new ArrayList<>(weights.size());
    weights.forEach(
        (key, weight) -> {
          BigInteger[] share = units.multiply(weight).divideAndRemainder(total);
          shares.add(new Share<>(key, share[0], share[1]));
        });
    return shares;
  }

  /** Those that get a unit more. */
  private static <K extends Comparable<? super K>> Set<K> raised(
      BigInteger units, List<Share<K>> shares) {
    BigInteger cut = BigInteger.ZERO;
    for (Share<K> share : shares) {
      cut = cut.add(share.units);
    }
    // Below the number of shares, so it fits.
    int remainder = units.subtract(cut).intValueExact();
    List<Share<K>> byCut = new ArrayList<>(shares);
    byCut.sort(
        Comparator.comparing((Share<K> share) -> share.left)
            .reversed()
            .thenComparing(share -> share.key));
    Set<K> raised = new HashSet<>();
    byCut.subList(0, remainder).forEach(share -> raised.add(share.key));
    return raised;
  }
}
