package dev.tributary.pricing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * All rate cards of one version, indexed. Immutable and safe for use by many threads; the order in
 * which cards are given does not matter.
 */
public final class Catalogue {

  /** The one currency of the ledger. */
  public static final String LEDGER_CURRENCY = "USD";

  private static final ModelResolution UNKNOWN =
      new ModelResolution(null, null, null, ModelStep.UNKNOWN);

  private final String version;
  private final List<RateCard> cards;
  private final List<ModelOverride> overrides;
  private final Map<String, SurfaceIndex> bySurface = new HashMap<>();
  private final Map<String, RateCard> byId = new HashMap<>();

  private Catalogue(String version, List<RateCard> cards, List<ModelOverride> overrides) {
    this.version = version;
    this.cards = List.copyOf(cards);
    this.overrides = List.copyOf(overrides);
    Map<String, List<RateCard>> cardsBySurface = new TreeMap<>();
    for (RateCard card : cards) {
      requireCurrency(card);
      cardsBySurface.computeIfAbsent(card.surface(), unused -> new ArrayList<>()).add(card);
    }
    Map<String, Map<String, String>> overridesBySurface =
        overridesBySurface(overrides, cardsBySurface.keySet());
    cardsBySurface.forEach(
        (surface, list) ->
            bySurface.put(
                surface,
                new SurfaceIndex(
                    surface, list, overridesBySurface.getOrDefault(surface, Map.of()))));
    // After the keys: equal keys make equal ids, and the keys say more.
    for (RateCard card : cards) {
      if (byId.put(card.id(), card) != null) {
        String key = CatalogueConflict.card(card.id());
        throw new CatalogueConflict("two cards have the id " + card.id(), key, key);
      }
    }
  }

  /** As {@link #of(String, List, List)} without overrides. */
  public static Catalogue of(String version, List<RateCard> cards) {
    return new Catalogue(version, cards, List.of());
  }

  /**
   * Indexes cards.
   *
   * @param version stamped on every cost
   * @param cards in any order
   * @param overrides a tenant's own names of models
   * @throws IllegalArgumentException when two cards of equal key overlap in time, ids repeat, a
   *     card is in another currency than the ledger, an alias or pattern is ambiguous, or an
   *     override names a model without a card
   */
  public static Catalogue of(String version, List<RateCard> cards, List<ModelOverride> overrides) {
    return new Catalogue(version, cards, overrides);
  }

  /** The version stamped on every cost. */
  public String version() {
    return version;
  }

  /** All cards, in the order given. */
  public List<RateCard> cards() {
    return cards;
  }

  /** The overrides, in the order given. */
  public List<ModelOverride> overrides() {
    return overrides;
  }

  /** The card of that id, or null. */
  public @Nullable RateCard card(String id) {
    return byId.get(id);
  }

  /** The surfaces that sell anything, sorted. */
  public Set<String> surfaces() {
    return new TreeSet<>(bySurface.keySet());
  }

  /** The canonical models of a surface, sorted; empty for an unknown one. */
  public Set<String> models(String surface) {
    Set<String> models = new TreeSet<>();
    for (RateCard card : cards) {
      if (card.surface().equals(surface)) {
        models.add(card.canonicalModel());
      }
    }
    return models;
  }

  /** What a raw model name means on a surface; an unknown surface knows no models. */
  public ModelResolution resolve(String surface, String rawModel) {
    SurfaceIndex index = bySurface.get(surface);
    return index == null ? UNKNOWN : index.resolve(rawModel).resolution();
  }

  /** The index of a surface, or null where nobody bills under that name. */
  @Nullable SurfaceIndex surface(String name) {
    return bySurface.get(name);
  }

  private static void requireCurrency(RateCard card) {
    if (!card.currency().equals(LEDGER_CURRENCY)) {
      String key = CatalogueConflict.card(card.id());
      throw new CatalogueConflict(
          "card "
              + card.id()
              + " is in "
              + card.currency()
              + ", but the ledger's currency is "
              + LEDGER_CURRENCY,
          key,
          key);
    }
  }

  private static Map<String, Map<String, String>> overridesBySurface(
      List<ModelOverride> overrides, Set<String> surfaces) {
    Map<String, Map<String, String>> bySurface = new HashMap<>();
    for (ModelOverride override : overrides) {
      if (!surfaces.contains(override.surface())) {
        throw conflict(
            override,
            "override "
                + override.rawModel()
                + " names a surface without cards: "
                + override.surface());
      }
      String before =
          bySurface
              .computeIfAbsent(override.surface(), unused -> new HashMap<>())
              .put(override.rawModel(), override.canonicalModel());
      if (before != null && !before.equals(override.canonicalModel())) {
        throw conflict(
            override,
            "override "
                + override.rawModel()
                + " means both "
                + before
                + " and "
                + override.canonicalModel());
      }
    }
    return bySurface;
  }

  private static CatalogueConflict conflict(ModelOverride override, String message) {
    String key = CatalogueConflict.override(override.surface(), override.rawModel());
    return new CatalogueConflict(message, key, key);
  }
}
