package dev.tributary.pricing;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds times and input sizes that cards of one key leave out between them. Such a hole is a
 * mistake in the text: a call inside it would have no price although its neighbours have one.
 */
final class CardGaps {

  /** What the cards of one price over time share. */
  private record Timeline(
      String surface,
      String model,
      Layer layer,
      RegionScope region,
      ServiceTier tier,
      long minimumInput,
      boolean hasContext,
      @Nullable TimeWindow window) {

    static Timeline of(RateCard card) {
      return new Timeline(
          card.surface(),
          card.canonicalModel(),
          card.layer(),
          card.regionScope(),
          card.serviceTier(),
          card.minimumInput(),
          card.contextTier() != null,
          card.timeWindow());
    }
  }

  /** What the cards of one price by input size share. */
  private record Sizes(
      String surface,
      String model,
      Layer layer,
      RegionScope region,
      ServiceTier tier,
      @Nullable TimeWindow window) {

    static Sizes of(RateCard card) {
      return new Sizes(
          card.surface(),
          card.canonicalModel(),
          card.layer(),
          card.regionScope(),
          card.serviceTier(),
          card.timeWindow());
    }
  }

  private CardGaps() {}

  /**
   * Checks cards that do not overlap.
   *
   * @throws CatalogueConflict naming the cards on both sides of a hole
   */
  static void check(List<RateCard> cards) {
    Map<Timeline, List<RateCard>> timelines = new LinkedHashMap<>();
    Map<Sizes, List<RateCard>> sizes = new LinkedHashMap<>();
    for (RateCard card : cards) {
      timelines.computeIfAbsent(Timeline.of(card), unused -> new ArrayList<>()).add(card);
      sizes.computeIfAbsent(Sizes.of(card), unused -> new ArrayList<>()).add(card);
    }
    timelines.values().forEach(CardGaps::checkTimes);
    sizes.values().forEach(CardGaps::checkSizes);
  }

  private static void checkTimes(List<RateCard> timeline) {
    List<RateCard> byTime = new ArrayList<>(timeline);
    byTime.sort(
        Comparator.comparing(
            RateCard::effectiveFrom, Comparator.nullsFirst(Comparator.naturalOrder())));
    for (int i = 1; i < byTime.size(); i++) {
      Instant until = byTime.get(i - 1).effectiveUntil();
      Instant from = byTime.get(i).effectiveFrom();
      if (until != null && from != null && until.isBefore(from)) {
        throw gap(byTime.get(i - 1), byTime.get(i), "from " + until + " until " + from);
      }
    }
  }

  private static void checkSizes(List<RateCard> cards) {
    for (RateCard card : cards) {
      Long upTo = card.inputUpTo();
      if (upTo == null) {
        continue;
      }
      RateCard next = null;
      for (RateCard other : cards) {
        if (other.minimumInput() > card.minimumInput()
            && holdTogether(card, other)
            && (next == null || other.minimumInput() < next.minimumInput())) {
          next = other;
        }
      }
      if (next != null && next.minimumInput() - 1 > upTo) {
        throw gap(card, next, "for input of " + (upTo + 1) + " to " + (next.minimumInput() - 1));
      }
    }
  }

  private static boolean holdTogether(RateCard a, RateCard b) {
    return startsBefore(a.effectiveFrom(), b.effectiveUntil())
        && startsBefore(b.effectiveFrom(), a.effectiveUntil());
  }

  private static boolean startsBefore(@Nullable Instant from, @Nullable Instant until) {
    return from == null || until == null || from.isBefore(until);
  }

  private static CatalogueConflict gap(RateCard before, RateCard after, String where) {
    return new CatalogueConflict(
        "cards " + before.id() + " and " + after.id() + " leave a gap " + where,
        CatalogueConflict.card(before.id()),
        CatalogueConflict.card(after.id()));
  }
}
