package dev.tributary.standalone.prices;

import static dev.tributary.standalone.prices.KnownBugsTest.CATALOGUE;
import static dev.tributary.standalone.prices.KnownBugsTest.NOW;
import static dev.tributary.standalone.prices.KnownBugsTest.PRICES;
import static dev.tributary.standalone.prices.KnownBugsTest.WRITER;
import static dev.tributary.standalone.prices.KnownBugsTest.price;
import static dev.tributary.standalone.prices.KnownBugsTest.usage;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.pricing.Bucket;
import dev.tributary.pricing.Catalogue;
import dev.tributary.pricing.CatalogueException;
import dev.tributary.pricing.CatalogueReader;
import dev.tributary.pricing.Priced;
import dev.tributary.pricing.Pricer;
import dev.tributary.pricing.PricingRequest;
import dev.tributary.pricing.ServiceTier;
import dev.tributary.pricing.Usage;
import dev.tributary.pricing.importer.GatePolicy;
import dev.tributary.pricing.importer.ImportGates;
import dev.tributary.pricing.importer.LiteLlmImporter;
import dev.tributary.pricing.importer.Quarantined;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The mistakes of {@link KnownBugsTest} in tiers, dates and the import of price lists. */
class KnownPriceListBugsTest {
  @Test
  void bug08_regionalProfile_carriesItsPremium() {
    Usage usage = usage(Bucket.INPUT_UNCACHED, 1_000, Bucket.OUTPUT_TEXT, 100);

    assertThat(price("us.writer-1.5", usage).cost())
        .isEqualByComparingTo(price(WRITER, usage).cost().multiply(new BigDecimal("1.1")));
  }

  @Test
  void bug09_flexBatchAndCachedInBatch_haveTheirOwnPriceAndLongBatchHasNone() {
    Usage usage = usage(Bucket.INPUT_UNCACHED, 1_000, Bucket.CACHE_READ, 1_000);

    assertThat(price(WRITER, "flex", usage).cost()).isEqualByComparingTo("0.00275");
    assertThat(price(WRITER, "batch", usage).cost()).isEqualByComparingTo("0.0023");
    assertThat(price(WRITER, "batch", usage(Bucket.INPUT_UNCACHED, 200_001)).cost()).isNull();
    Priced unknownWrite = price(WRITER, "batch", usage(Bucket.CACHE_WRITE_5M, 10));
    assertThat(unknownWrite.cost()).isNull();
    assertThat(CATALOGUE.resolve("acme", "writer-1.5:batch").serviceTier())
        .isEqualTo(ServiceTier.BATCH);
  }

  @Test
  void bug10_contextBoundary_followsItsOperator() {
    assertThat(perMillion(WRITER, 199_999)).isEqualByComparingTo("4");
    assertThat(perMillion(WRITER, 200_000)).isEqualByComparingTo("4");
    assertThat(perMillion(WRITER, 200_001)).isEqualByComparingTo("8");
    assertThat(perMillion("reader-1", 127_999)).isEqualByComparingTo("1");
    assertThat(perMillion("reader-1", 128_000)).isEqualByComparingTo("3");
    assertThat(perMillion("reader-1", 128_001)).isEqualByComparingTo("3");
  }

  @Test
  void bug11_missingTier_doesNotFallBackToStandard() {
    for (String tier : List.of("priority", "provisioned", "turbo")) {
      Priced priced = price(WRITER, tier, usage(Bucket.INPUT_UNCACHED, 10));

      assertThat(priced.cost()).as(tier).isNull();
      assertThat(priced.reason()).contains("no card for service tier " + tier);
    }
  }

  private BigDecimal perMillion(String model, long input) {
    return price(model, usage(Bucket.INPUT_UNCACHED, input)).lines().get(0).rateAmount();
  }

  @Test
  void bug13_history_keepsThePriceOfItsDay() {
    Usage usage = usage(Bucket.INPUT_UNCACHED, 1_000_000 / 8);

    assertThat(priceAt("2026-08-20T23:59:59.999999Z", usage).cost()).isEqualByComparingTo("0.625");
    assertThat(priceAt("2026-08-21T00:00:00Z", usage).cost()).isEqualByComparingTo("0.5");
  }

  @Test
  void bug20_unitMixUp_isCaughtAtImport() {
    String map =
        "{\"m\":{\"litellm_provider\":\"openai\",\"input_cost_per_token\":%s,"
            + "\"output_cost_per_token\":%s}}";
    Catalogue before =
        LiteLlmImporter.read("v1", "map", map.formatted("1.5e-07", "6e-07")).catalogue();
    Catalogue mixedUp =
        LiteLlmImporter.read("v2", "map", map.formatted("0.00015", "0.0006")).catalogue();

    assertThat(
            ImportGates.check(mixedUp, before, new GatePolicy(List.of(), List.of(), NOW))
                .quarantined())
        .extracting(Quarantined::reason)
        .containsExactly(Quarantined.Reason.JUMP);
  }

  @Test
  void bug21_floatNoiseInRates_survivesParsingExactly() {
    Catalogue catalogue =
        LiteLlmImporter.read(
                "v",
                "map",
                "{\"m\":{\"litellm_provider\":\"openai\","
                    + "\"input_cost_per_token\":0.0000029999900000000002,"
                    + "\"output_cost_per_token\":0.00000299999000000000021234}}")
            .catalogue();

    assertThat(
            Pricer.price(
                    catalogue,
                    new PricingRequest(
                        "openai", "m", null, null, null, usage(Bucket.INPUT_UNCACHED, 3), NOW))
                .cost())
        .isEqualByComparingTo("0.0000089999700000000006");
    // More digits than a double holds: they are gone where the text went through one.
    assertThat(
            Pricer.price(
                    catalogue,
                    new PricingRequest(
                        "openai", "m", null, null, null, usage(Bucket.OUTPUT_TEXT, 1), NOW))
                .cost())
        .isEqualByComparingTo("0.00000299999000000000021234");
    assertThatThrownBy(
            () ->
                CatalogueReader.read(
                    "v",
                    "p.yaml",
                    PRICES.replace("in.text.uncached: 5,", "in.text.uncached: 5e0,")))
        .isInstanceOf(CatalogueException.class);
  }

  private static Priced priceAt(String at, Usage usage) {
    return Pricer.price(
        CATALOGUE, new PricingRequest("acme", WRITER, null, null, null, usage, Instant.parse(at)));
  }
}
