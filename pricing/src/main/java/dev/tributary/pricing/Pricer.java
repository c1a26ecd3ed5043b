package dev.tributary.pricing;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Prices a call: a pure function of catalogue and request. Exact; what is unknown stays null.
 *
 * <p>Formula: {@code cost = sum over buckets (count x amount / per)} with the one card that fits
 * surface, model, tier, region, input size and event time. There is no fallback from one tier or
 * region to another.
 */
public final class Pricer {

  private static final Comparator<CostLine> IN_BUCKET_ORDER =
      Comparator.comparing(CostLine::bucket);

  private Pricer() {}

  /** Prices a call by event time {@code request.at()}. */
  public static Priced price(Catalogue catalogue, PricingRequest request) {
    return price(catalogue, request, false);
  }

  private static Priced price(Catalogue catalogue, PricingRequest request, boolean zeroIsKnown) {
    Usage usage = request.usage();
    Target target = target(catalogue, request);
    if (usage == null || usage.isEmpty()) {
      return target.unpriced(PriceStatus.NO_USAGE, "the call reported no usage", 0);
    }
    if (target.index == null) {
      String reason =
          request.surface() == null ? "no surface" : "no card for surface " + request.surface();
      return target.unpriced(PriceStatus.UNKNOWN_SURFACE, reason, usage.tokens());
    }
    if (target.prices == null) {
      return target.unpriced(
          PriceStatus.UNKNOWN_MODEL, target.unknownModelReason(request), usage.tokens());
    }
    ServiceTier tier = target.tier;
    if (tier == null) {
      return target.unpriced(
          PriceStatus.UNKNOWN_MODEL,
          "no card for service tier " + request.serviceTier(),
          usage.tokens());
    }
    long inputTotal = usage.inputTotalOrUnknown();
    CardRates card = target.prices.pick(tier, target.region, Math.max(0, inputTotal), request.at());
    if (card == null) {
      return target.unpriced(
          PriceStatus.UNKNOWN_MODEL,
          noCardReason(target.prices.of(tier), target, request),
          usage.tokens());
    }
    boolean contextAssumed = inputTotal < 0 && hasContextTiers(target.prices.of(tier));
    return new Bill(target, card, usage, contextAssumed).priced(zeroIsKnown);
  }

  /**
   * Prices reported counts: contradictory ones are {@link PriceStatus#INVALID_USAGE}, absent ones
   * {@link PriceStatus#NO_USAGE}.
   *
   * @param request its own usage is not read
   */
  public static Priced price(Catalogue catalogue, PricingRequest request, UsageResult usage) {
    return price(catalogue, request, usage, false);
  }

  /**
   * As {@link #price(Catalogue, PricingRequest, UsageResult)}, but where a card fits and has a rate
   * for nothing that was used, the call is {@link PriceStatus#PARTIAL} with the lower bound 0: for
   * lists whose own rule is that what they do not price adds nothing.
   */
  public static Priced lowerBound(Catalogue catalogue, PricingRequest request, UsageResult usage) {
    return price(catalogue, request, usage, true);
  }

  private static Priced price(
      Catalogue catalogue, PricingRequest request, UsageResult usage, boolean zeroIsKnown) {
    if (usage instanceof UsageResult.Invalid invalid) {
      return target(catalogue, request).unpriced(PriceStatus.INVALID_USAGE, invalid.reason(), 0);
    }
    Usage counts = usage instanceof UsageResult.Valid valid ? valid.usage() : null;
    return price(
        catalogue,
        new PricingRequest(
            request.surface(),
            request.responseModel(),
            request.requestModel(),
            request.region(),
            request.serviceTier(),
            counts,
            request.at()),
        zeroIsKnown);
  }

  private static boolean hasContextTiers(List<RateCard> cards) {
    for (int i = 0; i < cards.size(); i++) {
      if (cards.get(i).contextTier() != null) {
        return true;
      }
    }
    return false;
  }

