package dev.tributary.pricing.importer;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tributary.pricing.Bucket;
import dev.tributary.pricing.Catalogue;
import dev.tributary.pricing.ContextTier;
import dev.tributary.pricing.Layer;
import dev.tributary.pricing.Rate;
import dev.tributary.pricing.RateCard;
import dev.tributary.pricing.RateCardBuilder;
import dev.tributary.pricing.RateSource;
import dev.tributary.pricing.RegionScope;
import dev.tributary.pricing.ServiceTier;
import dev.tributary.pricing.SurfaceTable;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads LiteLLM's {@code model_prices_and_context_window.json}. Tiers, long contexts and one-hour
 * writes are fields there and become cards; a bucket without a field of its tier has no price. What
 * no card can say is listed, never guessed; an entry whose prices are all 0 is left out.
 */
public final class LiteLlmImporter {
  /** LiteLLM's names of who serves, beyond those the surface table knows. */
  private static final Map<String, String> PROVIDERS =
      Map.ofEntries(
          Map.entry("text-completion-openai", "openai"),
          Map.entry("azure_text", "azure.ai.openai"),
          Map.entry("bedrock_mantle", "aws.bedrock"),
          Map.entry("cohere_chat", "cohere"),
          Map.entry("text-completion-codestral", "mistral_ai"),
          Map.entry("codestral", "mistral_ai"));

  private static final BigDecimal MILLION = BigDecimal.valueOf(Rate.PER_MILLION);

  /** An entry of the map and what it is called here. */
  private record Entry(String key, String surface, String model) {}

  /** Rates by tier and then by the input size from which they hold; 0: from the start. */
  private record Table(Map<ServiceTier, Map<Long, Map<Bucket, Rate>>> rates, boolean isAllZero) {}

  private final boolean withZeros;
  private final String version;
  private final String sourceName;
  private final List<RateCard> cards = new ArrayList<>();
  private final List<String> leftOut = new ArrayList<>();
  private final Set<String> taken = new HashSet<>();
  private final Map<String, String> surfaces = new HashMap<>(PROVIDERS);
  private final Map<String, LiteLlmNames.Meaning> byKey = new LinkedHashMap<>();

  private LiteLlmImporter(String version, String sourceName, boolean withZeros) {
    this.withZeros = withZeros;
    this.version = version;
    this.sourceName = sourceName;
  }

  /**
   * Reads a map.
   *
   * @param version stamped on every cost
   * @param sourceName named in errors
   * @throws dev.tributary.pricing.CatalogueException when it is no such map or a price is no number
   */
  public static PriceBook read(String version, String sourceName, String json) {
    return read(version, sourceName, json, false);
  }

  /**
   * As {@link #read(String, String, String)}, for gates that decide which models may be free.
   *
   * @param withZeros whether an entry whose prices are all 0 becomes a free card; else it is left
   *     out
   */
  public static PriceBook read(String version, String sourceName, String json, boolean withZeros) {
    JsonNode root = ImportJson.parse(sourceName, json);
    if (!root.isObject() || root.isEmpty()) {
      throw ImportJson.refuse(sourceName, "", "must be an object of models", null);
    }
    return new LiteLlmImporter(version, sourceName, withZeros).book(root);
  }

  private PriceBook book(JsonNode root) {
    for (Map.Entry<String, JsonNode> entry : root.properties()) {
      if (!entry.getKey().equals("sample_spec") && entry.getValue().isObject()) {
        try {
          add(entry.getKey(), entry.getValue());
        } catch (IllegalArgumentException | ArithmeticException e) {
          throw ImportJson.refuse(sourceName, entry.getKey(), String.valueOf(e.getMessage()), e);
        }
      }
    }
    try {
      SurfaceTable table = SurfaceTable.standard(surfaces);
      return new PriceBook(
          Catalogue.of(version, cards),
          new LiteLlmNames(table, byKey),
          PriceBook.Reading.OURS,
          leftOut);
    } catch (IllegalArgumentException e) {
      throw ImportJson.refuse(sourceName, "", String.valueOf(e.getMessage()), e);
    }
  }

