package dev.tributary.pricing.allocation;

import dev.tributary.pricing.Catalogue;
import dev.tributary.pricing.Money;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Capacity that costs the same whether it is used or not: a provisioned deployment, a pool of GPUs.
 *
 * @param id names the pool in every line it gives
 * @param terms what it costs when; in the order of their begin, without overlap
 */
public record CapacityPool(String id, List<Term> terms) {

  /** A pool is paid by the hour. */
  public static final Duration HOUR = Duration.ofHours(1);

  /**
   * A time with one price.
   *
   * @param units how many are paid, as 100 provisioned units or 8 GPUs; above 0
   * @param perUnitHour money for one unit and one hour, in the ledger's currency; not negative
   * @param from first hour; null: since ever
   * @param until first hour after; null: open
   * @param rateCardId named on every line, so that it says which price it came from
   */
  public record Term(
      long units,
      BigDecimal perUnitHour,
      @Nullable Instant from,
      @Nullable Instant until,
      String rateCardId) {

    public Term {
      if (units <= 0) {
        throw new IllegalArgumentException("units must be above 0: " + units);
      }
      if (perUnitHour.signum() < 0) {
        throw new IllegalArgumentException(
            "the price of an hour must not be negative: " + perUnitHour.toPlainString());
      }
      requireHour("from", from);
      requireHour("until", until);
      if (from != null && until != null && !from.isBefore(until)) {
        throw new IllegalArgumentException("a term is empty: from " + from + " until " + until);
      }
    }

    private static void requireHour(String name, @Nullable Instant moment) {
      if (moment != null && moment.getEpochSecond() % HOUR.toSeconds() != 0) {
        throw new IllegalArgumentException(name + " must be a whole hour: " + moment);
      }
    }

    private boolean holdsAt(Instant hour) {
      return (from == null || !hour.isBefore(from)) && (until == null || hour.isBefore(until));
    }

    private boolean endsAfter(Term next) {
      return until == null || next.from == null || until.isAfter(next.from);
    }
  }

  /**
   * What one hour of the pool costs.
   *
   * @param start its first moment
   * @param cost at most {@link Money#BOOKED_SCALE} places, so that its parts can be booked exactly
   * @param currency the ledger's
   */
  public record Hour(
      String poolId, Instant start, BigDecimal cost, String currency, String rateCardId) {

    public Hour {
      if (cost.signum() < 0) {
        throw new IllegalArgumentException("a cost must not be negative: " + cost.toPlainString());
      }
      if (cost.stripTrailingZeros().scale() > Money.BOOKED_SCALE) {
        throw new IllegalArgumentException(
            "a pool's hour has more than 18 places: " + cost.toPlainString());
      }
    }

    /** The first moment after it: the event time of its lines. */
    public Instant end() {
      return start.plus(HOUR);
    }
  }

  public CapacityPool {
    if (id.isBlank()) {
      throw new IllegalArgumentException("a pool needs an id");
    }
    terms = List.copyOf(terms);
    for (int i = 1; i < terms.size(); i++) {
      if (terms.get(i - 1).endsAfter(terms.get(i))) {
        throw new IllegalArgumentException(
            "terms " + i + " and " + (i + 1) + " of " + id + " overlap");
      }
    }
  }

  /**
   * What the hour around a moment costs; null where the pool was not paid then.
   *
   * @param within any moment of the hour
   */
  public @Nullable Hour hourAt(Instant within) {
    Instant start =
        Instant.ofEpochSecond(
            Math.floorDiv(within.getEpochSecond(), HOUR.toSeconds()) * HOUR.toSeconds());
    for (Term term : terms) {
      if (term.holdsAt(start)) {
        BigDecimal cost = term.perUnitHour.multiply(BigDecimal.valueOf(term.units));
        return new Hour(id, start, cost, Catalogue.LEDGER_CURRENCY, term.rateCardId);
      }
    }
    return null;
  }
}
