package dev.tributary.pricing.importer;

import dev.tributary.pricing.Bucket;
import dev.tributary.pricing.Catalogue;
import dev.tributary.pricing.CostLine;
import dev.tributary.pricing.Priced;
import dev.tributary.pricing.Pricer;
import dev.tributary.pricing.PricingRequest;
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
 * A catalogue with the rules that came with it: whose model a name means, and what is billed at
 * least. Immutable and safe for use by many threads.
 */
public final class PriceBook {
  /** Most decimal places of a count of units, as 0.25 seconds. */
  private static final int MAX_SCALE = 9;

  private static final long BILLION = 1_000_000_000L;

  private final Catalogue catalogue;
  private final NameRule names;
  private final Map<String, Map<Bucket, Long>> minimums;
  private final List<String> leftOut;

  PriceBook(
      Catalogue catalogue,
      NameRule names,
      Map<String, Map<Bucket, Long>> minimums,
      List<String> leftOut) {
    this.catalogue = catalogue;
    this.names = names;
    this.minimums = Map.copyOf(minimums);
    this.leftOut = List.copyOf(leftOut);
  }

  /** A catalogue with this project's own rules of names and no minimums. */
  public static PriceBook of(Catalogue catalogue) {
    return new PriceBook(
        catalogue, NameRule.bySurface(SurfaceTable.standard(Map.of())), Map.of(), List.of());
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
   * Prices a call.
   *
   * @param provider as telemetry names it; null: unknown
   * @param call its surface is not read; its request model is the name to look up where the
   *     response names none
   * @param usage token counts; whole units may be among them
   * @param units counts of units that may have a fraction, as seconds of audio
   */
  public Priced price(
      @Nullable String provider,
      PricingRequest call,
      UsageResult usage,
      Map<Bucket, BigDecimal> units) {
    PricingRequest named = names.resolve(provider, call);
    Map<Bucket, BigDecimal> billed = billedUnits(named, units);
    for (BigDecimal count : billed.values()) {
      if (count.signum() < 0) {
        return Pricer.price(
            catalogue, named, new UsageResult.Invalid("a count of units is negative"));
      }
    }
    Set<Bucket> fractional = new HashSet<>();
    UsageResult counts = withUnits(usage, billed, fractional);
    Priced priced = Pricer.price(catalogue, named, counts);
    return fractional.isEmpty() ? priced : scaledDown(priced, fractional);
  }

  private Map<Bucket, BigDecimal> billedUnits(PricingRequest named, Map<Bucket, BigDecimal> units) {
    Map<Bucket, Long> least = minimums.get(named.surface() + "|" + named.responseModel());
    if (least == null) {
      return units;
    }
    Map<Bucket, BigDecimal> billed = new EnumMap<>(Bucket.class);
    units.forEach(
        (bucket, count) -> {
          BigDecimal minimum = BigDecimal.valueOf(least.getOrDefault(bucket, 0L));
          billed.put(bucket, count.signum() > 0 ? count.max(minimum) : count);
        });
    return billed;
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