  private static String noCardReason(List<RateCard> cards, Target target, PricingRequest request) {
    if (cards.isEmpty()) {
      return "no card for service tier "
          + (target.tier == null ? "unknown" : target.tier.wireName());
    }
    if (cards.stream().noneMatch(card -> card.regionScope().covers(target.region))) {
      return "no card for region scope " + target.region.wireName();
    }
    if (cards.stream()
        .noneMatch(
            card -> card.regionScope().covers(target.region) && card.validAt(request.at()))) {
      return "no card valid at " + request.at();
    }
    return "no card for this input size or time of day";
  }

  private static Target target(Catalogue catalogue, PricingRequest request) {
    String surface = request.surface();
    SurfaceIndex index = surface == null ? null : catalogue.surface(surface);
    SurfaceIndex.Resolved response = resolve(index, request.responseModel());
    if (response != null && response.prices() != null) {
      return new Target(catalogue, request, index, response, true);
    }
    // A gateway may answer with a name nobody lists while the request used one that is known; but a
    // name that is listed as
    // another model must not be priced as what was asked for.
    if (response != null && response.resolution().step() == ModelStep.EXCLUDED) {
      return new Target(catalogue, request, index, response, true);
    }
    SurfaceIndex.Resolved asked = resolve(index, request.requestModel());
    if (asked != null && (asked.prices() != null || response == null)) {
      return new Target(catalogue, request, index, asked, false);
    }
    return new Target(catalogue, request, index, response, true);
  }

  private static SurfaceIndex.@Nullable Resolved resolve(
      @Nullable SurfaceIndex index, @Nullable String model) {
    return index == null || model == null || model.isBlank() ? null : index.resolve(model);
  }

  /** What the call resolves to, whether or not it can be priced. */
  private static final class Target {
    private final @Nullable SurfaceIndex index;
    private final SurfaceIndex.@Nullable Prices prices;
    private final @Nullable String canonicalModel;
    private final String step;
    private final RegionScope region;
    private final @Nullable ServiceTier tier;
    private final String catalogueVersion;

    Target(
        Catalogue catalogue,
        PricingRequest request,
        @Nullable SurfaceIndex index,
        SurfaceIndex.@Nullable Resolved resolved,
        boolean byResponse) {
      this.index = index;
      this.catalogueVersion = catalogue.version();
      this.prices = resolved == null ? null : resolved.prices();
      this.canonicalModel = resolved == null ? null : resolved.resolution().canonicalModel();
      RegionScope named = resolved == null ? null : resolved.resolution().regionScope();
      ServiceTier suffix = resolved == null ? null : resolved.resolution().serviceTier();
      this.step = stepName(resolved, byResponse);
      this.region = named != null ? named : RegionScope.ofCall(request.region());
      this.tier = suffix != null ? suffix : ServiceTier.parse(request.serviceTier());
    }

    Priced unpriced(PriceStatus status, String reason, long tokens) {
      return unpriced(status, reason, tokens, Set.of());
    }

    Priced unpriced(PriceStatus status, String reason, long tokens, Set<Bucket> buckets) {
      return new Priced(
          status,
          null,
          null,
          List.of(),
          null,
          catalogueVersion,
          canonicalModel,
          step,
          region,
          tier,
          tokens,
          buckets.isEmpty() ? Set.of() : Set.copyOf(buckets),
          reason,
          Set.of());
    }

    String unknownModelReason(PricingRequest request) {
      if (step.endsWith("excluded")) {
        return "listed as another model without a card";
      }
      return request.responseModel() == null && request.requestModel() == null
          ? "no model named"
          : "no card for model";
    }

    private static String stepName(SurfaceIndex.@Nullable Resolved resolved, boolean byResponse) {
      if (resolved == null) {
        return Priced.NO_STEP;
      }
      ModelStep step = resolved.resolution().step();
      return byResponse ? step.responseName() : step.requestName();
    }
  }

