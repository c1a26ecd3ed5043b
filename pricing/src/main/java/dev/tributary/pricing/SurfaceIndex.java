package dev.tributary.pricing;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Everything one surface sells, indexed for pricing. Immutable but for the cache of resolved names,
 * which changes no answer.
 */
final class SurfaceIndex {

  /** Bound of the name cache; telemetry may invent names without end. */
  private static final int MAX_CACHED_NAMES = 10_000;

  /** The first card in this order that fits a call prices it. */
  private static final Comparator<RateCard> MOST_SPECIFIC_FIRST =
      Comparator.comparing(RateCard::layer)
          .thenComparing(RateCard::regionScope)
          .thenComparing(card -> card.timeWindow() == null)
          .thenComparing(RateCard::minimumInput, Comparator.reverseOrder())
          .thenComparing(card -> card.contextTier() == null)
          .thenComparing(RateCard::id);

  private final Map<String, Prices> byModel = new HashMap<>();
  private final Map<String, String> canonicalByLowerCase = new HashMap<>();
  private final Map<String, String> aliases = new HashMap<>();
  private final Map<String, String> aliasesByLowerCase = new HashMap<>();
  private final Map<String, String> excluded = new HashMap<>();
  private final List<Pattern> patterns = new ArrayList<>();
  private final Map<String, String> overrides;
  private final Map<String, Resolved> resolvedByRawName = new ConcurrentHashMap<>();

  /** A glob and the model it means. */
  private record Pattern(String glob, int priority, String canonicalModel) {}

  /** A resolved name with its cards at hand; {@code prices} is null where the name is unknown. */
  record Resolved(ModelResolution resolution, @Nullable Prices prices) {}

  /** The cards of one model by tier, most specific first. */
  static final class Prices {
    private final Map<ServiceTier, List<RateCard>> byTier = new EnumMap<>(ServiceTier.class);
    private final CardTable[] tables = new CardTable[ServiceTier.values().length];

    List<RateCard> of(ServiceTier tier) {
      return byTier.getOrDefault(tier, List.of());
    }

    /** Puts the cards into the order in which they are tried. */
    void sort(Map<Rate, CardRates.BucketRate> shared) {
      byTier.replaceAll((tier, list) -> list.stream().sorted(MOST_SPECIFIC_FIRST).toList());
      Arrays.fill(tables, CardTable.EMPTY);
      byTier.forEach((tier, list) -> tables[tier.index()] = new CardTable(list, shared));
    }

    /** The card that prices a call, or null where none fits. */
    @Nullable CardRates pick(ServiceTier tier, RegionScope region, long inputTotal, Instant at) {
      return tables[tier.index()].pick(region, inputTotal, at);
    }
  }

  SurfaceIndex(String surface, List<RateCard> cards, Map<String, String> overrides) {
    this.overrides = Map.copyOf(overrides);
    for (RateCard card : cards) {
      addCard(card);
    }
    for (RateCard card : cards) {
      for (ModelName name : card.names()) {
        addName(surface, card.canonicalModel(), name);
      }
    }
    checkPatterns(surface);
    checkOverrides(surface);
    Map<Rate, CardRates.BucketRate> shared = new HashMap<>();
    byModel.values().forEach(prices -> prices.sort(shared));
  }

  /** What the name means; remembers it, unknown names too. */
  Resolved resolve(String rawModel) {
    Resolved known = resolvedByRawName.get(rawModel);
    if (known != null) {
      return known;
    }
    ModelResolution resolution = resolveAnew(rawModel);
    String model = resolution.canonicalModel();
    Resolved resolved = new Resolved(resolution, model == null ? null : byModel.get(model));
    if (resolvedByRawName.size() >= MAX_CACHED_NAMES) {
      // Emptied rather than frozen: a burst of invented names must not lock real ones out.
      resolvedByRawName.clear();
    }
    resolvedByRawName.put(rawModel, resolved);
    return resolved;
  }

  int cachedNames() {
    return resolvedByRawName.size();
  }

  private ModelResolution resolveAnew(String raw) {
    ModelCanonicaliser stripped = ModelCanonicaliser.of(raw);
    RegionScope region = stripped.regionScope();
    ServiceTier tier = stripped.serviceTier();
    String override = overrides.get(raw);
    if (override != null) {
      return new ModelResolution(override, region, tier, ModelStep.OVERRIDE);
    }
    if (byModel.containsKey(raw)) {
      return new ModelResolution(raw, region, tier, ModelStep.EXACT);
    }
    String alias = aliases.get(raw);
    if (alias != null) {
      return new ModelResolution(alias, region, tier, ModelStep.ALIAS);
    }
    for (String candidate : stripped.candidates()) {
      if (excluded.containsKey(candidate)) {
        return new ModelResolution(null, region, tier, ModelStep.EXCLUDED);
      }
      String canonical = canonicalByLowerCase.get(candidate);
      canonical = canonical != null ? canonical : aliasesByLowerCase.get(candidate);
      if (canonical != null) {
        return new ModelResolution(canonical, region, tier, ModelStep.CANONICAL);
      }
    }
    String byPattern = firstPattern(stripped.candidates());
    return byPattern == null
        ? new ModelResolution(null, region, tier, ModelStep.UNKNOWN)
        : new ModelResolution(byPattern, region, tier, ModelStep.PATTERN);
  }

