package dev.tributary.attribution.core;

import dev.tributary.pricing.Bucket;
import dev.tributary.pricing.Catalogue;
import dev.tributary.pricing.Money;
import dev.tributary.pricing.Priced;
import dev.tributary.pricing.Pricer;
import dev.tributary.pricing.PricingRequest;
import dev.tributary.pricing.SurfaceTable;
import dev.tributary.pricing.Usage;
import dev.tributary.schemas.CostLine;
import dev.tributary.schemas.LedgerLine;
import dev.tributary.schemas.PriceStatus;
import dev.tributary.schemas.TokenUsage;
import dev.tributary.schemas.UnitUsage;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Prices a line from what the line itself says, so that a correction can do it again without the
 * span. Each bucket is rounded once to scale 18, half to even; the cost is their sum.
 */
final class LinePricer {
  private static final SurfaceTable SURFACES = SurfaceTable.standard(Map.of());

  private LinePricer() {}

  /** Who bills: what the payload proves, else the provider's own surface; null: unknown. */
  static @Nullable String surfaceOf(@Nullable String stated, @Nullable String provider) {
    return stated != null ? stated : SURFACES.surfaceOf(provider);
  }

  /** Sets the price fields of a line that owns its usage. */
  static void price(LedgerLine line, Catalogue catalogue) {
    PricingRequest request =
        new PricingRequest(
            line.getSurface(),
            line.getModelReturned(),
            line.getModelRequested(),
            line.getRegion(),
            line.getServiceTier(),
            usage(line.getUsage()),
            Instant.EPOCH.plus(line.getEventTimeUs(), ChronoUnit.MICROS));
    Priced priced = Pricer.price(catalogue, request);
    line.setModelCanonical(priced.canonicalModel());
    line.setModelStep(priced.modelStep());
    line.setPriceStatus(PriceStatus.valueOf(priced.status().name()));
    line.setPriceReason(priced.reason());
    line.setCost(priced.booked());
    line.setCostLines(costLines(priced, request.usage()));
    line.setUnpricedTokens(priced.unpricedTokens());
    line.setRateCardId(priced.rateCardId());
    line.setCatalogueVersion(priced.catalogueVersion());
  }

  /** Sets the price fields of a line that has no price by nature. */
  static void unpriced(LedgerLine line, PriceStatus status, @Nullable String reason) {
    line.setModelCanonical(null);
    line.setModelStep(null);
    line.setPriceStatus(status);
    line.setPriceReason(reason);
    line.setCost(null);
    line.setCostLines(List.of());
    line.setUnpricedTokens(0L);
    line.setRateCardId(null);
    line.setCatalogueVersion(null);
  }

  /** Priced buckets first, then those without a rate, each in the catalogue's order. */
  private static List<CostLine> costLines(Priced priced, @Nullable Usage usage) {
    if (priced.lines().isEmpty() && priced.unpricedBuckets().isEmpty()) {
      return List.of();
    }
    List<CostLine> lines = new ArrayList<>(priced.lines().size());
    for (dev.tributary.pricing.CostLine line : priced.lines()) {
      lines.add(
          new CostLine(
              line.bucket().wireName(),
              line.quantity(),
              Money.book(line.rateAmount()),
              line.ratePer(),
              Money.book(line.cost())));
    }
    if (!priced.unpricedBuckets().isEmpty() && usage != null) {
      usage
          .buckets()
          .forEach(
              (bucket, count) -> {
                if (priced.unpricedBuckets().contains(bucket)) {
                  lines.add(new CostLine(bucket.wireName(), count, null, 1_000_000L, null));
                }
              });
    }
    return lines;
  }

  private static @Nullable Usage usage(@Nullable TokenUsage tokens) {
    if (tokens == null) {
      return null;
    }
    Map<Bucket, Long> buckets = new EnumMap<>(Bucket.class);
    put(buckets, Bucket.INPUT_UNCACHED, tokens.getInputUncached());
    put(buckets, Bucket.CACHE_READ, tokens.getCacheRead());
    put(buckets, Bucket.CACHE_WRITE_5M, tokens.getCacheWrite5m());
    put(buckets, Bucket.CACHE_WRITE_1H, tokens.getCacheWrite1h());
    put(buckets, Bucket.INPUT_AUDIO, tokens.getInputAudio());
    put(buckets, Bucket.INPUT_IMAGE, tokens.getInputImage());
    put(buckets, Bucket.OUTPUT_TEXT, tokens.getOutputText());
    put(buckets, Bucket.REASONING, tokens.getReasoning());
    put(buckets, Bucket.OUTPUT_AUDIO, tokens.getOutputAudio());
    put(buckets, Bucket.OUTPUT_IMAGE, tokens.getOutputImage());
    UnitUsage units = tokens.getUnits();
    if (units != null) {
      put(buckets, Bucket.TOOL_WEB_SEARCH, units.getWebSearches());
      put(buckets, Bucket.TOOL_SOCIAL_SEARCH, units.getSocialSearches());
      put(buckets, Bucket.TOOL_FILE_SEARCH, units.getFileSearches());
      put(buckets, Bucket.TOOL_RERANK, units.getRerankQueries());
      put(buckets, Bucket.SECONDS, units.getSeconds());
      put(buckets, Bucket.PAGES, units.getPages());
    }
    return new Usage(buckets);
  }

  private static void put(Map<Bucket, Long> buckets, Bucket bucket, @Nullable Long count) {
    if (count != null) {
      buckets.put(bucket, count);
    }
  }
}
