package dev.tributary.pricing;

import org.jspecify.annotations.Nullable;

/**
 * The input size from which a card holds. Measured on all input tokens of the request, cached ones
 * included; it then prices every bucket of that request.
 *
 * @param op whether the threshold itself already belongs to the tier: providers differ, so it is
 *     stored
 * @param threshold tokens, at least 0
 */
public record ContextTier(Op op, long threshold) {

  /** How the input is compared with the threshold. */
  public enum Op {
    GREATER(">"),
    AT_LEAST(">=");

    private final String symbol;

    Op(String symbol) {
      this.symbol = symbol;
    }

    /** The comparison as catalogues write it. */
    public String symbol() {
      return symbol;
    }

    /** The comparison of that symbol, or null where there is none. */
    public static @Nullable Op ofSymbol(String symbol) {
      for (Op op : values()) {
        if (op.symbol.equals(symbol)) {
          return op;
        }
      }
      return null;
    }
  }

  public ContextTier {
    if (threshold < 0) {
      throw new IllegalArgumentException("context threshold must not be negative: " + threshold);
    }
    if (op == Op.GREATER && threshold == Long.MAX_VALUE) {
      throw new IllegalArgumentException("context threshold can never be passed: " + threshold);
    }
  }

  /** The smallest input total that belongs to the tier; two tiers are the same when these are. */
  public long minimumInput() {
    return op == Op.GREATER ? threshold + 1 : threshold;
  }

  @Override
  public String toString() {
    return op.symbol() + threshold;
  }
}
