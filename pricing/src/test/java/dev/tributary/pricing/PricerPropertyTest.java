package dev.tributary.pricing;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PricerPropertyTest {

  static LongStream seeds() {
    return Seeds.all();
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void price_anyUsage_isTheSumOfItsLinesAndLeavesNoTokenOut(long seed) {
    Random random = new Random(seed);
    Catalogue catalogue = Catalogue.of("v" + seed, RandomCards.timeline(random));
    Usage usage = usage(random);

    Priced priced = Pricer.price(catalogue, RandomCards.request(random, usage));

    if (priced.cost() == null) {
      assertThat(priced.lines()).as("seed %d", seed).isEmpty();
      assertThat(priced.unpricedTokens()).as("seed %d", seed).isEqualTo(usage.tokens());
      return;
    }
    BigDecimal sum = BigDecimal.ZERO;
    BigDecimal booked = BigDecimal.ZERO;
    long tokens = priced.unpricedTokens();
    for (CostLine line : priced.lines()) {
      sum = sum.add(line.cost());
      booked = booked.add(Money.book(line.cost()));
      tokens += line.bucket().isToken() ? line.quantity() : 0;
      assertThat(line.cost().multiply(BigDecimal.valueOf(line.ratePer())))
          .as("seed %d %s", seed, line)
          .isEqualByComparingTo(line.rateAmount().multiply(BigDecimal.valueOf(line.quantity())));
    }
    assertThat(priced.cost()).as("seed %d", seed).isEqualTo(sum);
    assertThat(priced.booked()).as("seed %d", seed).isEqualTo(booked.setScale(18));
    assertThat(tokens).as("seed %d", seed).isEqualTo(usage.tokens());
    assertThat(priced.status() == PriceStatus.PARTIAL)
        .as("seed %d", seed)
        .isEqualTo(!priced.unpricedBuckets().isEmpty());
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void price_moreTokensInsideATier_neverCostsLess(long seed) {
    Random random = new Random(seed);
    Catalogue catalogue = Catalogue.of("v", List.of(TestCards.card().build()));
    Usage usage = usage(random);
    Map<Bucket, Long> more = new EnumMap<>(Bucket.class);
    usage.buckets().forEach((bucket, count) -> more.put(bucket, count + random.nextInt(1_000)));

    BigDecimal less = Pricer.price(catalogue, TestCards.request(usage)).cost();
    BigDecimal dearer = Pricer.price(catalogue, TestCards.request(new Usage(more))).cost();

    assertThat(dearer).as("seed %d", seed).isGreaterThanOrEqualTo(less);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void price_orderOfCards_doesNotMatter(long seed) {
    Random random = new Random(seed);
    List<RateCard> cards = RandomCards.timeline(random);
    List<RateCard> shuffled = new ArrayList<>(cards);
    Collections.shuffle(shuffled, random);
    PricingRequest request = RandomCards.request(random, usage(random));

    Priced priced = Pricer.price(Catalogue.of("v", shuffled), request);

    assertThat(priced)
        .as("seed %d", seed)
        .isEqualTo(Pricer.price(Catalogue.of("v", cards), request));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void price_splitCalls_costTheSameAsOne(long seed) {
    Random random = new Random(seed);
    Catalogue catalogue = Catalogue.of("v", List.of(TestCards.card().build()));
    Usage whole = usage(random);
    Map<Bucket, Long> first = new EnumMap<>(Bucket.class);
    Map<Bucket, Long> second = new EnumMap<>(Bucket.class);
    whole
        .buckets()
        .forEach(
            (bucket, count) -> {
              long part = (long) random.nextInt((int) Math.min(count + 1, Integer.MAX_VALUE));
              first.put(bucket, part);
              second.put(bucket, count - part);
            });

    BigDecimal split =
        Pricer.price(catalogue, TestCards.request(new Usage(first)))
            .cost()
            .add(Pricer.price(catalogue, TestCards.request(new Usage(second))).cost());

    assertThat(split)
        .as("seed %d", seed)
        .isEqualByComparingTo(Pricer.price(catalogue, TestCards.request(whole)).cost());
  }

  private static Usage usage(Random random) {
    Map<Bucket, Long> counts = new EnumMap<>(Bucket.class);
    counts.put(Bucket.INPUT_UNCACHED, (long) random.nextInt(300_000));
    for (Bucket bucket : Bucket.values()) {
      if (random.nextInt(3) == 0) {
        counts.put(bucket, (long) random.nextInt(200_000));
      }
    }
    return new Usage(counts);
  }
}
