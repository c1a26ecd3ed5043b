package dev.tributary.pricing.importer;

import dev.tributary.pricing.Bucket;
import dev.tributary.pricing.Catalogue;
import dev.tributary.pricing.CostLine;
import dev.tributary.pricing.Priced;
import dev.tributary.pricing.Pricer;
import dev.tributary.pricing.PricingRequest;
import dev.tributary.pricing.RateCard;
import dev.tributary.pricing.SurfaceTable;
import dev.tributary.pricing.Usage;
import dev.tributary.pricing.UsageResult;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A catalogue with the rules that came with it: whose model a name means, and how its own
 * calculator reads counts. Immutable and safe for use by many threads.
 */
public final class PriceBook {
  /** Most decimal places of a count of units, as 0.25 seconds. */
  private static final int MAX_SCALE = 9;

  private static final long BILLION = 1_000_000_000L;

  /** How counts are read. */
  enum Reading {
    /** As this library reads them. */
    OURS,
    /**
     * As genai-prices does: a call is one request, whatever was counted; a model nobody lists is
     * unknown before its counts are looked at; a bucket with a price must be told where the other
     * counts need it, unless the card has a minimum; what has no price adds nothing, so the cost is
     * a lower bound.
     */
    GENAI_PRICES
  }

  private final Catalogue catalogue;
  private final NameRule names;
  private final Reading reading;
  private final List<String> leftOut;

  PriceBook(Catalogue catalogue, NameRule names, Reading reading, List<String> leftOut) {
    this.catalogue = catalogue;
    this.names = names;
    this.reading = reading;
    this.leftOut = List.copyOf(leftOut);
  }

  /** A catalogue with this project's own rules of names. */
  public static PriceBook of(Catalogue catalogue) {
    return new PriceBook(
        catalogue, NameRule.bySurface(SurfaceTable.standard(Map.of())), Reading.OURS, List.of());
  }

  /** The cards. */
  public Catalogue catalogue() {
    return catalogue;
  }

  /** What the source says and the cards cannot, one line each, in the source's order. */
  public List<String> leftOut() {
    return leftOut;
  }

  /**
   * The rule of names as further names of the models, so that cards can travel without it; what
   * names cannot say is listed in it.
   */
  public NamesAsPatterns names() {
    return names.asPatterns();
  }

  /**
   * Prices a call.
   *
   * @param provider as telemetry names it; null: unknown
   * @param call its surface is not read; its request model is the name to look up where the
   *     response names none
   * @param usage token counts; whole units may be among them
   * @param units counts beside them
   */
  public Priced price(
      @Nullable String provider, PricingRequest call, UsageResult usage, UnitCounts units) {
    PricingRequest named = names.resolve(provider, call);
    Map<Bucket, BigDecimal> counts = new EnumMap<>(Bucket.class);
    counts.putAll(units.counts());
    if (reading == Reading.GENAI_PRICES) {
      if (usage instanceof UsageResult.Invalid && !isKnown(named)) {
        return Pricer.price(catalogue, withKnownZero(named));
      }
      counts.remove(Bucket.REQUEST);
    }
    for (BigDecimal count : counts.values()) {
      if (count.signum() < 0) {
        return priced(named, new UsageResult.Invalid("a count of units is negative"));
      }
    }
    Set<Bucket> fractional = new HashSet<>();
    UsageResult read = withUnits(usage, counts, fractional);
    Priced priced = priced(named, read);
    RateCard card = card(priced);
    if (card == null) {
      return priced;
    }
    String missing = unstated(card, units);
    if (missing != null) {
      return priced(named, new UsageResult.Invalid(missing));
    }
    if (raiseToMinimum(card, counts, fractional)) {
      fractional.clear();
      priced = priced(named, withUnits(usage, counts, fractional));
    }
    return fractional.isEmpty() ? priced : scaledDown(priced, fractional);
  }

  private boolean isKnown(PricingRequest named) {
    String surface = named.surface();
    String model = named.responseModel();
    return surface != null
        && model != null
        && catalogue.resolve(surface, model).canonicalModel() != null;
  }

  /** An unknown model answers as such only to a call with usage. */
  private static PricingRequest withKnownZero(PricingRequest named) {
    return new PricingRequest(
        named.surface(),
        named.responseModel(),
        named.requestModel(),
        named.region(),
        named.serviceTier(),
        new Usage(Map.of(Bucket.INPUT_UNCACHED, 0L)),
        named.at());
  }

