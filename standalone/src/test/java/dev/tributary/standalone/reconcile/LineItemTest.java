package dev.tributary.standalone.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.pricing.Bucket;
import dev.tributary.pricing.ServiceTier;
import dev.tributary.pricing.reconcile.Charge;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LineItemTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gpt-4o-2024-08-06, input | gpt-4o-2024-08-06 | INPUT_UNCACHED",
        "gpt-4o-2024-08-06, cached input | gpt-4o-2024-08-06 | CACHE_READ",
        "gpt-4o-2024-08-06, Output | gpt-4o-2024-08-06 | OUTPUT_TEXT",
        "gpt-4o-audio-preview, audio input | gpt-4o-audio-preview | INPUT_AUDIO",
        "claude-sonnet-4, in.cache_write_1h | claude-sonnet-4 | CACHE_WRITE_1H",
      })
  void modelAndMeterAreTold(String text, String model, Bucket bucket) {
    LineItem item = LineItem.parse(text);

    assertThat(item).isEqualTo(new LineItem(Charge.USAGE, model, bucket, null));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gpt-4o (batch), input",
        "gpt-4o batch, input",
        "gpt-4o, batch input",
        "gpt-4o, input [Batch]"
      })
  void tierStandsWithEitherOfThem(String text) {
    assertThat(LineItem.parse(text))
        .isEqualTo(new LineItem(Charge.USAGE, "gpt-4o", Bucket.INPUT_UNCACHED, ServiceTier.BATCH));
  }

  @ParameterizedTest
  @CsvSource({
    "Sales tax, TAX",
    "VAT 19 %, TAX",
    "Committed spend discount, DISCOUNT",
    "Promotional credit, CREDIT",
    "Scale tier, PURCHASE",
    "Rounding, ADJUSTMENT",
    "Something new, USAGE",
  })
  void whatIsOfTheWholeBillIsToldByItsWords(String text, Charge charge) {
    assertThat(LineItem.parse(text)).isEqualTo(new LineItem(charge, null, null, null));
  }

  @Test
  void toolsNeedNoModel() {
    assertThat(LineItem.parse("web search tool calls").bucket()).isEqualTo(Bucket.TOOL_WEB_SEARCH);
  }

  @Test
  void unknownMeterIsNotTakenForAnother() {
    LineItem item = LineItem.parse("gpt-4o, holograms");

    assertThat(item.bucket()).isNull();
    assertThat(item.charge()).isEqualTo(Charge.USAGE);
  }

  @Test
  void groupedAwayIsUsageOfNothingKnown() {
    assertThat(LineItem.parse(null)).isEqualTo(new LineItem(Charge.USAGE, null, null, null));
  }
}
