package dev.tributary.standalone.prices;

import dev.tributary.pricing.Bucket;
import dev.tributary.pricing.Rate;
import org.jspecify.annotations.Nullable;

/** A price as people read it. */
final class RateText {
  private RateText() {}

  /**
   * The amount for a million tokens, or with the number of units it buys; {@code none} for null.
   */
  static String of(Bucket bucket, @Nullable Rate rate) {
    if (rate == null) {
      return "none";
    }
    String amount = rate.amount().toPlainString();
    return bucket.isToken() && rate.per() == Rate.PER_MILLION
        ? amount
        : amount + " per " + rate.per();
  }
}
