package dev.tributary.anomaly.core.explain;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The change of a cost, split into its factors by Shapley value: no order of the factors is
 * preferred, and the effects sum to the change to the last digit.
 *
 * <p>The cost of a bucket of a cell is calls x the cell's share of them x tokens per call x the
 * bucket's share of those x rate. The Shapley value of a factor of such a product is its difference
 * times the others at their old or new values, averaged over all orders (Shapley, 1953; for three
 * factors the formula is in every text on index decomposition). Cells on one side only are {@link
 * Factor#NEW} or {@link Factor#GONE} before anything is split. Effects are computed with 60 digits
 * and rounded to 18 places, half to even; the last digits that rounding leaves go to the effects it
 * cut most.
 *
 * @param change cost after minus before, exact
 * @param effects every factor, in ledger currency; their sum is the change
 */
public record CostSplit(BigDecimal change, Map<Factor, BigDecimal> effects) {
  private static final MathContext DIGITS = new MathContext(60, RoundingMode.HALF_EVEN);
  private static final int SCALE = 18;
  private static final Factor[] PRODUCT = {
    Factor.VOLUME, Factor.MIX, Factor.TOKENS_PER_CALL, Factor.CACHE, Factor.PRICE
  };

  /** Weight of a subset of others by its size, times 60: |S|! (4 - |S|)! / 5! x 60. */
  private static final int[] SIXTIETHS = {12, 3, 2, 3, 12};

  private static final BigDecimal SIXTY = BigDecimal.valueOf(60);

  public CostSplit {
    effects = Collections.unmodifiableMap(new EnumMap<>(effects));
  }

  /** Splits the change between two sides; cells are matched by their key. */
  public static CostSplit of(Map<String, CellCost> before, Map<String, CellCost> after) {
    Map<Factor, BigDecimal> effects = new EnumMap<>(Factor.class);
    for (Factor factor : Factor.values()) {
      effects.put(factor, BigDecimal.ZERO);
    }
    BigDecimal change = sum(after).subtract(sum(before));
    Map<String, CellCost> both = new TreeMap<>();
    BigDecimal callsBefore = BigDecimal.ZERO;
    BigDecimal callsAfter = BigDecimal.ZERO;
    for (Map.Entry<String, CellCost> entry : before.entrySet()) {
      CellCost now = after.get(entry.getKey());
      if (now == null) {
        add(effects, Factor.GONE, entry.getValue().cost().negate());
      } else if (entry.getValue().calls() == 0 || now.calls() == 0) {
        add(effects, Factor.OTHER, now.cost().subtract(entry.getValue().cost()));
      } else {
        both.put(entry.getKey(), entry.getValue());
        callsBefore = callsBefore.add(BigDecimal.valueOf(entry.getValue().calls()));
        callsAfter = callsAfter.add(BigDecimal.valueOf(now.calls()));
      }
    }
    for (Map.Entry<String, CellCost> entry : after.entrySet()) {
      if (!before.containsKey(entry.getKey())) {
        add(effects, Factor.NEW, entry.getValue().cost());
      }
    }
    for (Map.Entry<String, CellCost> entry : both.entrySet()) {
      CellCost now = after.get(entry.getKey());
      if (now != null) {
        splitCell(entry.getValue(), now, callsBefore, callsAfter, effects);
      }
    }
    return new CostSplit(change, rounded(effects, change));
  }

  /** The same for one of so many equal parts; the effects still sum to the change. */
  public CostSplit per(long parts) {
    BigDecimal divisor = BigDecimal.valueOf(parts);
    Map<Factor, BigDecimal> each = new EnumMap<>(Factor.class);
    effects.forEach((factor, effect) -> each.put(factor, effect.divide(divisor, DIGITS)));
    BigDecimal change = this.change.divide(divisor, DIGITS).setScale(SCALE, RoundingMode.HALF_EVEN);
    return new CostSplit(change, rounded(each, change));
  }

  /**
   * The factor with the greatest effect in the direction of the change; null where none changed.
   */
  public @Nullable Factor leading() {
    return effects.entrySet().stream()
        .filter(effect -> effect.getValue().signum() == change.signum())
        .filter(effect -> effect.getValue().signum() != 0)
        .max(Comparator.comparing(effect -> effect.getValue().abs()))
        .map(Map.Entry::getKey)
        .orElse(null);
  }

  private static void splitCell(
      CellCost before,
      CellCost after,
      BigDecimal allBefore,
      BigDecimal allAfter,
      Map<Factor, BigDecimal> effects) {
    Map<String, BucketCost> was = byName(before);
    Map<String, BucketCost> is = byName(after);
    Map<String, Boolean> names = new TreeMap<>();
    before.buckets().forEach(bucket -> names.put(bucket.bucket(), bucket.isInput()));
    after.buckets().forEach(bucket -> names.put(bucket.bucket(), bucket.isInput()));
    names.forEach(
        (name, isInput) -> {
          BucketCost none = new BucketCost(name, isInput, BigDecimal.ZERO, BigDecimal.ZERO);
          BucketCost old = was.getOrDefault(name, none);
          BucketCost now = is.getOrDefault(name, none);
          if (isUnexplained(old) || isUnexplained(now)) {
            add(effects, Factor.OTHER, now.cost().subtract(old.cost()));
            return;
          }
          BigDecimal[] x0 = factors(before, old, now, allBefore);
          BigDecimal[] x1 = factors(after, now, old, allAfter);
          if (x0[3].signum() == 0 && before.tokens(isInput).signum() == 0) {
            // A group of tokens that was not there has no composition to compare with.
            x0[3] = x1[3];
          }
          if (x1[3].signum() == 0 && after.tokens(isInput).signum() == 0) {
            x1[3] = x0[3];
          }
          shapley(x0, x1, isInput, effects);
        });
  }

  private static boolean isUnexplained(BucketCost bucket) {
    return bucket.tokens().signum() == 0 && bucket.cost().signum() != 0;
  }

  /** All calls, share of them, tokens per call of the group, share of the group, rate. */
  private static BigDecimal[] factors(
      CellCost cell, BucketCost bucket, BucketCost other, BigDecimal allCalls) {
    BigDecimal calls = BigDecimal.valueOf(cell.calls());
    BigDecimal group = cell.tokens(bucket.isInput());
    // A bucket without tokens has no rate: it is taken to have kept the other side's.
    BucketCost priced = bucket.tokens().signum() == 0 ? other : bucket;
    return new BigDecimal[] {
      allCalls,
      divide(calls, allCalls),
      divide(group, calls),
      divide(bucket.tokens(), group),
      divide(priced.cost(), priced.tokens())
    };
  }

  private static void shapley(
      BigDecimal[] x0, BigDecimal[] x1, boolean isInput, Map<Factor, BigDecimal> effects) {
    for (int k = 0; k < PRODUCT.length; k++) {
      BigDecimal difference = x1[k].subtract(x0[k], DIGITS);
      if (difference.signum() == 0) {
        continue;
      }
      BigDecimal weighted = BigDecimal.ZERO;
      for (int subset = 0; subset < 1 << PRODUCT.length; subset++) {
        if ((subset >> k & 1) == 0) {
          BigDecimal product = difference;
          for (int j = 0; j < PRODUCT.length; j++) {
            if (j != k) {
              product = product.multiply((subset >> j & 1) == 1 ? x1[j] : x0[j], DIGITS);
            }
          }
          BigDecimal weight = BigDecimal.valueOf(SIXTIETHS[Integer.bitCount(subset)]);
          weighted = weighted.add(product.multiply(weight, DIGITS), DIGITS);
        }
      }
      // What moves inside the output (text, reasoning) is no cache.
      boolean isOutputShare = PRODUCT[k] == Factor.CACHE && !isInput;
      add(
          effects,
          isOutputShare ? Factor.TOKENS_PER_CALL : PRODUCT[k],
          weighted.divide(SIXTY, DIGITS));
    }
  }

  /** To 18 places; the units that are left over go where rounding cut most. */
  private static Map<Factor, BigDecimal> rounded(
      Map<Factor, BigDecimal> effects, BigDecimal change) {
    int scale = Math.max(SCALE, change.scale());
    BigDecimal unit = BigDecimal.ONE.movePointLeft(scale);
    Map<Factor, BigDecimal> rounded = new EnumMap<>(Factor.class);
    BigDecimal left = change;
    for (Map.Entry<Factor, BigDecimal> effect : effects.entrySet()) {
      BigDecimal value = effect.getValue().setScale(scale, RoundingMode.HALF_EVEN);
      rounded.put(effect.getKey(), value);
      left = left.subtract(value);
    }
    BigDecimal sign = unit.multiply(BigDecimal.valueOf(left.signum()));
    List<Factor> byCut = new ArrayList<>();
    effects.forEach(
        (factor, effect) -> {
          if (effect.signum() != 0) {
            byCut.add(factor);
          }
        });
    byCut.sort(
        Comparator.comparing((Factor factor) -> cut(effects, rounded, factor).multiply(sign))
            .reversed());
    for (int i = 0; left.signum() != 0; i++) {
      Factor factor = byCut.get(i % byCut.size());
      rounded.merge(factor, sign, BigDecimal::add);
      left = left.subtract(sign);
    }
    return rounded;
  }

  private static BigDecimal cut(
      Map<Factor, BigDecimal> effects, Map<Factor, BigDecimal> rounded, Factor factor) {
    return effects
        .getOrDefault(factor, BigDecimal.ZERO)
        .subtract(rounded.getOrDefault(factor, BigDecimal.ZERO));
  }

  private static Map<String, BucketCost> byName(CellCost cell) {
    Map<String, BucketCost> buckets = new HashMap<>();
    cell.buckets().forEach(bucket -> buckets.put(bucket.bucket(), bucket));
    return buckets;
  }

  private static BigDecimal divide(BigDecimal dividend, BigDecimal divisor) {
    return divisor.signum() == 0 ? BigDecimal.ZERO : dividend.divide(divisor, DIGITS);
  }

  private static BigDecimal sum(Map<String, CellCost> cells) {
    return cells.values().stream().map(CellCost::cost).reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  private static void add(Map<Factor, BigDecimal> effects, Factor factor, BigDecimal amount) {
    effects.merge(factor, amount, BigDecimal::add);
  }
}
