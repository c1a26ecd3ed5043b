package dev.tributary.pricing.importer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.pricing.Bucket;
import dev.tributary.pricing.CatalogueException;
import dev.tributary.pricing.Fallback;
import dev.tributary.pricing.InclusiveUsage;
import dev.tributary.pricing.ModelName;
import dev.tributary.pricing.PriceStatus;
import dev.tributary.pricing.Priced;
import dev.tributary.pricing.PricingRequest;
import dev.tributary.pricing.RateCard;
import dev.tributary.pricing.TestData;
import dev.tributary.pricing.Usage;
import dev.tributary.pricing.UsageResult;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GenAiPricesImporterTest {
  private static final String LIST =
      """
      [{'id': 'acme', 'provider_match': {'contains': 'acme'}, 'model_match': {'starts_with': 'a-'},
        'fallback_model_providers': ['other'],
        'models': [
          {'id': 'a-dated', 'match': {'or': [{'equals': 'A-Dated'}, {'regex': '^a-dated-[0-9]+$'}]},
           'prices': [
             {'prices': {'input_mtok': 10, 'output_mtok': 40}},
             {'constraint': {'type': 'start_date', 'start_date': '2025-06-10'},
              'prices': {'input_mtok': 2, 'output_mtok': 8}},
             {'constraint': {'type': 'time_of_date', 'start_time': '01:00:00Z', 'end_time': '04:00:00Z'},
              'prices': {'input_mtok': 4, 'output_mtok': 16}}]},
          {'id': 'a-tiered', 'match': {'equals': 'a-tiered'},
           'prices': {'input_mtok': {'base': 1, 'tiers': [{'start': 200000, 'price': 2}]},
                      'output_mtok': 4, 'frobs_kcount': 9}},
          {'id': 'a-day', 'match': {'equals': 'a-day-2025-09-29'}, 'prices': {'input_mtok': 5}},
          {'id': 'a-leap', 'match': {'equals': 'a-leap-2025-02-31'}, 'prices': {'input_mtok': 5}},
          {'id': 'a-day-2', 'match': {'starts_with': 'a-day-2025-09'}, 'prices': {'input_mtok': 6}},
          {'id': 'a-gift:free', 'match': {'equals': 'a-gift:free'}, 'prices': {}}]},
       {'id': 'other', 'fallback_model_providers': ['groq'], 'models': [
          {'id': 'o-1', 'match': {'equals': 'o-1'}, 'prices': {'input_mtok': 3}}]},
       {'id': 'groq', 'models': [
          {'id': 'whisper-large-v3', 'match': {'equals': 'w'}, 'prices': {'audio_hours': 0.36}}]}]
      """
          .replace('\'', '"');

  private final PriceBook book = GenAiPricesImporter.read("v", "list.json", LIST);

  @ParameterizedTest
  @CsvSource({
    "2025-06-09T23:59:59Z, 0.01",
    "2025-06-10T00:00:00Z, 0.002",
    "2025-06-10T01:00:00Z, 0.004",
    "2025-06-10T03:59:59Z, 0.004",
    "2025-06-10T04:00:00Z, 0.002",
    "2025-06-09T02:00:00Z, 0.004"
  })
  void price_datedRowsAndHours_lastThatHolds(String at, BigDecimal expected) {
    assertThat(price("acme", "a-dated", at, text(1_000, 0)).cost()).isEqualByComparingTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"199999, 0.199999", "200000, 0.2", "200001, 0.400002"})
  void price_tier_strictlyAboveItsStart(long input, BigDecimal expected) {
    assertThat(price("acme", "a-tiered", text(input, 0)).cost()).isEqualByComparingTo(expected);
  }

  @Test
  void price_partsWithoutPrice_costAsTheirWhole() {
    // Given
    UsageResult usage = Usage.fromInclusive(InclusiveUsage.text(1_000L, 400L, 300L, 50L, 20L));

    // When
    Priced priced = price("acme", "a-tiered", usage);

    // Then
    assertThat(priced.status()).isEqualTo(PriceStatus.PRICED);
    assertThat(priced.cost()).isEqualByComparingTo("0.0012");
    RateCard card = book.catalogue().card(String.valueOf(priced.rateCardId()));
    assertThat(card).isNotNull();
    assertThat(card.fallback()).isEqualTo(Fallback.PARENT);
    assertThat(card.rates()).doesNotContainKey(Bucket.CACHE_READ);
    assertThat(card.rateOf(Bucket.CACHE_READ)).isEqualTo(card.rateOf(Bucket.INPUT_UNCACHED));
  }

  @ParameterizedTest
  @CsvSource({
    "acme, a-dated-77, a-dated",
    "ACME.cloud, ' A-DATED ', a-dated",
    ", a-dated, a-dated",
    "litellm, a-dated, a-dated",
    "acme, o-1, o-1",
    "other, o-1, o-1",
    "acme, b-dated,",
    "acme, x/a-dated,",
    "nobody, a-dated,",
    "acme, a-day-20250929, a-day",
    "acme, a-day-20250929:beta, a-day-2",
    "acme, a-leap-20250231,",
    "acme, a-day-2025-09-29, a-day",
    "acme, a-day-2025-09-30, a-day-2",
    "litellm, acme/a-dated, a-dated",
    "LiteLLM, ACME/a-dated-5, a-dated",
    "litellm, nobody/a-dated,",
    "litellm, other/o-1, o-1",
    "litellm, other/a-dated,",
    "litellm, acme/,",
    "litellm, a-gift/a-dated,",
    "other, w, whisper-large-v3",
    "acme, w,",
    ", o-1,"
  })
  void resolve_names_byTheListsOwnRules(
      @Nullable String provider, String model, @Nullable String expected) {
    assertThat(price(provider, model, text(1, 0)).canonicalModel()).isEqualTo(expected);
  }

  /** The answer says what was used; a name that the list does not know says nothing. */
  @ParameterizedTest
  @CsvSource({
    "a-dated, a-tiered, a-dated",
    "unheard-of, a-tiered, a-tiered",
    ", a-tiered, a-tiered",
    "a-dated, unheard-of, a-dated",
    "unheard-of, unheard-of,",
    ",,"
  })
  void resolve_modelOfTheAnswerBeforeThatOfTheRequest(
      @Nullable String answered, @Nullable String asked, @Nullable String expected) {
    PricingRequest call =
        new PricingRequest(
            null, answered, asked, null, null, null, Instant.parse("2026-01-01T12:00:00Z"));

    assertThat(book.price("acme", call, text(1, 0), UnitCounts.none()).canonicalModel())
        .isEqualTo(expected);
  }

  /** Cards travel with names; where two models have a name the first has it, as in the list. */
  @Test
  void names_asPatterns_keepTheOrderOfTheList() {
    NamesAsPatterns names = book.names();

    assertThat(names.of("acme", "a-day")).containsExactly(ModelName.alias("a-day-2025-09-29"));
    assertThat(names.of("acme", "a-day-2")).containsExactly(ModelName.pattern("a-day-2025-09*", 2));
    assertThat(names.leftOut())
        .singleElement()
        .asString()
        .startsWith("acme|a-dated: no name says Regex");
  }

  @Test
  void price_modelListedWithoutPrices_isFree() {
    Priced priced = price("acme", "a-gift:free", text(1_000, 10));

    assertThat(priced.status()).isEqualTo(PriceStatus.FREE);
    assertThat(priced.cost()).isEqualByComparingTo("0");
  }

  @ParameterizedTest
  @CsvSource({"0.25, 0.001", "10, 0.001", "12.5, 0.00125", "0, 0"})
  void price_seconds_fractionsAndTheMinimum(BigDecimal seconds, BigDecimal expected) {
    Priced priced =
        book.price(
            "groq",
            request("w", "2026-01-01T00:00:00Z"),
            new UsageResult.Missing(),
            UnitCounts.of(Map.of(Bucket.SECONDS, seconds)));

    assertThat(priced.cost()).isEqualByComparingTo(expected);
  }

  @Test
  void read_unknownPriceKey_isListed() {
    assertThat(book.leftOut()).containsExactly("acme.a-tiered: no bucket for frobs_kcount");
  }

  @ParameterizedTest
  @CsvSource({
    "'[]', must be a list",
    "'{', not JSON",
    "'[{}]', has no id",
    "'[{\"id\":\"p\",\"models\":[{\"id\":\"m\",\"match\":{\"near\":1},\"prices\":{}}]}]', p.m",
    "'[{\"id\":\"p\",\"models\":[{\"id\":\"m\",\"match\":{\"regex\":\"(\"},\"prices\":{}}]}]', p.m",
    "'[{\"id\":\"p\",\"models\":[{\"id\":\"m\",\"match\":{\"equals\":\"m\"},\"prices\":[]}]}]', p.m",
    "'[{\"id\":\"p\",\"models\":[{\"id\":\"m\",\"match\":{\"equals\":\"m\"},\"prices\":{\"input_mtok\":-1}}]}]', p.m",
    "'[{\"id\":\"p\",\"models\":[{\"id\":\"m\",\"match\":{\"equals\":\"m\"},\"prices\":{\"input_mtok\":\"1\"}}]}]', p.m"
  })
  void read_wrongList_namesThePlace(String json, String named) {
    assertThatThrownBy(() -> GenAiPricesImporter.read("v", "list.json", json))
        .isInstanceOf(CatalogueException.class)
        .hasMessageContaining("list.json")
        .hasMessageContaining(named);
  }

  @Test
  void read_publishedList_everyModelHasCards() {
    PriceBook published =
        GenAiPricesImporter.read(
            "0.1.8", "genai-prices", TestData.read("pricing/genai-prices-0.1.8.json"));

    assertThat(published.catalogue().surfaces()).hasSize(36);
    assertThat(published.leftOut()).isEmpty();
    assertThat(published.catalogue().cards()).hasSizeGreaterThan(1_547);
  }

  private Priced price(@Nullable String provider, String model, UsageResult usage) {
    return price(provider, model, "2026-01-01T12:00:00Z", usage);
  }

  private Priced price(@Nullable String provider, String model, String at, UsageResult usage) {
    return book.price(provider, request(model, at), usage, UnitCounts.none());
  }

  private static PricingRequest request(String model, String at) {
    return new PricingRequest(null, model, null, null, null, null, Instant.parse(at));
  }

  private static UsageResult text(long input, long output) {
    return Usage.fromInclusive(InclusiveUsage.text(input, null, null, output, null));
  }
}