  private Priced priced(PricingRequest named, UsageResult usage) {
    return reading == Reading.GENAI_PRICES
        ? Pricer.lowerBound(catalogue, named, usage)
        : Pricer.price(catalogue, named, usage);
  }

  private @Nullable RateCard card(Priced priced) {
    String id = priced.rateCardId();
    return id == null ? null : catalogue.card(id);
  }

  private @Nullable String unstated(RateCard card, UnitCounts units) {
    if (reading != Reading.GENAI_PRICES) {
      return null;
    }
    for (Bucket bucket : units.unstated()) {
      if (card.rates().containsKey(bucket) && card.minimums().get(bucket) == null) {
        return bucket.wireName() + " has a price, and nothing says how much of it there was";
      }
    }
    return null;
  }

  /**
   * A fraction below the card's minimum becomes the minimum; whole counts the calculator raises.
   */
  private static boolean raiseToMinimum(
      RateCard card, Map<Bucket, BigDecimal> counts, Set<Bucket> fractional) {
    boolean isRaised = false;
    for (Bucket bucket : fractional) {
      Long minimum = card.minimums().get(bucket);
      BigDecimal count = counts.getOrDefault(bucket, BigDecimal.ZERO);
      if (minimum != null && count.compareTo(BigDecimal.valueOf(minimum)) < 0) {
        // One unit is enough: what is below the minimum is billed as the minimum.
        counts.put(bucket, BigDecimal.ONE);
        isRaised = true;
      }
    }
    return isRaised;
  }

  /** A fraction is counted in billionths; its line buys a billion times as many. */
  private static UsageResult withUnits(
      UsageResult usage, Map<Bucket, BigDecimal> units, Set<Bucket> fractional) {
    if (units.isEmpty() || usage instanceof UsageResult.Invalid) {
      return usage;
    }
    Map<Bucket, Long> counts = new EnumMap<>(Bucket.class);
    boolean isAssumed = false;
    if (usage instanceof UsageResult.Valid valid) {
      counts.putAll(valid.usage().buckets());
      isAssumed = valid.assumedTtl();
    }
    for (Map.Entry<Bucket, BigDecimal> unit : units.entrySet()) {
      BigDecimal count = unit.getValue().stripTrailingZeros();
      if (count.scale() > MAX_SCALE || count.precision() - count.scale() > MAX_SCALE) {
        return new UsageResult.Invalid("a count of units has too many digits");
      }
      boolean isFraction = count.scale() > 0;
      if (isFraction) {
        fractional.add(unit.getKey());
      }
      counts.put(
          unit.getKey(), (isFraction ? count.movePointRight(MAX_SCALE) : count).longValueExact());
    }
    return new UsageResult.Valid(new Usage(counts), isAssumed);
  }

  private static Priced scaledDown(Priced priced, Set<Bucket> fractional) {
    if (priced.cost() == null) {
      return priced;
    }
    List<CostLine> lines = new ArrayList<>();
    BigDecimal cost = BigDecimal.ZERO;
    for (CostLine line : priced.lines()) {
      CostLine exact =
          fractional.contains(line.bucket())
              ? new CostLine(
                  line.bucket(),
                  line.quantity(),
                  line.rateAmount(),
                  Math.multiplyExact(line.ratePer(), BILLION),
                  line.cost().movePointLeft(MAX_SCALE))
              : line;
      lines.add(exact);
      cost = cost.add(exact.cost());
    }
    return new Priced(
        priced.status(),
        cost,
        priced.currency(),
        lines,
        priced.rateCardId(),
        priced.catalogueVersion(),
        priced.canonicalModel(),
        priced.modelStep(),
        priced.regionScope(),
        priced.serviceTier(),
        priced.unpricedTokens(),
        priced.unpricedBuckets(),
        priced.reason(),
        priced.flags());
  }

  /** Whose model a name means. */
  interface NameRule {
    /** The call with surface and models as the catalogue spells them. */
    PricingRequest resolve(@Nullable String provider, PricingRequest call);

    /** The rule as further names of models, as far as those can say it. */
    default NamesAsPatterns asPatterns() {
      return new NamesAsPatterns();
    }

    /** Surfaces by table; models by the catalogue's own resolution. */
    static NameRule bySurface(SurfaceTable table) {
      return (provider, call) ->
          new PricingRequest(
              table.surfaceOf(provider),
              call.responseModel(),
              call.requestModel(),
              call.region(),
              call.serviceTier(),
              null,
              call.at());
    }
  }
}
