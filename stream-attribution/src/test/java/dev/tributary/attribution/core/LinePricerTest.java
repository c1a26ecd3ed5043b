package dev.tributary.attribution.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.tributary.pricing.Bucket;
import dev.tributary.pricing.Catalogue;
import dev.tributary.pricing.Rate;
import dev.tributary.pricing.RateCard;
import dev.tributary.pricing.RateCardBuilder;
import dev.tributary.schemas.CostLine;
import dev.tributary.schemas.LedgerLine;
import dev.tributary.schemas.PriceStatus;
import dev.tributary.schemas.UnitUsage;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LinePricerTest {
  private static final Map<Bucket, String> WITH_UNITS =
      Map.of(
          Bucket.TOOL_WEB_SEARCH, "10",
          Bucket.TOOL_SOCIAL_SEARCH, "5",
          Bucket.TOOL_FILE_SEARCH, "2.5",
          Bucket.TOOL_RERANK, "2",
          Bucket.SECONDS, "0.1",
          Bucket.PAGES, "1");

  /** A fee for each request is part of the booked cost, though no span counts its requests. */
  @Test
  void cardWithARequestFee_lineCarriesItOnce() {
    Catalogue fees =
        Catalogue.of(
            "fees",
            List.of(
                RateCard.builder(TestSpans.PROVIDER, TestSpans.MODEL)
                    .id("with-fee")
                    .rate(Bucket.INPUT_UNCACHED, Rate.perMillion("2"))
                    .rate(Bucket.OUTPUT_TEXT, Rate.perMillion("10"))
                    .rate(Bucket.REQUEST, new Rate(new BigDecimal("0.005"), 1))
                    .build()));
    LedgerLine line = new LedgerLine();
    line.setSurface(TestSpans.PROVIDER);
    line.setModelReturned(TestSpans.MODEL);
    line.setEventTimeUs(TestSpans.T0);
    line.setUsage(TestSpans.usage(1_000, 100));

    LinePricer.price(line, fees);

    assertThat(line.getPriceStatus()).isEqualTo(PriceStatus.PRICED);
    assertThat(line.getCost()).isEqualByComparingTo("0.008");
    assertThat(line.getCostLines())
        .extracting(CostLine::getBucket, CostLine::getQuantity)
        .containsExactly(
            tuple("in.text.uncached", 1_000L), tuple("out.text", 100L), tuple("request", 1L));
  }

  /** Searches, audio, pages and queries are lines of their own, at the rates of the card. */
  @Test
  void units_areCostLinesBesideTokens() {
    LedgerLine line = line(new UnitUsage(2L, 4L, 3L, 5L, 7L, 11L));

    LinePricer.price(line, catalogue(WITH_UNITS));

    assertThat(line.getPriceStatus()).isEqualTo(PriceStatus.PRICED);
    assertThat(line.getCostLines())
        .extracting(CostLine::getBucket, CostLine::getQuantity, cost -> plain(cost.getCost()))
        .containsExactly(
            tuple("in.text.uncached", 1_000L, "0.002"),
            tuple("out.text", 100L, "0.001"),
            tuple("tool.web_search", 2L, "0.02"),
            tuple("tool.file_search", 3L, "0.0075"),
            tuple("tool.rerank", 5L, "0.01"),
            tuple("seconds", 7L, "0.0007"),
            tuple("pages", 11L, "0.011"),
            tuple("tool.social_search", 4L, "0.02"));
    assertThat(line.getCost()).isEqualByComparingTo("0.0722");
  }

  @Test
  void unitsWithoutARate_makeTheCostALowerBound_andAreNamed() {
    LedgerLine line = line(new UnitUsage(2L, null, 0L, null, null, null));

    LinePricer.price(line, catalogue(Map.of()));

    assertThat(line.getPriceStatus()).isEqualTo(PriceStatus.PARTIAL);
    assertThat(line.getPriceReason()).isEqualTo("no rate for tool.web_search");
    assertThat(line.getCost()).isEqualByComparingTo("0.003");
    assertThat(line.getUnpricedTokens()).isZero();
    assertThat(line.getCostLines())
        .last()
        .extracting(CostLine::getBucket, CostLine::getQuantity, CostLine::getCost)
        .containsExactly("tool.web_search", 2L, null);
  }

  private static Catalogue catalogue(Map<Bucket, String> perThousand) {
    RateCardBuilder card =
        RateCard.builder(TestSpans.PROVIDER, TestSpans.MODEL)
            .rate(Bucket.INPUT_UNCACHED, Rate.perMillion("2"))
            .rate(Bucket.OUTPUT_TEXT, Rate.perMillion("10"));
    perThousand.forEach(
        (bucket, amount) -> card.rate(bucket, new Rate(new BigDecimal(amount), 1_000)));
    return Catalogue.of("units", List.of(card.build()));
  }

  private static LedgerLine line(UnitUsage units) {
    LedgerLine line = new LedgerLine();
    line.setSurface(TestSpans.PROVIDER);
    line.setModelReturned(TestSpans.MODEL);
    line.setEventTimeUs(TestSpans.T0);
    line.setUsage(TestSpans.usage(1_000, 100));
    line.getUsage().setUnits(units);
    return line;
  }

  private static String plain(BigDecimal amount) {
    return amount.stripTrailingZeros().toPlainString();
  }
}
