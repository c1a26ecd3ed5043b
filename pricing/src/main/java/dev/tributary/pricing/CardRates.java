package dev.tributary.pricing;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A card with everything that pricing a call asks of it computed once and close together: a warm
 * catalogue costs the time of its cache misses. Rates that are equal are one object in a whole
 * index.
 */
final class CardRates {

  /** The places of a rate that the fast path cannot take. */
  private static final int SLOW = -1;

  /**
   * What a bucket is billed at.
   *
   * @param digits of the amount, where {@code places} is not {@link #SLOW}
   * @param places decimal places of {@code amount / per}
   */
  record BucketRate(Rate rate, BigDecimal amount, long per, long digits, int places) {

    static BucketRate of(Rate rate) {
      int places =
          rate.per() == Rate.PER_MILLION ? 6 : rate.per() == 1_000 ? 3 : rate.per() == 1 ? 0 : SLOW;
      return places == SLOW || rate.amount().precision() > 18
          ? new BucketRate(rate, rate.amount(), rate.per(), 0, SLOW)
          : new BucketRate(
              rate,
              rate.amount(),
              rate.per(),
              rate.amount().unscaledValue().longValueExact(),
              rate.amount().scale() + places);
    }

    /** What so many units cost, exactly; null where the division does not end. */
    @Nullable BigDecimal exactCost(long count) {
      if (places != SLOW) {
        long low = digits * count;
        // Both are positive: the product fits where nothing is above the 63rd bit.
        if (low >= 0 && Math.multiplyHigh(digits, count) == 0) {
          return BigDecimal.valueOf(low, places);
        }
      }
      return rate.exactQuotient(amount.multiply(BigDecimal.valueOf(count)));
    }
  }

  final RateCard card;
  final boolean hasRequestFee;
  private final boolean hasMinimum;
  private final RegionScope region;
  private final @Nullable TimeWindow window;
  private final long minimumInput;
  private final long inputUpTo;
  private final long fromSecond;
  private final int fromNano;
  private final long untilSecond;
  private final int untilNano;
  private final @Nullable BucketRate[] rates;

  /**
   * The form of a card.
   *
   * @param shared equal rates of an index; grows
   */
  CardRates(RateCard card, Map<Rate, BucketRate> shared) {
    this.card = card;
    this.region = card.regionScope();
    this.window = card.timeWindow();
    this.minimumInput = card.minimumInput();
    this.inputUpTo = card.inputUpTo() == null ? Long.MAX_VALUE : card.inputUpTo();
    Instant from = card.effectiveFrom() == null ? Instant.MIN : card.effectiveFrom();
    Instant until = card.effectiveUntil() == null ? Instant.MAX : card.effectiveUntil();
    this.fromSecond = from.getEpochSecond();
    this.fromNano = from.getNano();
    this.untilSecond = until.getEpochSecond();
    this.untilNano = until.getNano();
    this.hasRequestFee = card.rates().containsKey(Bucket.REQUEST);
    this.hasMinimum = !card.minimums().isEmpty();
    this.rates = new BucketRate[Bucket.ALL.size()];
    for (Bucket bucket : Bucket.ALL) {
      Rate rate = card.rateOf(bucket);
      rates[bucket.index()] = rate == null ? null : shared.computeIfAbsent(rate, BucketRate::of);
    }
  }

  /** Whether the card may price a call. */
  boolean fits(RegionScope call, long inputTotal, Instant at) {
    return inputTotal >= minimumInput
        && inputTotal <= inputUpTo
        && isInForce(at.getEpochSecond(), at.getNano())
        && region.covers(call)
        && (window == null || window.contains(at));
  }

  private boolean isInForce(long second, int nano) {
    boolean hasBegun = second > fromSecond || (second == fromSecond && nano >= fromNano);
    return hasBegun && (second < untilSecond || (second == untilSecond && nano < untilNano));
  }

  /** The rate a bucket is billed at; null where it has no price. */
  @Nullable BucketRate rate(int index) {
    return rates[index];
  }

  /** How many units are billed where that many were used. */
  long billedCount(Bucket bucket, long count) {
    return hasMinimum ? card.billedCount(bucket, count) : count;
  }
}
