package dev.tributary.pricing.importer;

import dev.tributary.pricing.PricingRequest;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Whose model a name means by the rules of a genai-prices list: the provider by its id, else by the
 * first match of its name, without a provider by the first match of the model; then the first model
 * of the provider that matches, then those of its fallback providers.
 */
final class GenAiPricesNames implements PriceBook.NameRule {
  /** Bound of the cache; telemetry may invent names without end. */
  private static final int MAX_CACHED = 10_000;

  /** This provider is a gateway; the list looks the model up as if none were named. */
  private static final String GATEWAY = "litellm";

  private static final Pattern COMPACT_DATE =
      Pattern.compile("-20\\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\\d|3[01])(?=[-:]|$)");

  /** A model and where its cards are. */
  record Model(String surface, String id, MatchRule match) {}

  /** A provider of the list. */
  record Provider(
      String id,
      String surface,
      @Nullable MatchRule providerMatch,
      @Nullable MatchRule modelMatch,
      List<String> fallbacks,
      List<Model> models) {}

  /** What two names mean; null where the list does not know. */
  private record Found(@Nullable String surface, @Nullable String model) {}

  private final List<Provider> providers;
  private final Map<String, Provider> byId = new HashMap<>();
  private final Map<String, Found> cache = new ConcurrentHashMap<>();

  GenAiPricesNames(List<Provider> providers) {
    this.providers = List.copyOf(providers);
    providers.forEach(provider -> byId.put(provider.id(), provider));
  }

  @Override
  public NamesAsPatterns asPatterns() {
    NamesAsPatterns names = new NamesAsPatterns();
    for (Provider provider : providers) {
      provider.models().forEach(model -> names.reserve(model.surface(), model.id()));
    }
    for (Provider provider : providers) {
      for (int i = 0; i < provider.models().size(); i++) {
        Model model = provider.models().get(i);
        // The first match wins there, the highest priority here.
        names.add(model.surface(), model.id(), model.match(), provider.models().size() - i);
      }
    }
    return names;
  }

  @Override
  public PricingRequest resolve(@Nullable String provider, PricingRequest call) {
    Found response = call.responseModel() == null ? null : find(provider, call.responseModel());
    boolean isUsable = response != null && response.model != null;
    Found found =
        isUsable || call.requestModel() == null ? response : find(provider, call.requestModel());
    found = found == null ? find(provider, "") : found;
    // An empty name is one that no card has; only the list's own rules may find a model.
    String model = found.model == null ? "" : found.model;
    return new PricingRequest(
        found.surface, model, null, call.region(), call.serviceTier(), null, call.at());
  }

  private Found find(@Nullable String provider, String model) {
    String key = provider + "\n" + model;
    Found known = cache.get(key);
    if (known == null) {
      known = findAnew(lower(provider), lower(model));
      if (cache.size() >= MAX_CACHED) {
        cache.clear();
      }
      cache.put(key, known);
    }
    return known;
  }

  private Found findAnew(String providerName, String model) {
    int slash = model.indexOf('/');
    if (providerName.equals(GATEWAY) && slash > 0 && slash < model.length() - 1) {
      // The gateway writes the provider before the model.
      String routed = model.substring(0, slash);
      if (provider(routed, "") != null) {
        return findAnew(routed, model.substring(slash + 1));
      }
    }
    Provider provider = provider(providerName, model);
    if (provider == null) {
      return new Found(null, null);
    }
    Model found = model(provider, model, 0);
    if (found == null) {
      // A list may know a dated name by its date with hyphens only; its own providers, no others.
      String dated = withHyphens(model);
      found = dated.equals(model) ? null : model(provider, dated, 0);
    }
    return found == null
        ? new Found(provider.surface(), null)
        : new Found(found.surface(), found.id());
  }

  /** {@code -20250929} as {@code -2025-09-29}, where that is a day. */
  private static String withHyphens(String model) {
    return COMPACT_DATE
        .matcher(model)
        .replaceAll(
            date -> {
              String text = date.group();
              String day =
                  text.substring(1, 5) + '-' + text.substring(5, 7) + '-' + text.substring(7);
              return isDay(day) ? '-' + day : text;
            });
  }

  private static boolean isDay(String text) {
    try {
      return LocalDate.parse(text) != null;
    } catch (DateTimeParseException e) {
      return false;
    }
  }

  private @Nullable Provider provider(String name, String model) {
    if (!name.isEmpty() && !name.equals(GATEWAY)) {
      Provider exact = byId.get(name);
      if (exact != null) {
        return exact;
      }
      for (Provider provider : providers) {
        if (provider.providerMatch() != null && provider.providerMatch().matches(name)) {
          return provider;
        }
      }
      return null;
    }
    for (Provider provider : providers) {
      if (provider.modelMatch() != null && provider.modelMatch().matches(model)) {
        return provider;
      }
    }
    return null;
  }

  private @Nullable Model model(Provider provider, String name, int depth) {
    for (Model model : provider.models()) {
      if (model.match().matches(name)) {
        return model;
      }
    }
    if (depth > 0) {
      return null;
    }
    for (String fallback : provider.fallbacks()) {
      Provider other = byId.get(fallback);
      Model found = other == null ? null : model(other, name, depth + 1);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  private static String lower(@Nullable String name) {
    if (name == null) {
      return "";
    }
    String text = name.strip().toLowerCase(Locale.ROOT);
    return text.length() <= MatchRule.MAX_NAME ? text : text.substring(0, MatchRule.MAX_NAME);
  }
}
