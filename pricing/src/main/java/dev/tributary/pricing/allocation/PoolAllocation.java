package dev.tributary.pricing.allocation;

import dev.tributary.pricing.Money;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Spreads a pool's hour over those who used it, by share of tokens. The parts add up to the hour's
 * cost to the last digit.
 *
 * <p>Rule of the remainder: each part is {@code cost x tokens / all tokens} cut to 18 places; the
 * units of 1e-18 that this leaves, fewer than there are consumers, go one each to the largest cut
 * fractions, equal ones in the order of {@link Consumer}. So no part is off by as much as 1e-18,
 * and the result depends on neither order nor grouping of what was used.
 */
public final class PoolAllocation {

  /** A consumer's exact share in units of 1e-18, cut, and what the cut left. */
  private record Share(Consumer consumer, long tokens, BigInteger units, BigInteger left) {}

  private PoolAllocation() {}

  /**
   * The lines of one hour, one for each consumer with tokens, in the order of {@link Consumer};
   * exactly one without a consumer where nobody used the pool.
   *
   * @param tokens tokens by consumer, none negative
   * @throws IllegalArgumentException when a count is negative
   * @throws ArithmeticException when the tokens of an hour overflow 64 bits
   */
  public static List<AllocatedLine> spread(CapacityPool.Hour hour, Map<Consumer, Long> tokens) {
    Map<Consumer, Long> used = new TreeMap<>();
    long total = 0;
    for (Map.Entry<Consumer, Long> entry : tokens.entrySet()) {
      long count = entry.getValue();
      if (count < 0) {
        throw new IllegalArgumentException(
            "tokens must not be negative: " + count + " of " + entry.getKey());
      }
      if (count > 0) {
        used.put(entry.getKey(), count);
        total = Math.addExact(total, count);
      }
    }
    BigDecimal cost = hour.cost().setScale(Money.BOOKED_SCALE);
    if (used.isEmpty()) {
      return List.of(new AllocatedLine(hour, null, 0, cost));
    }
    List<Share> shares = shares(cost.unscaledValue(), used, BigInteger.valueOf(total));
    return lines(hour, cost.unscaledValue(), shares);
  }

  private static List<Share> shares(BigInteger units, Map<Consumer, Long> used, BigInteger total) {
    List<Share> shares = new ArrayList<>(used.size());
    used.forEach(
        (consumer, count) -> {
          BigInteger[] share = units.multiply(BigInteger.valueOf(count)).divideAndRemainder(total);
          shares.add(new Share(consumer, count, share[0], share[1]));
        });
    return shares;
  }

  private static List<AllocatedLine> lines(
      CapacityPool.Hour hour, BigInteger units, List<Share> shares) {
    BigInteger cut = BigInteger.ZERO;
    for (Share share : shares) {
      cut = cut.add(share.units);
    }
    // Below the number of consumers, so it fits.
    int remainder = units.subtract(cut).intValueExact();
    List<Share> byCut = new ArrayList<>(shares);
    byCut.sort(Comparator.comparing(Share::left).reversed().thenComparing(Share::consumer));
    Set<Consumer> raised = new HashSet<>();
    byCut.subList(0, remainder).forEach(share -> raised.add(share.consumer));
    List<AllocatedLine> lines = new ArrayList<>(shares.size());
    for (Share share : shares) {
      BigInteger amount =
          raised.contains(share.consumer) ? share.units.add(BigInteger.ONE) : share.units;
      lines.add(
          new AllocatedLine(
              hour, share.consumer, share.tokens, new BigDecimal(amount, Money.BOOKED_SCALE)));
    }
    return List.copyOf(lines);
  }
}
