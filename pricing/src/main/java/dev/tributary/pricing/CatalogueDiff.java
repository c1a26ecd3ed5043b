package dev.tributary.pricing;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What two catalogues say differently, card by card. Cards are the same when they have the same
 * key: surface, model, tier, region, input size, hours and begin; who says it does not matter.
 *
 * @param changes sorted by surface, model and key
 */
public record CatalogueDiff(List<Change> changes) {

  /** What became of a card. */
  public enum Kind {
    ADDED,
    REMOVED,
    CHANGED
  }

  /**
   * One card that differs.
   *
   * @param key what the card is for, as {@code openai|gpt-5|batch|>272000|2026-08-21}
   * @param before null where it was added
   * @param after null where it was removed
   * @param rates buckets whose price differs; a side is null where it has none
   * @param terms conditions and rules that differ, as {@code until none -> 2026-08-21T00:00:00Z}
   */
  public record Change(
      Kind kind,
      String key,
      @Nullable RateCard before,
      @Nullable RateCard after,
      Map<Bucket, RateChange> rates,
      List<String> terms) {

    /** The card on either side, the newer first. */
    public RateCard card() {
      RateCard card = after == null ? before : after;
      if (card == null) {
        throw new IllegalStateException("a change has a card");
      }
      return card;
    }
  }

  /** A bucket's price on both sides; null where a side has none. */
  public record RateChange(@Nullable Rate before, @Nullable Rate after) {}

  public CatalogueDiff {
    changes = List.copyOf(changes);
  }

  /** Compares two catalogues. */
  public static CatalogueDiff between(Catalogue before, Catalogue after) {
    Map<String, RateCard> old = byKey(before);
    Map<String, RateCard> fresh = byKey(after);
    TreeMap<String, RateCard> keys = new TreeMap<>(old);
    keys.putAll(fresh);
    List<Change> changes = new ArrayList<>();
    for (String key : keys.keySet()) {
      Change change = change(key, old.get(key), fresh.get(key));
      if (change != null) {
        changes.add(change);
      }
    }
    changes.sort(
        Comparator.comparing((Change change) -> change.card().surface())
            .thenComparing(change -> change.card().canonicalModel())
            .thenComparing(Change::key));
    return new CatalogueDiff(changes);
  }

  private static Map<String, RateCard> byKey(Catalogue catalogue) {
    Map<String, RateCard> byKey = new TreeMap<>();
    for (RateCard card : catalogue.cards()) {
      // The highest layer speaks where several have the same key.
      RateCard other = byKey.get(key(card));
      if (other == null || card.layer().compareTo(other.layer()) < 0) {
        byKey.put(key(card), card);
      }
    }
    return byKey;
  }

  /** What a card is for, without who says it. */
  public static String key(RateCard card) {
    return RateCard.builder(card.surface(), card.canonicalModel())
        .tier(card.serviceTier())
        .region(card.regionScope())
        .context(card.contextTier())
        .window(card.timeWindow())
        .from(card.effectiveFrom())
        .derivedId();
  }

  private static @Nullable Change change(
      String key, @Nullable RateCard before, @Nullable RateCard after) {
    Map<Bucket, RateChange> rates = new EnumMap<>(Bucket.class);
    for (Bucket bucket : Bucket.ALL) {
      Rate old = before == null ? null : before.rates().get(bucket);
      Rate fresh = after == null ? null : after.rates().get(bucket);
      boolean isOneSided = (old == null) != (fresh == null);
      if (isOneSided || (old != null && fresh != null && !old.isSamePrice(fresh))) {
        rates.put(bucket, new RateChange(old, fresh));
      }
    }
    if (before == null || after == null) {
      return new Change(
          before == null ? Kind.ADDED : Kind.REMOVED, key, before, after, rates, List.of());
    }
    List<String> terms = new ArrayList<>();
    addTerm(terms, "until", text(before.effectiveUntil()), text(after.effectiveUntil()));
    addTerm(terms, "up_to", String.valueOf(before.inputUpTo()), String.valueOf(after.inputUpTo()));
    addTerm(terms, "fallback", before.fallback().wireName(), after.fallback().wireName());
    addTerm(terms, "priced_as", rules(before), rules(after));
    addTerm(terms, "minimum", before.minimums().toString(), after.minimums().toString());
    return rates.isEmpty() && terms.isEmpty()
        ? null
        : new Change(Kind.CHANGED, key, before, after, rates, List.copyOf(terms));
  }

  private static void addTerm(List<String> terms, String name, String before, String after) {
    if (!before.equals(after)) {
      terms.add(name + ' ' + before + " -> " + after);
    }
  }

  private static String text(@Nullable Instant moment) {
    return moment == null ? "none" : moment.toString();
  }

  private static String rules(RateCard card) {
    List<String> rules = new ArrayList<>();
    card.pricedAs()
        .forEach((bucket, other) -> rules.add(bucket.wireName() + " as " + other.wireName()));
    return rules.isEmpty() ? "none" : String.join(", ", rules);
  }
}
