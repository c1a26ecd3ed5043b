package dev.tributary.pricing.curated;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.pricing.Bucket;
import dev.tributary.pricing.Catalogue;
import dev.tributary.pricing.CostLine;
import dev.tributary.pricing.PriceStatus;
import dev.tributary.pricing.Priced;
import dev.tributary.pricing.Pricer;
import dev.tributary.pricing.PricingRequest;
import dev.tributary.pricing.RateCard;
import dev.tributary.pricing.ServiceTier;
import dev.tributary.pricing.TestData;
import dev.tributary.pricing.TimeWindow;
import dev.tributary.pricing.Usage;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Holds the curated files against the recorded table of published prices, row by row. */
class PriceFactsTest {

  private static final Map<String, List<String>> SURFACES =
      Map.ofEntries(
          Map.entry("openai", List.of("openai")),
          Map.entry("anthropic", List.of("anthropic")),
          Map.entry("google", List.of("gcp.gemini", "gcp.gen_ai", "gcp.vertex_ai")),
          Map.entry("aws", List.of("aws.bedrock")),
          Map.entry("azure", List.of("azure.ai.openai")),
          Map.entry("x-ai", List.of("x_ai")),
          Map.entry("deepseek", List.of("deepseek")),
          Map.entry("mistral", List.of("mistral_ai")),
          Map.entry("moonshotai", List.of("moonshot_ai")),
          Map.entry("groq", List.of("groq")),
          Map.entry("perplexity", List.of("perplexity")),
          Map.entry("cohere", List.of("cohere")),
          Map.entry("minimax", List.of("minimax")),
          Map.entry("zhipuai", List.of("zhipu_ai")),
          Map.entry("openrouter", List.of("openrouter")),
          Map.entry("voyageai", List.of("voyage_ai")));

  private static final Map<String, Bucket> COLUMNS =
      Map.of(
          "input_usd_per_mtok", Bucket.INPUT_UNCACHED,
          "output_usd_per_mtok", Bucket.OUTPUT_TEXT,
          "cache_read_usd_per_mtok", Bucket.CACHE_READ,
          "cache_write_5m_usd_per_mtok", Bucket.CACHE_WRITE_5M,
          "cache_write_1h_usd_per_mtok", Bucket.CACHE_WRITE_1H,
          "web_search_usd_per_1k", Bucket.TOOL_WEB_SEARCH);

  private static final Pattern ABOVE = Pattern.compile("input_tokens>(\\d+)");
  private static final Pattern LANGFUSE_ABOVE =
      Pattern.compile("\"operator\": \"gt\", \"value\": (\\d+)");

  private static Catalogue catalogue;
  private static List<Map<String, String>> rows;

  @BeforeAll
  static void load() {
    rows = TestData.csv(TestData.read("pricing/price_facts.csv"));
    catalogue = CuratedCatalogue.load();
  }

  @Test
  void price_everyCuratedRow_isTheTablesNumber() {
    int compared = 0;
    for (Map<String, String> row : rows) {
      for (RateCard card : cardsOf(row)) {
        checkPrice(row, card);
        compared++;
      }
    }
    // 252 rows; Gemini rows stand once for each of three surfaces, and one Azure row for two.
    assertThat(compared).isGreaterThan(252);
  }

  @Test
  void everyCard_comesFromARow() {
    Set<String> fromRows = new TreeSet<>();
    rows.forEach(row -> cardsOf(row).forEach(card -> fromRows.add(card.id())));

    // Uplifted cards are checked by their own test.
    Set<String> cards = new TreeSet<>();
    catalogue.cards().stream()
        .filter(card -> !card.id().matches(".*\\|(eu|us)(\\|.*)?"))
        .forEach(card -> cards.add(card.id()));
    assertThat(cards).isEqualTo(fromRows);
  }

  @Test
  void regionMultiplierRows_raiseTokenPricesInTheirRegion() {
    int compared = 0;
    for (Map<String, String> row : rows) {
      if (row.get("service_tier").startsWith("multiplier_region_")) {
        String region = row.get("service_tier").substring("multiplier_region_".length());
        BigDecimal factor = new BigDecimal(row.get("context_tier").substring(1));
        Usage usage = new Usage(Map.of(Bucket.INPUT_UNCACHED, 1_000L, Bucket.OUTPUT_TEXT, 100L));
        BigDecimal plain = cost(row.get("model"), null, usage);
        assertThat(cost(row.get("model"), region, usage))
            .isEqualByComparingTo(plain.multiply(factor));
        compared++;
      }
    }
    assertThat(compared).isEqualTo(12);
  }

