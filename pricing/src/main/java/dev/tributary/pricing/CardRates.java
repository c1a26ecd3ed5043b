package dev.tributary.pricing;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
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

    /** The digits of what so many units cost, at {@code places}; negative where they do not fit. */
    long exactDigits(long count) {
      if (places == SLOW) {
        return SLOW;
      }
      long low = digits * count;
      // Both are positive: the product fits where nothing is above the 63rd bit.
      return low >= 0 && Math.multiplyHigh(digits, count) == 0 ? low : SLOW;
    }

    /** What so many units cost, exactly; null where the division does not end. */
    @Nullable BigDecimal exactCost(long count) {
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

  /** Bits of the buckets that have a rate. */
  private final long priced;

  /** Their rates, close together. */
  private final BucketRate[] rates;

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
    List<BucketRate> known = new ArrayList<>();
    long bits = 0;
    for (Bucket bucket : Bucket.ALL) {
      Rate rate = card.rateOf(bucket);
      if (rate != null) {
        bits |= 1L << bucket.index();
        known.add(shared.computeIfAbsent(rate, BucketRate::of));
      }
    }
    this.priced = bits;
    this.rates = known.toArray(BucketRate[]::new);
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

  /**
   * Bounds of the calls that the card may fit, to be kept beside those of other cards: least and
   * largest input, first and last second.
   */
  void writeBounds(long[] bounds, int at) {
    bounds[at] = minimumInput;
    bounds[at + 1] = inputUpTo;
    bounds[at + 2] = fromSecond;
    bounds[at + 3] = untilSecond;
  }

  /** The rate a bucket is billed at; null where it has no price. */
  @Nullable BucketRate rate(int index) {
    long bit = 1L << index;
    return (priced & bit) == 0 ? null : rates[Long.bitCount(priced & (bit - 1))];
  }

  /** How many units are billed where that many were used. */
  long billedCount(Bucket bucket, long count) {
    return hasMinimum ? card.billedCount(bucket, count) : count;
  }
}