  private @Nullable String firstPattern(List<String> candidates) {
    for (Pattern pattern : patterns) {
      for (String candidate : candidates) {
        if (Glob.matches(pattern.glob(), candidate)) {
          return pattern.canonicalModel();
        }
      }
    }
    return null;
  }

  private void addCard(RateCard card) {
    String model = card.canonicalModel();
    String before = canonicalByLowerCase.putIfAbsent(lower(model), model);
    if (before != null && !before.equals(model)) {
      throw new CatalogueConflict(
          "models " + before + " and " + model + " differ by case only",
          CatalogueConflict.model(card.surface(), before),
          CatalogueConflict.model(card.surface(), model));
    }
    Prices prices = byModel.computeIfAbsent(model, unused -> new Prices());
    List<RateCard> list =
        prices.byTier.computeIfAbsent(card.serviceTier(), unused -> new ArrayList<>());
    for (RateCard other : list) {
      if (card.overlaps(other)) {
        throw new CatalogueConflict(
            "cards "
                + other.id()
                + " and "
                + card.id()
                + " have equal keys and overlapping validity",
            CatalogueConflict.card(other.id()),
            CatalogueConflict.card(card.id()));
      }
    }
    list.add(card);
  }

  private void addName(String surface, String model, ModelName name) {
    String value = lower(name.value());
    switch (name.kind()) {
      case ALIAS -> {
        String taken =
            canonicalByLowerCase.getOrDefault(value, aliasesByLowerCase.getOrDefault(value, model));
        requireSame(surface, name, taken, model);
        aliases.put(name.value(), model);
        aliasesByLowerCase.put(value, model);
      }
      case NOT -> excluded.put(value, model);
      case PATTERN -> {
        Pattern pattern = new Pattern(value, name.priority(), model);
        if (!patterns.contains(pattern)) {
          patterns.add(pattern);
        }
      }
    }
    if (excluded.containsKey(value)
        && (canonicalByLowerCase.containsKey(value) || aliasesByLowerCase.containsKey(value))) {
      String key = CatalogueConflict.name(surface, model, name.kind(), name.value());
      throw new CatalogueConflict(
          name.value() + " is both named and excluded on surface " + surface, key, key);
    }
  }

  private static void requireSame(String surface, ModelName name, String taken, String model) {
    if (!taken.equals(model)) {
      throw new CatalogueConflict(
          "alias "
              + name.value()
              + " on surface "
              + surface
              + " means both "
              + taken
              + " and "
              + model,
          CatalogueConflict.model(surface, taken),
          CatalogueConflict.name(surface, model, name.kind(), name.value()));
    }
  }

  private void checkPatterns(String surface) {
    patterns.sort(
        Comparator.comparingInt(Pattern::priority).reversed().thenComparing(Pattern::glob));
    for (int i = 0; i < patterns.size(); i++) {
      for (int j = i + 1; j < patterns.size(); j++) {
        Pattern a = patterns.get(i);
        Pattern b = patterns.get(j);
        if (a.priority() == b.priority()
            && !a.canonicalModel().equals(b.canonicalModel())
            && Glob.intersect(a.glob(), b.glob())) {
          throw new CatalogueConflict(
              "patterns %s (%s) and %s (%s) of surface %s can match one name at equal priority %d"
                  .formatted(
                      a.glob(),
                      a.canonicalModel(),
                      b.glob(),
                      b.canonicalModel(),
                      surface,
                      a.priority()),
              patternKey(surface, a),
              patternKey(surface, b));
        }
      }
    }
  }

  private static String patternKey(String surface, Pattern pattern) {
    return CatalogueConflict.name(
        surface, pattern.canonicalModel(), ModelName.Kind.PATTERN, pattern.glob());
  }

  private void checkOverrides(String surface) {
    overrides.forEach(
        (raw, model) -> {
          if (!byModel.containsKey(model)) {
            String key = CatalogueConflict.override(surface, raw);
            throw new CatalogueConflict(
                "override "
                    + raw
                    + " on surface "
                    + surface
                    + " names a model without a card: "
                    + model,
                key,
                key);
          }
        });
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }
}
