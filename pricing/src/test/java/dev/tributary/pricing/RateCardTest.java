package dev.tributary.pricing;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** At which rate a card bills a bucket, and how much of it. */
class RateCardTest {

  /** Each has a price of its own, so that the one which was taken shows. */
  private static final Map<Bucket, String> PRICES =
      Map.of(
          Bucket.INPUT_UNCACHED, "3",
          Bucket.CACHE_READ, "0.3",
          Bucket.CACHE_WRITE_5M, "3.75",
          Bucket.INPUT_AUDIO, "32",
          Bucket.INPUT_IMAGE, "5",
          Bucket.INPUT_VIDEO, "7",
          Bucket.OUTPUT_TEXT, "15");

  @ParameterizedTest
  @CsvSource({
    "INPUT_AUDIO_CACHED, CACHE_READ INPUT_AUDIO INPUT_UNCACHED",
    "INPUT_IMAGE_CACHED, CACHE_READ INPUT_IMAGE INPUT_UNCACHED",
    "INPUT_VIDEO_CACHED, CACHE_READ INPUT_VIDEO INPUT_UNCACHED",
    "CACHE_WRITE_1H, CACHE_WRITE_5M INPUT_UNCACHED",
    "INPUT_AUDIO, INPUT_UNCACHED",
    "REASONING, OUTPUT_TEXT"
  })
  void rateOf_partWithoutAPrice_isThatOfItsNearestWhole(Bucket part, String nearestFirst) {
    List<Bucket> wholes = Stream.of(nearestFirst.split(" ")).map(Bucket::valueOf).toList();
    for (int nearest = 0; nearest < wholes.size(); nearest++) {
      RateCardBuilder card =
          RateCard.builder(TestCards.SURFACE, TestCards.MODEL).fallback(Fallback.PARENT);
      wholes.subList(nearest, wholes.size()).forEach(whole -> card.rate(whole, price(whole)));

      assertThat(card.build().rateOf(part))
          .as("%s", wholes.get(nearest))
          .isEqualTo(Rate.perMillion(price(wholes.get(nearest))));
    }
  }

  private static String price(Bucket bucket) {
    return Objects.requireNonNull(PRICES.get(bucket));
  }

  @Test
  void rateOf_partWithARuleOfItsOwn_isByTheRule() {
    RateCard card =
        TestCards.card()
            .fallback(Fallback.PARENT)
            .pricedAs(Bucket.INPUT_AUDIO_CACHED, Bucket.INPUT_UNCACHED)
            .build();

    assertThat(card.rateOf(Bucket.INPUT_AUDIO_CACHED)).isEqualTo(Rate.perMillion("3"));
  }

  @Test
  void billedCount_minimum_holdsWhereAnyWereUsed() {
    RateCard card =
        TestCards.card()
            .rate(Bucket.SECONDS, new Rate(new BigDecimal("0.111"), 3_600))
            .minimum(Bucket.SECONDS, 10)
            .build();

    assertThat(card.billedCount(Bucket.SECONDS, 0)).isZero();
    assertThat(card.billedCount(Bucket.SECONDS, 1)).isEqualTo(10);
    assertThat(card.billedCount(Bucket.SECONDS, 11)).isEqualTo(11);
    assertThat(card.billedCount(Bucket.PAGES, 1)).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "3, 1000000, 0.003, 1000, true",
    "3, 1000000, 3, 1000, false",
    "3, 1000000, 3, 1000000, true",
    "3, 1000000, 3.0000000001, 1000000, false"
  })
  void isSamePrice_rates_areComparedByTheUnit(
      BigDecimal one, long perOne, BigDecimal other, long perOther, boolean isSame) {
    Rate first = new Rate(one, perOne);
    Rate second = new Rate(other, perOther);

    assertThat(first.isSamePrice(second)).isEqualTo(isSame);
    assertThat(second.isSamePrice(first)).isEqualTo(isSame);
  }
}
