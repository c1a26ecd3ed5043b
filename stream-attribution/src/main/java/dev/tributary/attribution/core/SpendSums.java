package dev.tributary.attribution.core;

import dev.tributary.schemas.TokenUsage;
import java.math.BigDecimal;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * Signed sums of cost and tokens. They count how many addends know a value, so that what nobody
 * knows, or nobody knows any more, is null and not 0.
 */
final class SpendSums {
  /** Token buckets, the first fields of a usage record. */
  static final int BUCKETS = 10;

  private final long[] tokens = new long[BUCKETS];
  private final long[] tokensKnown = new long[BUCKETS];
  private long assumedCacheTtl;
  private BigDecimal cost = BigDecimal.ZERO.setScale(Amounts.SCALE);
  private long costKnown;

  /** Adds ({@code sign} 1) or takes away (-1). */
  void add(@Nullable TokenUsage usage, @Nullable BigDecimal amount, int sign) {
    if (usage != null) {
      for (int bucket = 0; bucket < BUCKETS; bucket++) {
        add(bucket, (Long) usage.get(bucket), sign);
      }
      assumedCacheTtl += usage.getAssumedCacheTtl() ? sign : 0;
    }
    add(amount, sign);
  }

  void add(@Nullable Long[] counts, boolean assumed, @Nullable BigDecimal amount, int sign) {
    for (int bucket = 0; bucket < BUCKETS; bucket++) {
      add(bucket, counts[bucket], sign);
    }
    assumedCacheTtl += assumed ? sign : 0;
    add(amount, sign);
  }

  private void add(int bucket, @Nullable Long count, int sign) {
    if (count != null) {
      tokens[bucket] = Math.addExact(tokens[bucket], sign * count);
      tokensKnown[bucket] += sign;
    }
  }

  private void add(@Nullable BigDecimal amount, int sign) {
    if (amount != null) {
      cost = sign > 0 ? cost.add(amount) : cost.subtract(amount);
      costKnown += sign;
    }
  }

  /** The sum of the known costs; null: none is known. */
  @Nullable BigDecimal cost() {
    return costKnown == 0 ? null : cost;
  }

  /** The sum of the known counts by bucket; null: none is known. */
  @Nullable TokenUsage usage() {
    TokenUsage usage = new TokenUsage();
    boolean anyKnown = false;
    for (int bucket = 0; bucket < BUCKETS; bucket++) {
      usage.put(bucket, tokensKnown[bucket] == 0 ? null : Long.valueOf(tokens[bucket]));
      anyKnown |= tokensKnown[bucket] > 0;
    }
    usage.setAssumedCacheTtl(assumedCacheTtl > 0);
    return anyKnown ? usage : null;
  }

  void write(ByteWriter out) {
    out.number(assumedCacheTtl).number(costKnown).block(cost.unscaledValue().toByteArray());
    for (int bucket = 0; bucket < BUCKETS; bucket++) {
      out.number(tokens[bucket]).number(tokensKnown[bucket]);
    }
  }

  static SpendSums read(ByteReader in) {
    SpendSums sums = new SpendSums();
    sums.assumedCacheTtl = in.number();
    sums.costKnown = in.number();
    sums.cost = new BigDecimal(new BigInteger(in.block()), Amounts.SCALE);
    for (int bucket = 0; bucket < BUCKETS; bucket++) {
      sums.tokens[bucket] = in.number();
      sums.tokensKnown[bucket] = in.number();
    }
    return sums;
  }
}
