package dev.tributary.pricing;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The cards of one model and tier in the order in which they are tried. Their bounds lie side by
 * side, so that cards which cannot fit are passed over without being looked at.
 */
final class CardTable {
  /** A tier that the model does not have. */
  static final CardTable EMPTY = new CardTable(List.of(), Map.of());

  private static final int BOUNDS = 4;

  private final CardRates[] cards;
  private final long[] bounds;

  /**
   * A table.
   *
   * @param sorted most specific first
   * @param shared equal rates of an index; grows, unless there is no card
   */
  CardTable(List<RateCard> sorted, Map<Rate, CardRates.BucketRate> shared) {
    cards = sorted.stream().map(card -> new CardRates(card, shared)).toArray(CardRates[]::new);
    bounds = new long[cards.length * BOUNDS];
    for (int i = 0; i < cards.length; i++) {
      cards[i].writeBounds(bounds, i * BOUNDS);
    }
  }

  /** The first card that fits a call, or null. */
  @Nullable CardRates pick(RegionScope region, long inputTotal, Instant at) {
    long second = at.getEpochSecond();
    for (int i = 0; i < cards.length; i++) {
      int bound = i * BOUNDS;
      if (inputTotal >= bounds[bound]
          && inputTotal <= bounds[bound + 1]
          && second >= bounds[bound + 2]
          && second <= bounds[bound + 3]
          && cards[i].fits(region, inputTotal, at)) {
        return cards[i];
      }
    }
    return null;
  }
}