  @Test
  void everyRowNotCurated_isLeftOutForANamedReason() {
    Map<String, Integer> reasons = new TreeMap<>();
    int curated = 0;
    for (Map<String, String> row : rows) {
      if (row.get("service_tier").startsWith("multiplier_region_")) {
        continue;
      }
      if (cardsOf(row).isEmpty()) {
        reasons.merge(leftOut(row), 1, Integer::sum);
      } else {
        curated++;
      }
    }
    assertThat(curated).isEqualTo(252);
    assertThat(reasons)
        .isEqualTo(
            Map.of(
                "states no price in the table's columns", 2,
                "standard price of an older snapshot than genai-prices", 226,
                "tier row states no output price", 1,
                "Langfuse tier is not stated for this surface", 6,
                "tier row of an older snapshot than Langfuse's", 24,
                "tier row goes with a standard price that never held at its snapshot's date", 3));
  }

  @Test
  void models_ofTheTable_areAllCurated() {
    Set<String> missing = new TreeSet<>();
    for (Map<String, String> row : rows) {
      String surface = SURFACES.get(row.get("provider")).get(0);
      surface =
          row.get("model").startsWith("claude") && surface.startsWith("gcp")
              ? "gcp.vertex_ai"
              : surface;
      if (catalogue.resolve(surface, rawModel(row)).canonicalModel() == null) {
        missing.add(row.get("provider") + " " + row.get("model"));
      }
    }
    assertThat(missing).isEmpty();
    assertThat(catalogue.cards().stream().map(card -> card.surface() + card.canonicalModel()))
        .hasSizeGreaterThan(130);
  }

  private static String leftOut(Map<String, String> row) {
    String source = row.get("source");
    String tier = row.get("service_tier");
    if (rates(row).isEmpty()) {
      return "states no price in the table's columns";
    }
    if (tier.equalsIgnoreCase("standard") || tier.startsWith("Large Context")) {
      assertThat(source).as("%s", row).doesNotContain("genai-prices");
      return "standard price of an older snapshot than genai-prices";
    }
    if (row.get("output_usd_per_mtok").isEmpty()) {
      return "tier row states no output price";
    }
    if (source.startsWith("Langfuse")
        && !Set.of("openai", "anthropic").contains(row.get("provider"))) {
      return "Langfuse tier is not stated for this surface";
    }
    boolean newerKnown =
        source.startsWith("LiteLLM")
            && catalogue.cards().stream()
                .anyMatch(
                    card ->
                        card.canonicalModel().equals(row.get("model"))
                            && card.serviceTier() == tier(row)
                            && card.source().name().startsWith("Langfuse"));
    return newerKnown
        ? "tier row of an older snapshot than Langfuse's"
        : "tier row goes with a standard price that never held at its snapshot's date";
  }

  private static void checkPrice(Map<String, String> row, RateCard card) {
    Map<Bucket, Long> counts = new EnumMap<>(Bucket.class);
    Map<Bucket, BigDecimal> stated = rates(row);
    BigDecimal expected = BigDecimal.ZERO;
    for (Map.Entry<Bucket, BigDecimal> rate : stated.entrySet()) {
      long count = rate.getKey() == Bucket.INPUT_UNCACHED ? above(row) + 1 : 7;
      counts.put(rate.getKey(), count);
      BigDecimal per =
          rate.getKey() == Bucket.TOOL_WEB_SEARCH
              ? BigDecimal.valueOf(1_000)
              : BigDecimal.valueOf(1_000_000);
      expected = expected.add(rate.getValue().multiply(BigDecimal.valueOf(count)).divide(per));
    }

    // Fees of a request have no column in the table.
    counts.put(Bucket.REQUEST, 0L);

    Priced priced =
        Pricer.price(
            catalogue,
            new PricingRequest(
                card.surface(),
                rawModel(row),
                null,
                null,
                card.serviceTier().wireName(),
                new Usage(counts),
                moment(card)));

    assertThat(priced.status()).as("%s -> %s", row, priced).isEqualTo(PriceStatus.PRICED);
    assertThat(priced.rateCardId()).as("%s", row).isEqualTo(card.id());
    assertThat(priced.cost()).as("%s -> %s", row, priced).isEqualByComparingTo(expected);
    for (CostLine line : priced.lines()) {
      assertThat(line.rateAmount())
          .as("%s %s", row, line)
          .isEqualByComparingTo(stated.get(line.bucket()));
    }
  }