  private void add(String key, JsonNode entry) {
    String provider = entry.path("litellm_provider").asText("").toLowerCase(Locale.ROOT);
    String surface = surface(provider);
    if (surface == null) {
      leftOut.add(key + ": no provider");
      return;
    }
    Table table = table(key, entry);
    if (table.rates.isEmpty() || (table.isAllZero && !withZeros)) {
      leftOut.add(key + (table.rates.isEmpty() ? ": no price" : ": every price is 0"));
      return;
    }
    String name = withoutProvider(key, provider);
    RegionScope region = RegionScope.ANY;
    // us.anthropic.claude on Bedrock, eu/gpt-4o on Azure.
    int end = surface.equals("azure.ai.openai") ? name.indexOf('/') : name.indexOf('.');
    RegionScope prefix = end <= 0 ? null : RegionScope.ofWireName(name.substring(0, end));
    if (prefix != null && prefix != RegionScope.ANY && prefix != RegionScope.NONE) {
      region = prefix;
      name = name.substring(end + 1);
    }
    if (!taken.add((surface + '|' + region + '|' + name).toLowerCase(Locale.ROOT))) {
      leftOut.add(key + ": another entry has the same provider, model and region");
      return;
    }
    byKey.put(key, new LiteLlmNames.Meaning(surface, region == RegionScope.ANY ? name : null));
    LiteLlmUplifts uplifts =
        LiteLlmUplifts.of(entry, field -> leftOut.add(key + ": no rule for " + field));
    Map<ServiceTier, Map<Long, Map<Bucket, Rate>>> rates = new EnumMap<>(ServiceTier.class);
    rates.putAll(table.rates);
    Map<Long, Map<Bucket, Rate>> standard = rates.getOrDefault(ServiceTier.STANDARD, Map.of());
    uplifts
        .tiers()
        .forEach((tier, factor) -> rates.computeIfAbsent(tier, unused -> raised(standard, factor)));
    Entry stated = new Entry(key, surface, name);
    for (Map.Entry<ServiceTier, Map<Long, Map<Bucket, Rate>>> tier : rates.entrySet()) {
      addCards(stated, region, tier.getKey(), tier.getValue(), standard.keySet());
      for (Map.Entry<RegionScope, BigDecimal> uplift : uplifts.regions().entrySet()) {
        if (region == RegionScope.ANY) {
          Map<Long, Map<Bucket, Rate>> raised = raised(tier.getValue(), uplift.getValue());
          addCards(stated, uplift.getKey(), tier.getKey(), raised, standard.keySet());
        }
      }
    }
  }

  /** A factor raises the price of tokens, not the fees beside them. */
  private static Map<Long, Map<Bucket, Rate>> raised(
      Map<Long, Map<Bucket, Rate>> rates, BigDecimal factor) {
    Map<Long, Map<Bucket, Rate>> raised = new HashMap<>();
    rates.forEach(
        (threshold, byBucket) -> {
          Map<Bucket, Rate> byRaised = new EnumMap<>(Bucket.class);
          byBucket.forEach(
              (bucket, rate) ->
                  byRaised.put(
                      bucket,
                      bucket.isToken()
                          ? new Rate(rate.amount().multiply(factor), rate.per())
                          : rate));
          raised.put(threshold, byRaised);
        });
    return raised;
  }

  /**
   * One card for each input size from which another price holds.
   *
   * @param standardThresholds where the standard price changes: a tier that states no price beyond
   *     such a size has none there, half of its small price would be half the bill
   */
  private void addCards(
      Entry entry,
      RegionScope region,
      ServiceTier tier,
      Map<Long, Map<Bucket, Rate>> byThreshold,
      Set<Long> standardThresholds) {
    boolean isAtLeast = entry.surface.equals("x_ai");
    Map<Bucket, Rate> rates = new EnumMap<>(Bucket.class);
    for (Long threshold : new TreeSet<>(byThreshold.keySet())) {
      // A field without an "above" form keeps its price in longer contexts.
      rates.putAll(byThreshold.getOrDefault(threshold, Map.of()));
      Long unstated =
          standardThresholds.stream()
              .filter(other -> other > threshold && !byThreshold.containsKey(other))
              .min(Long::compare)
              .orElse(null);
      RateCardBuilder card =
          RateCard.builder(entry.surface, entry.model)
              .region(region)
              .tier(tier)
              .layer(Layer.IMPORTED)
              .source(new RateSource("litellm", version, null, entry.key, null))
              .context(threshold == 0 ? null : context(isAtLeast, threshold))
              .upTo(unstated == null ? null : Long.valueOf(isAtLeast ? unstated - 1 : unstated));
      rates.forEach(card::rate);
      card.free(rates.values().stream().allMatch(Rate::isZero));
      cards.add(card.build());
    }
  }