  /** The lines of one call under one card. */
  private static final class Bill {
    private final Target target;
    private final CardRates rates;
    private final Usage usage;
    private final List<CostLine> lines = new ArrayList<>(6);
    private final CostSum cost = new CostSum();
    private long unpricedTokens;
    private Set<Bucket> unpriced = Set.of();
    private Set<PriceFlag> flags = Set.of();

    Bill(Target target, CardRates rates, Usage usage, boolean contextAssumed) {
      this.target = target;
      this.rates = rates;
      this.usage = usage;
      if (contextAssumed) {
        flag(PriceFlag.CONTEXT_TIER_ASSUMED);
      }
    }

    Priced priced(boolean zeroIsKnown) {
      for (long rest = usage.used(); rest != 0; rest &= rest - 1) {
        int index = Long.numberOfTrailingZeros(rest);
        add(index, usage.countAt(index));
      }
      // A call is one request, whoever counted it: a card with a fee for each never goes without.
      if (rates.hasRequestFee && usage.count(Bucket.REQUEST) == null) {
        add(Bucket.REQUEST.index(), 1);
        lines.sort(IN_BUCKET_ORDER);
      }
      if (lines.isEmpty() && !unpriced.isEmpty() && !zeroIsKnown) {
        // The sum of no lines is 0, and a 0 here would read as a call that was free.
        return target.unpriced(PriceStatus.UNKNOWN_MODEL, noRateReason(), usage.tokens(), unpriced);
      }
      RateCard card = rates.card;
      PriceStatus status =
          !unpriced.isEmpty()
              ? PriceStatus.PARTIAL
              : card.free() ? PriceStatus.FREE : PriceStatus.PRICED;
      return new Priced(
          status,
          cost.total(),
          card.currency(),
          Collections.unmodifiableList(lines),
          card.id(),
          target.catalogueVersion,
          target.canonicalModel,
          target.step,
          target.region,
          target.tier,
          unpricedTokens,
          unpriced.isEmpty() ? Set.of() : Set.copyOf(unpriced),
          unpriced.isEmpty() ? null : noRateReason(),
          flags.isEmpty() ? Set.of() : Set.copyOf(flags));
    }

    private void add(int index, long count) {
      Bucket bucket = Bucket.ALL.get(index);
      CardRates.BucketRate rate = rates.rate(index);
      if (rate == null) {
        unpriced = unpriced.isEmpty() ? EnumSet.of(bucket) : unpriced;
        unpriced.add(bucket);
        unpricedTokens += bucket.isToken() ? count : 0;
        return;
      }
      long billed = rates.billedCount(bucket, count);
      if (billed != count) {
        flag(PriceFlag.MINIMUM_BILLED);
      }
      lines.add(new CostLine(bucket, billed, rate.amount(), rate.per(), addToCost(rate, billed)));
    }

    /** Adds what so many units cost, and answers it. */
    private BigDecimal addToCost(CardRates.BucketRate rate, long billed) {
      long digits = rate.exactDigits(billed);
      if (digits >= 0) {
        cost.add(digits, rate.places());
        return BigDecimal.valueOf(digits, rate.places());
      }
      BigDecimal lineCost = rate.exactCost(billed);
      if (lineCost == null) {
        lineCost =
            Money.divideRounded(rate.amount().multiply(BigDecimal.valueOf(billed)), rate.per());
        flag(PriceFlag.DIVISION_ROUNDED);
      }
      cost.add(lineCost);
      return lineCost;
    }

    private void flag(PriceFlag flag) {
      flags = flags.isEmpty() ? EnumSet.of(flag) : flags;
      flags.add(flag);
    }

    private String noRateReason() {
      StringBuilder text = new StringBuilder("no rate for");
      unpriced.forEach(bucket -> text.append(' ').append(bucket.wireName()));
      return text.toString();
    }
  }
}