  /**
   * The curated cards that were taken from a row: same model, source, tier, input size, date and
   * hours.
   */
  private static List<RateCard> cardsOf(Map<String, String> row) {
    List<RateCard> found = new ArrayList<>();
    ServiceTier tier = tier(row);
    for (RateCard card : catalogue.cards()) {
      long threshold = card.contextTier() == null ? 0 : card.contextTier().threshold();
      LocalDate from =
          card.effectiveFrom() == null
              ? null
              : LocalDate.ofInstant(card.effectiveFrom(), ZoneOffset.UTC);
      boolean dateFits =
          row.get("effective_from").isEmpty()
              ? !row.get("source").contains("genai-prices")
                  || from == null
                  || card.timeWindow() != null
              : row.get("effective_from").equals(String.valueOf(from));
      boolean regionPlain = !card.id().matches(".*\\|(eu|us)(\\|.*)?");
      if (regionPlain
          && SURFACES
              .get(row.get("provider"))
              .contains(card.surface().replace("azure.ai.inference", "azure.ai.openai"))
          && card.canonicalModel()
              .equals(row.get("model").replaceFirst("^(global|regional)\\.", ""))
          && regionFits(row, card)
          && row.get("source").contains(card.source().name())
          && card.serviceTier() == tier
          && threshold == above(row)
          && dateFits
          && window(card)
              .equals(
                  row.get("time_window_or_to").contains("..") ? row.get("time_window_or_to") : "")
          && ratesFit(row, card)) {
        found.add(card);
      }
    }
    return found;
  }

  private static boolean ratesFit(Map<String, String> row, RateCard card) {
    Map<Bucket, BigDecimal> stated = rates(row);
    Set<Bucket> inTable = new TreeSet<>(card.rates().keySet());
    inTable.retainAll(COLUMNS.values());
    return stated.keySet().equals(inTable);
  }

  private static boolean regionFits(Map<String, String> row, RateCard card) {
    String prefix = row.get("model").replaceFirst("^(global|regional)?.*$", "$1");
    return prefix.isEmpty() || card.regionScope().wireName().equals(prefix);
  }

  private static String window(RateCard card) {
    TimeWindow window = card.timeWindow();
    return window == null ? "" : window.utcFrom() + ":00Z.." + window.utcTo() + ":00Z";
  }

  /**
   * A moment in which the card is in force; outside every window of the table where it has none
   * itself.
   */
  private static Instant moment(RateCard card) {
    LocalTime hour = card.timeWindow() == null ? LocalTime.of(18, 0) : card.timeWindow().utcFrom();
    Instant from = card.effectiveFrom();
    Instant until = card.effectiveUntil();
    LocalDate day =
        from != null
            ? LocalDate.ofInstant(from, ZoneOffset.UTC)
            : until != null
                ? LocalDate.ofInstant(until, ZoneOffset.UTC).minusDays(1)
                : LocalDate.of(2026, 11, 12);
    while (card.timeWindow() != null
        && !card.timeWindow().weekdays().isEmpty()
        && !card.timeWindow().weekdays().contains(day.getDayOfWeek())) {
      day = day.plusDays(1);
    }
    return day.atTime(hour).toInstant(ZoneOffset.UTC);
  }

  private static long above(Map<String, String> row) {
    Matcher plain = ABOVE.matcher(row.get("context_tier"));
    Matcher langfuse = LANGFUSE_ABOVE.matcher(row.get("context_tier"));
    return plain.matches()
        ? Long.parseLong(plain.group(1))
        : langfuse.find() ? Long.parseLong(langfuse.group(1)) : 0;
  }

  private static ServiceTier tier(Map<String, String> row) {
    String tier = row.get("service_tier");
    if (tier.startsWith("Fast mode")) {
      return row.get("context_tier").contains("\"speed\"")
          ? ServiceTier.FAST
          : ServiceTier.PRIORITY;
    }
    if (tier.startsWith("Flex")) {
      return ServiceTier.FLEX;
    }
    return tier.startsWith("Large Context") ? ServiceTier.STANDARD : ServiceTier.parse(tier);
  }

  private static Map<Bucket, BigDecimal> rates(Map<String, String> row) {
    Map<Bucket, BigDecimal> rates = new EnumMap<>(Bucket.class);
    COLUMNS.forEach(
        (column, bucket) -> {
          if (!row.get(column).isEmpty()) {
            rates.put(bucket, new BigDecimal(row.get(column)));
          }
        });
    return rates;
  }

  /** {@code regional.} is the source's own word for any geography; telemetry says which. */
  private static String rawModel(Map<String, String> row) {
    return row.get("model").replaceFirst("^regional\\.", "us.");
  }

  private static BigDecimal cost(String model, String region, Usage usage) {
    Instant at = Instant.parse("2026-11-12T18:00:00Z");
    Priced priced =
        Pricer.price(catalogue, new PricingRequest("openai", model, null, region, null, usage, at));
    assertThat(priced.cost()).as(priced.reason()).isNotNull();
    return priced.cost();
  }
}
