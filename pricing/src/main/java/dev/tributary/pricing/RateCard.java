package dev.tributary.pricing;

import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One commercial price list of one model: whose bill, which model, under which conditions, since
 * when, and what each bucket costs.
 *
 * @param id unique in a catalogue; stamped on every cost
 * @param surface who sends the bill, as {@code aws.bedrock}
 * @param canonicalModel the model's name on that surface, without its region prefix
 * @param names further names of the model; equal names on several cards of one model are one name
 * @param regionScope where it holds
 * @param serviceTier the class of service it holds for
 * @param contextTier from which input size it holds; null: from the first token
 * @param inputUpTo the largest input total it holds for, as a batch price stated only for small
 *     inputs; null: no limit
 * @param timeWindow the hours it holds in; null: always
 * @param effectiveFrom first moment of validity; null: since the model exists, as far as the source
 *     says
 * @param effectiveUntil first moment after validity; null: open
 * @param currency ISO 4217
 * @param rates what each bucket costs; a bucket that is not named has no known price, which is not
 *     0
 * @param pricedAs buckets without a rate of their own that are billed at another bucket's rate, as
 *     reasoning at text output
 * @param fallback what holds for a bucket with neither a rate nor a rule in {@code pricedAs}
 * @param minimums units billed at least where any were used, as ten seconds of audio; never tokens
 * @param free every rate is 0 and that is meant; an all-zero card without it is refused
 * @param source where the numbers were read
 * @param layer who stands behind it
 */
