package dev.tributary.pricing.importer;

import dev.tributary.pricing.Bucket;
import dev.tributary.pricing.Catalogue;
import dev.tributary.pricing.Glob;
import dev.tributary.pricing.Rate;
import dev.tributary.pricing.RateCard;
import dev.tributary.pricing.ServiceTier;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Decides which cards of a price list may count at once. The bounds hold for nine tenths of the
 * public lists' rows and for none of their known mistakes (units mixed up, prices reverted, models
 * set to 0). A card that another source confirms passes the gates on its own numbers.
 */
public final class ImportGates {
  private static final BigDecimal MILLION = BigDecimal.valueOf(Rate.PER_MILLION);
  private static final BigDecimal INPUT_LEAST = new BigDecimal("0.0001");
  private static final BigDecimal INPUT_MOST = new BigDecimal("500");
  private static final BigDecimal JUMP = BigDecimal.valueOf(3);
  private static final Duration FLIP_WITHIN = Duration.ofDays(30);

  private final @Nullable Catalogue against;
  private final GatePolicy policy;
  private final List<RateCard> accepted = new ArrayList<>();
  private final List<Quarantined> quarantined = new ArrayList<>();
  private int agreed;

  private ImportGates(@Nullable Catalogue against, GatePolicy policy) {
    this.against = against;
    this.policy = policy;
  }

  /**
   * Tries every card.
   *
   * @param imported the list
   * @param against what is in force now, or another source; null: nothing to compare with
   */
  public static GateReport check(
      Catalogue imported, @Nullable Catalogue against, GatePolicy policy) {
    ImportGates gates = new ImportGates(against, policy);
    imported.cards().forEach(gates::pass);
    if (against != null) {
      gates.findVanished(imported, against);
    }
    return new GateReport(gates.accepted, gates.quarantined, gates.agreed);
  }

  private void pass(RateCard card) {
    if (matches(policy.approved(), card.id())) {
      accepted.add(card);
      return;
    }
    List<RateCard> before = before(card);
    RateCard last = before.isEmpty() ? null : before.get(before.size() - 1);
    boolean isAgreed = last != null && isAgreed(card, last);
    Quarantined held = isAgreed ? null : byItself(card);
    held = held == null ? byHistory(card, before) : held;
    if (held == null) {
      accepted.add(card);
      agreed += isAgreed ? 1 : 0;
    } else {
      quarantined.add(held);
    }
  }

  private @Nullable Quarantined byItself(RateCard card) {
    if (card.free()) {
      boolean isAllowed =
          card.serviceTier() == ServiceTier.FREE || matches(policy.free(), key(card));
      return isAllowed ? null : hold(Quarantined.Reason.ZERO, card, "every price is 0");
    }
    BigDecimal input = perMillion(card, Bucket.INPUT_UNCACHED);
    if (input == null) {
      return null;
    }
    BigDecimal output = perMillion(card, Bucket.OUTPUT_TEXT);
    if (input.signum() == 0) {
      // Where both are 0 the list means that tokens are not what is billed.
      return output == null || output.signum() == 0
          ? null
          : hold(Quarantined.Reason.ZERO, card, "input is 0, but output is not");
    }
    if (input.compareTo(INPUT_LEAST) < 0 || input.compareTo(INPUT_MOST) > 0) {
      return hold(
          Quarantined.Reason.UNIT,
          card,
          "input is " + text(input) + " for a million, allowed are 0.0001 to 500");
    }
    // An embedding has no output, and its list says 0.
    if (output != null && output.signum() > 0) {
      Quarantined held =
          factor(Quarantined.Reason.RATIO, card, "output", output, input, "0.5", "20");
      if (held != null) {
        return held;
      }
    }
    return caches(card, input);
  }

  private static @Nullable Quarantined caches(RateCard card, BigDecimal input) {
    BigDecimal read = perMillion(card, Bucket.CACHE_READ);
    if (read != null && read.compareTo(input) > 0) {
      return hold(
          Quarantined.Reason.CACHE_READ,
          card,
          "cache read is " + text(read) + ", more than input " + text(input));
    }
    BigDecimal write = perMillion(card, Bucket.CACHE_WRITE_5M);
    Quarantined held =
        write == null
            ? null
            : factor(
                Quarantined.Reason.CACHE_WRITE_5M, card, "cache write", write, input, "1", "1.5");
    BigDecimal hour = perMillion(card, Bucket.CACHE_WRITE_1H);
    return held != null || hour == null
        ? held
        : factor(
            Quarantined.Reason.CACHE_WRITE_1H, card, "1h cache write", hour, input, "1.5", "2.5");
  }

  private static @Nullable Quarantined factor(
      Quarantined.Reason reason,
      RateCard card,
      String what,
      BigDecimal price,
      BigDecimal input,
      String least,
      String most) {
    boolean isInside =
        price.compareTo(input.multiply(new BigDecimal(least))) >= 0
            && price.compareTo(input.multiply(new BigDecimal(most))) <= 0;
    return isInside
        ? null
        : hold(
            reason,
            card,
            what
                + " is "
                + times(price, input)
                + " times input, allowed are "
                + least
                + " to "
                + most);
  }

