package dev.tributary.pricing.importer;

import dev.tributary.pricing.CatalogueDiff;
import dev.tributary.pricing.RateCard;
import dev.tributary.pricing.RegionScope;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * Puts accepted prices behind those of the import before, so that history keeps the price of its
 * day: a list without dates says what a price is, never since when.
 */
public final class ImportTimeline {

  private ImportTimeline() {}

  /**
   * The cards of the import before, closed where a price has changed, and the new ones. A model
   * whose list has dates of its own is taken over as it is. What the gates held, and models that
   * the list no longer has, keep their cards. A price for large inputs, some hours or a region
   * takes the place of another from its first day to its last, so it begins when the list has it,
   * and ends when the list has only the other.
   *
   * @param before cards of the same publication
   * @param listed all of the list
   * @param accepted what of it passed the gates
   * @param from first moment of a changed price
   */
  public static List<RateCard> continued(
      List<RateCard> before, List<RateCard> listed, List<RateCard> accepted, Instant from) {
    Set<String> dated = new TreeSet<>();
    for (RateCard card : accepted) {
      if (card.effectiveFrom() != null || card.effectiveUntil() != null) {
        dated.add(model(card));
      }
    }
    Map<String, RateCard> open = new LinkedHashMap<>();
    List<RateCard> cards = new ArrayList<>();
    for (RateCard card : before) {
      if (dated.contains(model(card))) {
        continue;
      }
      if (card.effectiveUntil() == null) {
        open.put(timelessKey(card), card);
      } else {
        cards.add(card);
      }
    }
    Set<String> known = Set.copyOf(open.keySet());
    for (RateCard card : accepted) {
      RateCard last = open.remove(timelessKey(card));
      if (dated.contains(model(card))) {
        cards.add(card);
      } else if (last == null) {
        boolean isInstead = generalKeys(card).stream().anyMatch(known::contains);
        cards.add(isInstead ? card.toBuilder().from(from).build() : card);
      } else if (isSamePrice(last, card)) {
        cards.add(last);
      } else if (last.effectiveFrom() != null && !last.effectiveFrom().isBefore(from)) {
        // Changed twice at one moment: the first change never held.
        cards.add(card.toBuilder().from(last.effectiveFrom()).build());
      } else {
        cards.add(last.toBuilder().until(from).build());
        cards.add(card.toBuilder().from(from).build());
      }
    }
    Set<String> ended = endedKeys(open, listed, accepted);
    for (Map.Entry<String, RateCard> left : open.entrySet()) {
      RateCard card = left.getValue();
      if (!ended.contains(left.getKey())) {
        cards.add(card);
      } else if (card.effectiveFrom() == null || card.effectiveFrom().isBefore(from)) {
        cards.add(card.toBuilder().until(from).build());
      }
    }
    return cards;
  }

  /**
   * Special prices that the list has no more, though it has what holds otherwise. Not where the
   * gates hold another special price of the same: it may be the next one.
   */
  private static Set<String> endedKeys(
      Map<String, RateCard> open, List<RateCard> listed, List<RateCard> accepted) {
    Set<String> general = new TreeSet<>();
    accepted.forEach(card -> general.add(timelessKey(card)));
    Set<String> stays = new TreeSet<>();
    Set<String> held = new TreeSet<>();
    for (RateCard card : listed) {
      stays.add(timelessKey(card));
      if (!general.contains(timelessKey(card))) {
        held.addAll(generalKeys(card));
      }
    }
    Set<String> ended = new TreeSet<>();
    open.forEach(
        (key, card) -> {
          List<String> others = generalKeys(card);
          if (!stays.contains(key)
              && others.stream().anyMatch(general::contains)
              && others.stream().noneMatch(held::contains)) {
            ended.add(key);
          }
        });
    return ended;
  }

  /**
   * Keys of the cards that hold where a special one does not: one for large inputs, some hours or a
   * region takes the place of the one for all. None: it is itself for all.
   */
  private static List<String> generalKeys(RateCard card) {
    List<RateCard> general = new ArrayList<>();
    if (card.contextTier() != null || card.timeWindow() != null) {
      general.add(card.toBuilder().context(null).window(null).build());
    }
    if (card.regionScope() != RegionScope.ANY) {
      general.add(card.toBuilder().region(RegionScope.ANY).build());
      general.add(card.toBuilder().region(RegionScope.ANY).context(null).window(null).build());
    }
    return general.stream().map(ImportTimeline::timelessKey).distinct().toList();
  }

  private static String model(RateCard card) {
    return card.surface() + '|' + card.canonicalModel();
  }

  /** What a card is for, without its dates. */
  private static String timelessKey(RateCard card) {
    return CatalogueDiff.key(card.toBuilder().from(null).until(null).build());
  }

  private static boolean isSamePrice(RateCard a, RateCard b) {
    return a.rates().keySet().equals(b.rates().keySet())
        && a.pricedAs().equals(b.pricedAs())
        && a.fallback() == b.fallback()
        && a.minimums().equals(b.minimums())
        && Objects.equals(a.inputUpTo(), b.inputUpTo())
        && a.rates().entrySet().stream()
            .allMatch(
                rate ->
                    rate.getValue()
                        .isSamePrice(Objects.requireNonNull(b.rates().get(rate.getKey()))));
  }
}