public record RateCard(
    String id,
    String surface,
    String canonicalModel,
    List<ModelName> names,
    RegionScope regionScope,
    ServiceTier serviceTier,
    @Nullable ContextTier contextTier,
    @Nullable Long inputUpTo,
    @Nullable TimeWindow timeWindow,
    @Nullable Instant effectiveFrom,
    @Nullable Instant effectiveUntil,
    String currency,
    Map<Bucket, Rate> rates,
    Map<Bucket, Bucket> pricedAs,
    Fallback fallback,
    Map<Bucket, Long> minimums,
    boolean free,
    RateSource source,
    Layer layer) {

  public RateCard {
    requireText("id", id);
    requireText("surface", surface);
    requireText("model", canonicalModel);
    if (currency.length() != 3 || !currency.chars().allMatch(c -> c >= 'A' && c <= 'Z')) {
      throw new IllegalArgumentException("currency must be an ISO 4217 code as USD: " + currency);
    }
    if (effectiveFrom != null
        && effectiveUntil != null
        && !effectiveFrom.isBefore(effectiveUntil)) {
      throw new IllegalArgumentException(
          "validity is empty: from " + effectiveFrom + " until " + effectiveUntil);
    }
    if (rates.isEmpty()) {
      throw new IllegalArgumentException("a card needs at least one rate");
    }
    if (rates.values().stream().allMatch(Rate::isZero) != free) {
      throw new IllegalArgumentException(
          free
              ? "a free card must not have a rate above 0"
              : "every rate is 0: write 'free: true' if that is meant");
    }
    long minimum = contextTier == null ? 0 : contextTier.minimumInput();
    if (inputUpTo != null && inputUpTo < minimum) {
      throw new IllegalArgumentException(
          "no input is both " + contextTier + " and up to " + inputUpTo);
    }
    requireUsable(pricedAs, rates);
    minimums.forEach(RateCard::requireMinimum);
    names = List.copyOf(names);
    rates = ordered(rates);
    pricedAs = ordered(pricedAs);
    minimums = ordered(minimums);
  }

  /** Starts a card with the given identity; everything else has a default. */
  public static RateCardBuilder builder(String surface, String canonicalModel) {
    return new RateCardBuilder(surface, canonicalModel);
  }

  /** Starts a card like this one; its id is made anew of what it then says. */
  public RateCardBuilder toBuilder() {
    RateCardBuilder builder =
        builder(surface, canonicalModel)
            .names(names)
            .region(regionScope)
            .tier(serviceTier)
            .context(contextTier)
            .upTo(inputUpTo)
            .window(timeWindow)
            .from(effectiveFrom)
            .until(effectiveUntil)
            .currency(currency)
            .fallback(fallback)
            .free(free)
            .source(source)
            .layer(layer);
    rates.forEach(builder::rate);
    pricedAs.forEach(builder::pricedAs);
    minimums.forEach(builder::minimum);
    return builder;
  }

  /**
   * The rate a bucket is billed at, by its own or by the card's explicit rule; null where it has no
   * price.
   */
  public @Nullable Rate rateOf(Bucket bucket) {
    Rate own = rates.get(bucket);
    if (own != null) {
      return own;
    }
    Bucket other = pricedAs.get(bucket);
    if (other != null) {
      return rates.get(other);
    }
    return fallback == Fallback.PARENT ? rateOfWhole(bucket) : null;
  }

  private @Nullable Rate rateOfWhole(Bucket bucket) {
    for (Bucket whole : bucket.wholes()) {
      Rate rate = rates.get(whole);
      if (rate != null) {
        return rate;
      }
    }
    return null;
  }

  /** How many units are billed where that many were used; the count itself for 0 and for tokens. */
  public long billedCount(Bucket bucket, long count) {
    Long minimum = minimums.isEmpty() || count == 0 ? null : minimums.get(bucket);
    return minimum == null ? count : Math.max(count, minimum);
  }

  /** Whether the card is in force at the moment, its hours aside. */
  public boolean validAt(Instant at) {
    return (effectiveFrom == null || !at.isBefore(effectiveFrom))
        && (effectiveUntil == null || at.isBefore(effectiveUntil));
  }

  /** The smallest input total the card is for. */
  long minimumInput() {
    return contextTier == null ? 0 : contextTier.minimumInput();
  }

  /** Whether both cards could price one call with equal right. */
  boolean overlaps(RateCard other) {
    return layer == other.layer
        && regionScope == other.regionScope
        && serviceTier == other.serviceTier
        && surface.equals(other.surface)
        && canonicalModel.equals(other.canonicalModel)
        && minimumInput() == other.minimumInput()
        && (contextTier == null) == (other.contextTier == null)
        && windowsMeet(timeWindow, other.timeWindow)
        && startsBefore(effectiveFrom, other.effectiveUntil)
        && startsBefore(other.effectiveFrom, effectiveUntil);
  }

  private static boolean windowsMeet(@Nullable TimeWindow a, @Nullable TimeWindow b) {
    // A card with hours beats one without: they never compete with equal right.
    if (a == null || b == null) {
      return a == null && b == null;
    }
    return a.intersects(b);
  }

  private static boolean startsBefore(@Nullable Instant from, @Nullable Instant until) {
    return from == null || until == null || from.isBefore(until);
  }

  private static void requireText(String field, String value) {
    if (value.isBlank()) {
      throw new IllegalArgumentException(field + " must not be blank");
    }
  }

  private static void requireUsable(Map<Bucket, Bucket> pricedAs, Map<Bucket, Rate> rates) {
    pricedAs.forEach(
        (bucket, other) -> {
          if (rates.containsKey(bucket)) {
            throw new IllegalArgumentException(
                bucket.wireName() + " has a rate of its own, so 'priced_as' cannot apply");
          }
          if (!rates.containsKey(other)) {
            throw new IllegalArgumentException(
                bucket.wireName() + " is priced as " + other.wireName() + ", which has no rate");
          }
        });
  }

  private static void requireMinimum(Bucket bucket, long count) {
    if (bucket.isToken() || count <= 0) {
      throw new IllegalArgumentException(
          "a minimum is a count above 0 of units that are no tokens, not "
              + count
              + " of "
              + bucket.wireName());
    }
  }

  private static <V> Map<Bucket, V> ordered(Map<Bucket, V> map) {
    EnumMap<Bucket, V> copy = new EnumMap<>(Bucket.class);
    copy.putAll(map);
    return Collections.unmodifiableMap(copy);
  }
}
