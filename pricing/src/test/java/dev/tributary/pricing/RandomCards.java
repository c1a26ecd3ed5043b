package dev.tributary.pricing;

import java.math.BigDecimal;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Seeded cards that use every condition a card can have. */
final class RandomCards {

  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private RandomCards() {}

  /** Cards of one model that do not overlap. */
  static List<RateCard> timeline(Random random) {
    List<RateCard> cards = new ArrayList<>();
    for (ServiceTier tier : List.of(ServiceTier.STANDARD, ServiceTier.BATCH)) {
      for (RegionScope region : List.of(RegionScope.ANY, RegionScope.US)) {
        if (random.nextInt(4) == 0) {
          continue;
        }
        Instant from = random.nextBoolean() ? null : START;
        int steps = 1 + random.nextInt(3);
        for (int step = 1; step <= steps; step++) {
          Instant until = step == steps ? null : START.plusSeconds(86_400L * 40 * step);
          cards.add(rates(random, tier, region).from(from).until(until).build());
          if (random.nextBoolean()) {
            cards.add(
                rates(random, tier, region)
                    .context(
                        new ContextTier(
                            random.nextBoolean() ? ContextTier.Op.GREATER : ContextTier.Op.AT_LEAST,
                            200_000))
                    .from(from)
                    .until(until)
                    .build());
          }
          if (random.nextBoolean()) {
            cards.add(
                rates(random, tier, region).window(window(random)).from(from).until(until).build());
          }
          from = until;
        }
      }
    }
    return cards;
  }

  static PricingRequest request(Random random, Usage usage) {
    return new PricingRequest(
        TestCards.SURFACE,
        random.nextBoolean() ? TestCards.MODEL : "us." + TestCards.MODEL,
        null,
        null,
        random.nextBoolean() ? null : "batch",
        usage,
        START.plusSeconds(random.nextInt(86_400 * 200)));
  }

  /** One card with every field set at random. */
  static RateCard any(Random random) {
    return any(random, random.nextBoolean() ? "USD" : "EUR");
  }

  /** One card in that currency with every other field set at random. */
  static RateCard any(Random random, String currency) {
    RateCardBuilder builder =
        rates(random, pick(random, ServiceTier.values()), pick(random, RegionScope.values()))
            .layer(pick(random, Layer.values()))
            .currency(currency)
            .source(
                new RateSource(
                    "a source \"quoted\"",
                    random.nextBoolean() ? "1.2" : null,
                    null,
                    random.nextBoolean() ? "entry" : null,
                    random.nextBoolean() ? LocalDate.of(2026, 9, 1 + random.nextInt(30)) : null));
    if (random.nextBoolean()) {
      builder.names(
          List.of(
              ModelName.alias("a ä\n"),
              ModelName.not("b"),
              ModelName.pattern("x-*", random.nextInt(9))));
    }
    if (random.nextBoolean()) {
      builder.context(
          new ContextTier(pick(random, ContextTier.Op.values()), random.nextInt(1_000_000)));
    }
    if (random.nextBoolean()) {
      builder.upTo(1_000_000L + random.nextInt(5));
    }
    if (random.nextBoolean()) {
      builder.window(window(random));
    }
    if (random.nextBoolean()) {
      builder.from(START.plusNanos(random.nextInt()));
    }
    if (random.nextBoolean()) {
      builder.until(START.plusSeconds(9_000_000L + random.nextInt(1_000)));
    }
    if (random.nextBoolean()) {
      builder.fallback(Fallback.PARENT).minimum(Bucket.SECONDS, 1 + random.nextInt(99));
    }
    if (random.nextBoolean()) {
      builder.id("card-" + random.nextInt());
    }
    return builder.build();
  }

  private static RateCardBuilder rates(Random random, ServiceTier tier, RegionScope region) {
    RateCardBuilder builder =
        RateCard.builder(TestCards.SURFACE, TestCards.MODEL).tier(tier).region(region);
    builder.rate(Bucket.INPUT_UNCACHED, rate(random));
    for (Bucket bucket : Bucket.values()) {
      if (bucket != Bucket.REASONING && bucket != Bucket.OUTPUT_TEXT && random.nextInt(3) == 0) {
        builder.rate(bucket, rate(random));
      }
    }
    return builder
        .rate(Bucket.OUTPUT_TEXT, rate(random))
        .pricedAs(Bucket.REASONING, Bucket.OUTPUT_TEXT);
  }

  private static Rate rate(Random random) {
    long per = List.of(1L, 1_000L, 1_000_000L, 64L).get(random.nextInt(4));
    return new Rate(BigDecimal.valueOf(1 + random.nextInt(1_000_000), random.nextInt(9)), per);
  }

  private static TimeWindow window(Random random) {
    int from = random.nextInt(24);
    int to = (from + 1 + random.nextInt(23)) % 24;
    Set<DayOfWeek> days =
        random.nextBoolean()
            ? Set.of()
            : Set.of(DayOfWeek.of(1 + random.nextInt(6)), DayOfWeek.SUNDAY);
    return new TimeWindow(LocalTime.of(from, 30), LocalTime.of(to, 0), days);
  }

  private static <T> T pick(Random random, T[] values) {
    return values[random.nextInt(values.length)];
  }
}