  private static ContextTier context(boolean isAtLeast, long threshold) {
    return new ContextTier(isAtLeast ? ContextTier.Op.AT_LEAST : ContextTier.Op.GREATER, threshold);
  }

  private Table table(String key, JsonNode entry) {
    Map<ServiceTier, Map<Long, Map<Bucket, Rate>>> rates = new EnumMap<>(ServiceTier.class);
    Map<String, Integer> ranks = new HashMap<>();
    boolean isAllZero = true;
    for (Map.Entry<String, JsonNode> member : entry.properties()) {
      String field = member.getKey();
      LiteLlmField meaning = LiteLlmField.of(field);
      Rate rate = meaning == null ? null : rate(field, member.getValue(), meaning);
      if (meaning != null && rate != null) {
        long threshold = meaning.threshold() == null ? 0 : meaning.threshold();
        String place = meaning.tier() + "|" + threshold + '|' + meaning.bucket();
        if (meaning.rank() < ranks.getOrDefault(place, Integer.MAX_VALUE)) {
          ranks.put(place, meaning.rank());
          rates
              .computeIfAbsent(meaning.tier(), unused -> new HashMap<>())
              .computeIfAbsent(threshold, unused -> new EnumMap<>(Bucket.class))
              .put(meaning.bucket(), rate);
        }
        isAllZero &= rate.isZero();
      } else if (field.equals("search_context_cost_per_query")) {
        searches(key, member.getValue(), rates);
      } else if (LiteLlmField.isPrice(field) && !isNothing(member.getValue())) {
        leftOut.add(key + ": no bucket for " + field);
      }
    }
    return new Table(rates, isAllZero);
  }

  /** One price for a search, where its size does not matter. */
  private void searches(
      String key, JsonNode prices, Map<ServiceTier, Map<Long, Map<Bucket, Rate>>> rates) {
    Set<BigDecimal> different = new HashSet<>();
    for (JsonNode price : prices) {
      if (price.isNumber()) {
        different.add(price.decimalValue().stripTrailingZeros());
      }
    }
    if (different.size() != 1) {
      leftOut.add(key + ": searches cost by their size");
      return;
    }
    rates
        .computeIfAbsent(ServiceTier.STANDARD, unused -> new HashMap<>())
        .computeIfAbsent(0L, unused -> new EnumMap<>(Bucket.class))
        .put(Bucket.TOOL_WEB_SEARCH, new Rate(different.iterator().next(), 1));
  }

  private static @Nullable Rate rate(String field, JsonNode value, LiteLlmField meaning) {
    if (value.isNull()) {
      return null;
    }
    if (!value.isNumber()) {
      throw new IllegalArgumentException(field + " must be a number");
    }
    BigDecimal amount = value.decimalValue();
    return meaning.bucket().isToken()
        ? new Rate(amount.multiply(MILLION), Rate.PER_MILLION)
        : new Rate(amount, meaning.units());
  }

  private static boolean isNothing(JsonNode value) {
    return value.isNull() || (value.isNumber() && value.decimalValue().signum() == 0);
  }

  private @Nullable String surface(String provider) {
    if (provider.isEmpty()) {
      return null;
    }
    String known = surfaces.get(provider);
    known = known == null ? SurfaceTable.standard(Map.of()).surfaceOf(provider) : known;
    if (known == null) {
      // Vertex sells several makers' models under names of their own.
      known = provider.startsWith("vertex_ai") ? "gcp.vertex_ai" : provider;
    }
    surfaces.put(provider, known);
    return known;
  }

  /** LiteLLM routes by a prefix that is no part of the model's name. */
  private static String withoutProvider(String key, String provider) {
    for (String prefix : List.of(provider + "/", provider.split("-", 2)[0] + "/")) {
      if (key.toLowerCase(Locale.ROOT).startsWith(prefix) && key.length() > prefix.length()) {
        return key.substring(prefix.length());
      }
    }
    return key;
  }
}
