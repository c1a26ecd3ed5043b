package dev.tributary.quality;

/**
 * What is compared.
 *
 * @param name stable, as {@code cost_per_call}, {@code length_share}, {@code score.faithfulness}
 * @param kind decides how rare values are treated
 * @param good which way is better
 */
public record Dimension(String name, Kind kind, Good good) {

  /** Kinds of values. */
  public enum Kind {
    /** An amount with a heavy tail: money, time, tokens. */
    AMOUNT,
    /** 0 or 1 for each call. */
    SHARE,
    /** A score between 0 and 1. */
    SCORE
  }

  /** Which way is better. */
  public enum Good {
    LOWER,
    HIGHER,
    /** A difference is worth knowing, and neither good nor bad. */
    NEITHER
  }

  public Dimension {
    if (name.isBlank()) {
      throw new IllegalArgumentException("a dimension needs a name");
    }
  }
}
