package dev.tributary.standalone.reconcile;

import dev.tributary.pricing.Bucket;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The unit prices behind estimates that no catalogue explains. Every call is an equation, counts
 * times prices = estimate; some calls give the prices and the others prove them. Prices that change
 * with time are found one after the other.
 */
final class OwnPrices {
  private static final MathContext DIGITS = new MathContext(60, RoundingMode.HALF_EVEN);

  /** Coefficients below this are what rounding leaves of 0. */
  private static final BigDecimal NOTHING = new BigDecimal("1e-30");

  /** Estimates closer than this are one. */
  private static final BigDecimal SAME = new BigDecimal("1e-12");

  private static final int MOST_FAILURES = 100;
  private static final int SCALE = 24;

  /** An equation: counts by bucket, and what they cost together. */
  private record Equation(Map<Bucket, BigDecimal> counts, BigDecimal cost) {}

  /** Equations in which the leading bucket stands in no other one. */
  private final Map<Bucket, Equation> basis = new EnumMap<>(Bucket.class);

  private final List<Map<Bucket, BigDecimal>> found = new ArrayList<>();
  private int proofs;
  private int failures;

  /** Takes a call on; in the order of time. */
  void add(Map<Bucket, Long> counts, BigDecimal cost) {
    if (failures >= MOST_FAILURES || costs(counts, cost) != null || isTaken(counts, cost)) {
      return;
    }
    end();
    isTaken(counts, cost);
  }

  /** Ends the time of one price; what more calls prove than are needed to find it is kept. */
  void end() {
    if (proofs > 0 && proofs >= basis.size()) {
      Map<Bucket, BigDecimal> prices = new EnumMap<>(Bucket.class);
      basis.forEach(
          (bucket, equation) -> {
            if (equation.counts.size() == 1) {
              prices.put(bucket, equation.cost.setScale(SCALE, RoundingMode.HALF_EVEN));
            }
          });
      if (prices.values().stream().allMatch(price -> price.signum() >= 0)) {
        found.add(prices);
      }
    } else if (!basis.isEmpty()) {
      failures++;
    }
    basis.clear();
    proofs = 0;
  }

  /** Whether the call agrees with those before it. */
  private boolean isTaken(Map<Bucket, Long> counts, BigDecimal cost) {
    Map<Bucket, BigDecimal> rest = new EnumMap<>(Bucket.class);
    counts.forEach(
        (bucket, count) -> {
          if (count > 0) {
            rest.put(bucket, BigDecimal.valueOf(count));
          }
        });
    BigDecimal right = cost;
    for (Map.Entry<Bucket, Equation> known : basis.entrySet()) {
      BigDecimal times = rest.get(known.getKey());
      if (times != null) {
        right = right.subtract(times.multiply(known.getValue().cost, DIGITS), DIGITS);
        subtract(rest, known.getValue().counts, times);
      }
    }
    if (rest.isEmpty()) {
      boolean isProof = right.abs().compareTo(SAME) <= 0;
      proofs += isProof ? 1 : 0;
      return isProof;
    }
    lead(rest, right);
    return true;
  }

  /** Makes what is left the equation of its first bucket, and takes that out of the others. */
  private void lead(Map<Bucket, BigDecimal> rest, BigDecimal cost) {
    Bucket first = rest.keySet().iterator().next();
    BigDecimal by = rest.getOrDefault(first, BigDecimal.ONE);
    Map<Bucket, BigDecimal> unit = new EnumMap<>(Bucket.class);
    rest.forEach((bucket, count) -> unit.put(bucket, count.divide(by, DIGITS)));
    Equation added = new Equation(unit, cost.divide(by, DIGITS));
    basis.replaceAll(
        (bucket, old) -> {
          BigDecimal times = old.counts.get(first);
          if (times == null) {
            return old;
          }
          Map<Bucket, BigDecimal> counts = new EnumMap<>(old.counts);
          subtract(counts, unit, times);
          BigDecimal less = times.multiply(added.cost, DIGITS);
          return new Equation(counts, old.cost.subtract(less, DIGITS));
        });
    basis.put(first, added);
  }

  private static void subtract(
      Map<Bucket, BigDecimal> from, Map<Bucket, BigDecimal> other, BigDecimal times) {
    other.forEach(
        (bucket, count) ->
            from.merge(bucket, times.multiply(count, DIGITS).negate(), (a, b) -> a.add(b, DIGITS)));
    from.values().removeIf(count -> count.abs().compareTo(NOTHING) < 0);
  }

  /** What each bucket of a call cost; null: no prices that were found give its estimate. */
  @Nullable Map<Bucket, BigDecimal> costs(Map<Bucket, Long> counts, BigDecimal cost) {
    for (Map<Bucket, BigDecimal> prices : found) {
      Map<Bucket, BigDecimal> costs = new EnumMap<>(Bucket.class);
      BigDecimal left = cost;
      boolean isKnown = true;
      for (Map.Entry<Bucket, Long> count : counts.entrySet()) {
        if (count.getValue() > 0) {
          BigDecimal price = prices.get(count.getKey());
          isKnown &= price != null;
          BigDecimal part =
              price == null
                  ? BigDecimal.ZERO
                  : price.multiply(BigDecimal.valueOf(count.getValue())).stripTrailingZeros();
          costs.put(count.getKey(), part);
          left = left.subtract(part);
        }
      }
      if (isKnown && left.abs().compareTo(SAME) <= 0 && !costs.isEmpty()) {
        Bucket last = costs.keySet().stream().reduce((a, b) -> b).orElseThrow();
        costs.merge(last, left, BigDecimal::add);
        return costs;
      }
    }
    return null;
  }
}
