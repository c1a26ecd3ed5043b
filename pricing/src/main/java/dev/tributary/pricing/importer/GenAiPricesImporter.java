package dev.tributary.pricing.importer;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tributary.pricing.Bucket;
import dev.tributary.pricing.Catalogue;
import dev.tributary.pricing.CatalogueException;
import dev.tributary.pricing.Layer;
import dev.tributary.pricing.RateCard;
import dev.tributary.pricing.RateCardBuilder;
import dev.tributary.pricing.RateSource;
import dev.tributary.pricing.ServiceTier;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the JSON of pydantic/genai-prices (data version 2). Dated rows and hours become cards of
 * their own; the list's rule that a part without a price costs as its whole is said on each card
 * ({@code fallback: parent}); names are matched by the list's own conditions.
 */
public final class GenAiPricesImporter {
  /** This project's surface for a provider of the list; the others keep their ids. */
  private static final Map<String, String> SURFACES =
      Map.ofEntries(
          Map.entry("aws", "aws.bedrock"),
          Map.entry("azure", "azure.ai.openai"),
          Map.entry("google", "gcp.gemini"),
          Map.entry("x-ai", "x_ai"),
          Map.entry("mistral", "mistral_ai"),
          Map.entry("moonshotai", "moonshot_ai"),
          Map.entry("zhipuai", "zhipu_ai"),
          Map.entry("voyageai", "voyage_ai"),
          Map.entry("fireworks", "fireworks_ai"),
          Map.entry("together", "together_ai"));

  /**
   * Groq bills a transcription for ten seconds at least. The list does not carry it, its calculator
   * knows these models by name.
   */
  private static final Set<String> WITH_MINIMUM =
      Set.of("groq|whisper-large-v3", "groq|whisper-large-v3-turbo");

  private static final long GROQ_MINIMUM_SECONDS = 10;

  private final String version;
  private final String sourceName;
  private final List<RateCard> cards = new ArrayList<>();
  private final List<String> leftOut = new ArrayList<>();

  private GenAiPricesImporter(String version, String sourceName) {
    this.version = version;
    this.sourceName = sourceName;
  }

  /**
   * Reads a list.
   *
   * @param version stamped on every cost
   * @param sourceName named in errors
   * @throws CatalogueException when anything in it is wrong; names provider and model
   */
  public static PriceBook read(String version, String sourceName, String json) {
    JsonNode root = ImportJson.parse(sourceName, json);
    JsonNode providers = root.isArray() ? root : root.path("providers");
    if (!providers.isArray() || providers.isEmpty()) {
      throw ImportJson.refuse(sourceName, "", "must be a list of providers", null);
    }
    return new GenAiPricesImporter(version, sourceName).book(providers);
  }

  private PriceBook book(JsonNode list) {
    List<GenAiPricesNames.Provider> providers = new ArrayList<>();
    list.forEach(provider -> providers.add(provider(provider)));
    Catalogue catalogue;
    try {
      catalogue = Catalogue.of(version, cards);
    } catch (IllegalArgumentException e) {
      throw ImportJson.refuse(sourceName, "", String.valueOf(e.getMessage()), e);
    }
    return new PriceBook(
        catalogue, new GenAiPricesNames(providers), PriceBook.Reading.GENAI_PRICES, leftOut);
  }

  private GenAiPricesNames.Provider provider(JsonNode json) {
    String id = json.path("id").asText();
    if (id.isBlank()) {
      throw ImportJson.refuse(sourceName, "", "a provider has no id", null);
    }
    String surface = SURFACES.getOrDefault(id, id);
    List<GenAiPricesNames.Model> models = new ArrayList<>();
    for (JsonNode model : json.path("models")) {
      String place = id + "." + model.path("id").asText();
      try {
        models.add(model(surface, place, model));
      } catch (IllegalArgumentException | ArithmeticException e) {
        throw ImportJson.refuse(sourceName, place, String.valueOf(e.getMessage()), e);
      }
    }
    List<String> fallbacks = new ArrayList<>();
    json.path("fallback_model_providers").forEach(other -> fallbacks.add(other.asText()));
    try {
      return new GenAiPricesNames.Provider(
          id,
          surface,
          rule(json.path("provider_match")),
          rule(json.path("model_match")),
          fallbacks,
          models);
    } catch (IllegalArgumentException e) {
      throw ImportJson.refuse(sourceName, id, String.valueOf(e.getMessage()), e);
    }
  }

  private static @Nullable MatchRule rule(JsonNode json) {
    return json.isObject() ? MatchRule.of(json) : null;
  }

  private GenAiPricesNames.Model model(String surface, String place, JsonNode json) {
    String id = json.path("id").asText();
    List<PriceRow> rows = PriceRow.of(json.path("prices"));
    for (PriceRow.Span span : PriceRow.spans(rows)) {
      GenAiPricesRates rates =
          GenAiPricesRates.of(
              span.row().prices(), key -> leftOut.add(place + ": no bucket for " + key));
      for (Long threshold : rates.thresholds()) {
        RateCardBuilder card =
            RateCard.builder(surface, id)
                .tier(tier(id))
                .layer(Layer.IMPORTED)
                .from(span.from())
                .until(span.until())
                .window(span.row().window())
                .source(RateSource.of("genai-prices", version));
        rates.apply(card, threshold);
        if (WITH_MINIMUM.contains(surface + "|" + id)
            && rates.byBucket().containsKey(Bucket.SECONDS)) {
          card.minimum(Bucket.SECONDS, GROQ_MINIMUM_SECONDS);
        }
        cards.add(card.build());
      }
    }
    return new GenAiPricesNames.Model(surface, id, MatchRule.of(json.path("match")));
  }

  /** A gateway's suffix names the tier; model resolution reads it the same way. */
  private static ServiceTier tier(String id) {
    return id.endsWith(":free")
        ? ServiceTier.FREE
        : id.endsWith(":batch") ? ServiceTier.BATCH : ServiceTier.STANDARD;
  }
}