  private @Nullable Quarantined byHistory(RateCard card, List<RateCard> before) {
    if (before.isEmpty()) {
      return null;
    }
    RateCard last = before.get(before.size() - 1);
    for (Bucket bucket : card.rates().keySet()) {
      Rate old = last.rates().get(bucket);
      Rate fresh = card.rates().get(bucket);
      if (old == null || fresh == null || old.isZero() || old.isSamePrice(fresh)) {
        continue;
      }
      BigDecimal was = unit(old);
      BigDecimal is = unit(fresh);
      if (is.compareTo(was.multiply(JUMP)) > 0 || is.multiply(JUMP).compareTo(was) < 0) {
        return hold(
            Quarantined.Reason.JUMP,
            card,
            bucket.wireName() + " was " + text(was) + " and is " + text(is) + " for a million");
      }
    }
    return isFlip(card, before)
        ? hold(
            Quarantined.Reason.FLIP,
            card,
            "changed on " + last.effectiveFrom() + ", and now back to the price before")
        : null;
  }

  private boolean isFlip(RateCard card, List<RateCard> before) {
    RateCard last = before.get(before.size() - 1);
    Instant changed = last.effectiveFrom();
    return before.size() > 1
        && changed != null
        && changed.plus(FLIP_WITHIN).isAfter(policy.asOf())
        && !isSame(card, last)
        && isSame(card, before.get(before.size() - 2));
  }

  private static boolean isSame(RateCard card, RateCard other) {
    return card.rates().keySet().equals(other.rates().keySet())
        && card.rates().entrySet().stream()
            .allMatch(rate -> rate.getValue().isSamePrice(rateOf(other, rate.getKey())));
  }

  private static Rate rateOf(RateCard card, Bucket bucket) {
    return Objects.requireNonNull(card.rates().get(bucket));
  }

  /** Whether another publication asks the same for all that both price, text at least. */
  private static boolean isAgreed(RateCard card, RateCard other) {
    if (card.source().name().equals(other.source().name())) {
      return false;
    }
    Set<Bucket> both = new TreeSet<>(card.rates().keySet());
    both.retainAll(other.rates().keySet());
    return both.contains(Bucket.INPUT_UNCACHED)
        && both.stream()
            .allMatch(bucket -> rateOf(card, bucket).isSamePrice(rateOf(other, bucket)));
  }

  /** The cards for the same calls that began before now, the one in force last. */
  private List<RateCard> before(RateCard card) {
    if (against == null) {
      return List.of();
    }
    String model = against.resolve(card.surface(), card.canonicalModel()).canonicalModel();
    List<RateCard> before = new ArrayList<>();
    for (RateCard other : against.cards()) {
      if (other.canonicalModel().equals(model)
          && other.surface().equals(card.surface())
          && other.serviceTier() == card.serviceTier()
          && other.regionScope() == card.regionScope()
          && Objects.equals(other.contextTier(), card.contextTier())
          && Objects.equals(other.timeWindow(), card.timeWindow())
          && beganBefore(other, card)) {
        before.add(other);
      }
    }
    before.sort(
        Comparator.comparing(
            RateCard::effectiveFrom, Comparator.nullsFirst(Comparator.naturalOrder())));
    return before;
  }

  /** An old price of a dated list is compared with what was in force then. */
  private boolean beganBefore(RateCard other, RateCard card) {
    Instant began = other.effectiveFrom();
    if (began == null) {
      return true;
    }
    Instant at =
        card.effectiveFrom() != null || card.effectiveUntil() != null
            ? card.effectiveFrom()
            : policy.asOf();
    return at != null && !began.isAfter(at);
  }

  /** Models of the same publication that the list before had. */
  private void findVanished(Catalogue imported, Catalogue before) {
    Set<String> sources = new TreeSet<>();
    Set<String> listed = new TreeSet<>();
    for (RateCard card : imported.cards()) {
      sources.add(card.source().name());
      listed.add(key(card).toLowerCase(Locale.ROOT));
    }
    Set<String> seen = new TreeSet<>();
    for (RateCard card : before.cards()) {
      if (sources.contains(card.source().name())
          && !listed.contains(key(card).toLowerCase(Locale.ROOT))
          && seen.add(key(card))) {
        quarantined.add(
            new Quarantined(
                Quarantined.Reason.VANISHED, key(card), null, "the list no longer has it"));
      }
    }
  }

  private static Quarantined hold(Quarantined.Reason reason, RateCard card, String detail) {
    return new Quarantined(reason, key(card), card, detail);
  }

  private static String key(RateCard card) {
    return card.surface() + '|' + card.canonicalModel();
  }

  private static boolean matches(List<String> globs, String text) {
    String name = text.toLowerCase(Locale.ROOT);
    return globs.stream().anyMatch(glob -> Glob.matches(glob.toLowerCase(Locale.ROOT), name));
  }

  private static @Nullable BigDecimal perMillion(RateCard card, Bucket bucket) {
    Rate rate = card.rates().get(bucket);
    return rate == null ? null : unit(rate);
  }

  /** The price of a million units, for comparing; a rate for seconds need not end. */
  private static BigDecimal unit(Rate rate) {
    return rate.amount()
        .multiply(MILLION)
        .divide(BigDecimal.valueOf(rate.per()), 18, RoundingMode.HALF_EVEN);
  }

  private static String times(BigDecimal price, BigDecimal input) {
    return text(price.divide(input, 4, RoundingMode.HALF_EVEN));
  }

  private static String text(BigDecimal number) {
    return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
  }
}
