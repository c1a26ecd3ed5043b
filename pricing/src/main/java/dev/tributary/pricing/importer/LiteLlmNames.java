package dev.tributary.pricing.importer;

import dev.tributary.pricing.PricingRequest;
import dev.tributary.pricing.SurfaceTable;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whose model a name means by a LiteLLM map: the surface by the provider, without one by the map's
 * key; the map's key for itself, whatever routing prefix it carries; else this library's
 * resolution.
 */
final class LiteLlmNames implements PriceBook.NameRule {
  private static final Set<String> GATEWAYS = Set.of("litellm", "litellm_proxy");

  /**
   * What a key means here.
   *
   * @param model null: the name is resolved as it is, because it names a region
   */
  record Meaning(String surface, @Nullable String model) {}

  private final SurfaceTable table;
  private final Map<String, Meaning> byKey;

  /**
   * A rule.
   *
   * @param byKey by the map's key
   */
  LiteLlmNames(SurfaceTable table, Map<String, Meaning> byKey) {
    this.table = table;
    this.byKey = new LinkedHashMap<>();
    byKey.forEach((key, meaning) -> this.byKey.putIfAbsent(lower(key), meaning));
  }

  @Override
  public PricingRequest resolve(@Nullable String provider, PricingRequest call) {
    String surface = table.surfaceOf(provider);
    String model = call.responseModel() == null ? call.requestModel() : call.responseModel();
    boolean isOpen = provider == null || provider.isBlank() || GATEWAYS.contains(lower(provider));
    Meaning key = model == null ? null : byKey.get(lower(model));
    if (surface == null && isOpen && key != null) {
      surface = key.surface;
    }
    return new PricingRequest(
        surface,
        named(surface, call.responseModel()),
        named(surface, call.requestModel()),
        call.region(),
        call.serviceTier(),
        null,
        call.at());
  }

  private @Nullable String named(@Nullable String surface, @Nullable String model) {
    Meaning key = model == null ? null : byKey.get(lower(model));
    return key == null || key.model == null || !key.surface.equals(surface) ? model : key.model;
  }

  @Override
  public NamesAsPatterns asPatterns() {
    NamesAsPatterns names = new NamesAsPatterns();
    Map<String, Meaning> routed = new LinkedHashMap<>();
    byKey.forEach(
        (key, meaning) -> {
          if (meaning.model != null) {
            names.reserve(meaning.surface, meaning.model);
            routed.put(key, meaning);
          }
        });
    routed.forEach(
        (key, meaning) -> {
          if (meaning.model != null && !key.equalsIgnoreCase(meaning.model)) {
            MatchRule.Text rule = new MatchRule.Text(MatchRule.Kind.EQUALS, key);
            names.add(meaning.surface, meaning.model, rule, 0);
          }
        });
    return names;
  }

  private static String lower(String name) {
    return name.strip().toLowerCase(Locale.ROOT);
  }
}
