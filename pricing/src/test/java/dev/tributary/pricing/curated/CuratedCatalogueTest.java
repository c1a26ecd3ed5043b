package dev.tributary.pricing.curated;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.pricing.Bucket;
import dev.tributary.pricing.Catalogue;
import dev.tributary.pricing.PriceFlag;
import dev.tributary.pricing.Priced;
import dev.tributary.pricing.Pricer;
import dev.tributary.pricing.PricingRequest;
import dev.tributary.pricing.RateCard;
import dev.tributary.pricing.Usage;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CuratedCatalogueTest {

  @Test
  void load_shippedFiles_areOneCatalogue() {
    Catalogue catalogue = CuratedCatalogue.load();

    assertThat(catalogue.version()).isEqualTo(CuratedCatalogue.VERSION);
    assertThat(catalogue.surfaces()).contains("openai", "anthropic", "aws.bedrock");
  }

  @Test
  void load_everyCard_saysWhereAndWhenItsNumbersWereRead() {
    for (RateCard card : CuratedCatalogue.load().cards()) {
      assertThat(card.source().name()).as(card.id()).isNotEqualTo("unnamed");
      assertThat(card.source().retrieved()).as(card.id()).isNotNull();
    }
  }

  @Test
  void load_models_areAtLeastTheHundredAndThirtyOfTheRecordedTable() {
    Set<String> models =
        CuratedCatalogue.load().cards().stream()
            .map(card -> card.surface() + '|' + card.canonicalModel())
            .collect(Collectors.toSet());

    assertThat(models).hasSizeGreaterThanOrEqualTo(130);
  }

  /** What is billed by the hour, the page or the message. */
  @ParameterizedTest
  @CsvSource({
    "groq, whisper-large-v3, SECONDS, 3600, 2026-11-12, 0.111",
    "groq, whisper-large-v3, SECONDS, 90, 2026-11-12, 0.002775",
    "mistral_ai, mistral-ocr-latest, PAGES, 250, 2025-05-21, 0.25",
    "mistral_ai, mistral-ocr-latest, PAGES_ANNOTATED, 250, 2025-05-22, 0.75",
    "mistral_ai, mistral-ocr-latest, PAGES, 250, 2025-12-18, 0.5",
    "mistral_ai, mistral-ocr-latest-completion, PAGES, 250, 2026-06-23, 1",
    "mistral_ai, mistral-ocr-latest, PAGES_ANNOTATED, 250, 2026-06-23, 1.25",
    "x_ai, grok-voice-latest, SECONDS, 1800, 2026-08-04, 1.5",
    "x_ai, grok-voice-latest, SECONDS, 1800, 2026-08-05, 2.4",
    "x_ai, grok-voice-latest, MESSAGES, 50, 2026-08-05, 0.2"
  })
  void price_units_areListPrices(
      String surface, String model, Bucket bucket, long count, String day, BigDecimal expected) {
    Priced priced = price(surface, model, Map.of(bucket, count), day);

    assertThat(priced.cost()).as("%s", priced).isEqualByComparingTo(expected);
    assertThat(priced.flags()).isEmpty();
  }

  @Test
  void price_shortTranscription_isBilledForTenSeconds() {
    Priced priced = price("groq", "whisper-large-v3", Map.of(Bucket.SECONDS, 3L), "2026-11-12");

    assertThat(priced.lines().get(0).quantity()).isEqualTo(10);
    assertThat(priced.flags()).contains(PriceFlag.MINIMUM_BILLED);
    assertThat(priced.cost())
        .isEqualByComparingTo(
            price("groq", "whisper-large-v3", Map.of(Bucket.SECONDS, 10L), "2026-11-12").cost());
    assertThat(price("groq", "whisper-large-v3", Map.of(Bucket.SECONDS, 0L), "2026-11-12").cost())
        .isEqualByComparingTo("0");
  }

  private static Priced price(String surface, String model, Map<Bucket, Long> counts, String day) {
    return Pricer.price(
        CuratedCatalogue.load(),
        new PricingRequest(
            surface,
            model,
            null,
            null,
            null,
            new Usage(counts),
            Instant.parse(day + "T00:00:00Z")));
  }
}
