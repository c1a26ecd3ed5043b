package dev.tributary.pricing.allocation;

import dev.tributary.pricing.Money;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Spreads a pool's hour over those who used it, by share of tokens. The parts add up to the hour's
 * cost to the last digit, by the rule of {@link ExactShares}; the result depends on neither order
 * nor grouping of what was used.
 */
public final class PoolAllocation {
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
    Map<Consumer, BigDecimal> weights = new HashMap<>();
    long total = 0;
    for (Map.Entry<Consumer, Long> entry : tokens.entrySet()) {
      long count = entry.getValue();
      if (count < 0) {
        throw new IllegalArgumentException(
            "tokens must not be negative: " + count + " of " + entry.getKey());
      }
      weights.put(entry.getKey(), BigDecimal.valueOf(count));
      total = Math.addExact(total, count);
    }
    if (total == 0) {
      return List.of(new AllocatedLine(hour, null, 0, hour.cost().setScale(Money.BOOKED_SCALE)));
    }
    List<AllocatedLine> lines = new ArrayList<>();
    ExactShares.of(hour.cost(), weights)
        .forEach(
            (consumer, amount) ->
                lines.add(
                    new AllocatedLine(hour, consumer, tokens.getOrDefault(consumer, 0L), amount)));
    return List.copyOf(lines);
  }
}
