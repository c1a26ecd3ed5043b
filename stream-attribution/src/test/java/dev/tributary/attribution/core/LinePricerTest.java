package dev.tributary.attribution.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.tributary.pricing.Bucket;
import dev.tributary.pricing.Catalogue;
import dev.tributary.pricing.Rate;
import dev.tributary.pricing.RateCard;
import dev.tributary.schemas.CostLine;
import dev.tributary.schemas.LedgerLine;
import dev.tributary.schemas.PriceStatus;
import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;

class LinePricerTest {

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
}
