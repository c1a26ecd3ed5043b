package dev.tributary.pricing;

import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Named cards and requests; each rate has a digit pattern of its own, so a mixed-up bucket shows in
 * the sum.
 */
final class TestCards {

  static final String SURFACE = "anthropic";
  static final String MODEL = "claude-test-1";
  static final Instant NOON = Instant.parse("2026-11-12T12:00:00Z");

  private TestCards() {}

  static RateCardBuilder card() {
    return RateCard.builder(SURFACE, MODEL)
        .rate(Bucket.INPUT_UNCACHED, "3")
        .rate(Bucket.CACHE_READ, "0.3")
        .rate(Bucket.CACHE_WRITE_5M, "3.75")
        .rate(Bucket.CACHE_WRITE_1H, "6")
        .rate(Bucket.OUTPUT_TEXT, "15")
        .pricedAs(Bucket.REASONING, Bucket.OUTPUT_TEXT);
  }

  static Catalogue catalogue(RateCard... cards) {
    return Catalogue.of("v1", List.of(cards));
  }

  static PricingRequest request(Usage usage) {
    return request(SURFACE, MODEL, usage);
  }

  static PricingRequest request(
      @Nullable String surface, @Nullable String model, @Nullable Usage usage) {
    return new PricingRequest(surface, model, null, null, null, usage, NOON);
  }

  static PricingRequest at(Instant at, Usage usage) {
    return new PricingRequest(SURFACE, MODEL, null, null, null, usage, at);
  }

  static PricingRequest tier(@Nullable String tier, Usage usage) {
    return new PricingRequest(SURFACE, MODEL, null, null, tier, usage, NOON);
  }

  static Usage usage(Object... bucketsAndCounts) {
    Map<Bucket, Long> counts = new EnumMap<>(Bucket.class);
    for (int i = 0; i < bucketsAndCounts.length; i += 2) {
      counts.put((Bucket) bucketsAndCounts[i], ((Number) bucketsAndCounts[i + 1]).longValue());
    }
    return new Usage(counts);
  }

  static Usage input(long tokens) {
    return usage(Bucket.INPUT_UNCACHED, tokens);
  }
}
