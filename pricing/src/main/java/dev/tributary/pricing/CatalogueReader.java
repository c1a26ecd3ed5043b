package dev.tributary.pricing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Reads catalogues from YAML; the module's README describes the format. A text with any error is
 * refused whole, with source name, line and field.
 */
public final class CatalogueReader {

  private static final Set<String> FILE_FIELDS =
      Set.of("surface", "surfaces", "currency", "layer", "sources", "models", "overrides");
  private static final Set<String> MODEL_FIELDS =
      Set.of(
          "model",
          "surface",
          "surfaces",
          "aliases",
          "not",
          "patterns",
          "priced_as",
          "fallback",
          "cards");
  private static final Set<String> PATTERN_FIELDS = Set.of("glob", "priority");
  private static final Set<String> OVERRIDE_FIELDS = Set.of("surface", "name", "model");

  private final Map<String, RateSource> sources = new HashMap<>();
  private final Places places = new Places();
  private final List<RateCard> cards = new ArrayList<>();
  private final List<ModelOverride> overrides = new ArrayList<>();
  private List<String> fileSurfaces = List.of();
  private String currency = "USD";
  private Layer layer = Layer.CURATED;

  private CatalogueReader() {}

  /**
   * Reads one text.
   *
   * @param version stamped on every cost
   * @param sourceName named in errors, as a file name
   * @throws CatalogueException when anything in it is wrong
   */
  public static Catalogue read(String version, String sourceName, String yaml) {
    return readAll(version, Map.of(sourceName, yaml));
  }

  /**
   * Reads several texts into one catalogue.
   *
   * @param version stamped on every cost
   * @param yamlBySourceName the texts; none may contradict another
   * @throws CatalogueException when anything in any of them is wrong
   */
  public static Catalogue readAll(String version, Map<String, String> yamlBySourceName) {
    List<RateCard> cards = new ArrayList<>();
    List<ModelOverride> overrides = new ArrayList<>();
    Places places = new Places();
    SortedMap<String, String> texts = new TreeMap<>(yamlBySourceName);
    for (Map.Entry<String, String> text : texts.entrySet()) {
      CatalogueReader reader = new CatalogueReader();
      reader.readFile(YamlFields.parse(text.getKey(), text.getValue()));
      // Each text alone first, so that an error names the one text it is in.
      index(version, text.getKey(), reader.cards, List.of(), reader.places);
      places.addAll(reader.places);
      cards.addAll(reader.cards);
      overrides.addAll(reader.overrides);
    }
    String names = String.join(", ", texts.keySet());
    Catalogue catalogue = index(version, names, cards, overrides, places);
    try {
      // Over all texts at once: what one leaves out may stand in another.
      CardGaps.check(cards);
    } catch (CatalogueConflict e) {
      throw places.refuse(names, e);
    }
    return catalogue;
  }

  private static Catalogue index(
      String version,
      String sourceName,
      List<RateCard> cards,
      List<ModelOverride> overrides,
      Places places) {
    try {
      return Catalogue.of(version, cards, overrides);
    } catch (CatalogueConflict e) {
      throw places.refuse(sourceName, e);
    }
  }

  private void readFile(YamlFields root) {
    YamlMapping file = root.mapping(FILE_FIELDS);
    fileSurfaces = surfaces(file);
    file.find("currency").ifPresent(field -> currency = currency(field));
    file.find("layer")
        .ifPresent(
            field ->
                layer = field.convert("contract, tenant, curated or imported", Layer::ofWireName));
    file.find("sources")
        .ifPresent(
            field ->
                field
                    .mapping()
                    .forEach((key, source) -> sources.put(key, CardYaml.source(source, Map.of()))));
    file.find("models").ifPresent(field -> field.items().forEach(this::readModel));
    file.find("overrides").ifPresent(field -> field.items().forEach(this::readOverride));
  }

  private static String currency(YamlFields field) {
    if (!field.text().equals(Catalogue.LEDGER_CURRENCY)) {
      throw field.refuse(
          "must be the ledger's currency "
              + Catalogue.LEDGER_CURRENCY
              + ", but is "
              + field.text());
    }
    return field.text();
  }

  private void readModel(YamlFields item) {
    YamlMapping fields = item.mapping(MODEL_FIELDS);
    List<String> own = surfaces(fields);
    List<String> surfaces = own.isEmpty() ? fileSurfaces : own;
    if (surfaces.isEmpty()) {
      throw item.refuse("names no surface, and neither does the file");
    }
    String canonical = fields.need("model").text();
    Map<ModelName, YamlFields> namePlaces = names(fields);
    List<ModelName> names = List.copyOf(namePlaces.keySet());
    Map<Bucket, Bucket> pricedAs =
        fields.find("priced_as").map(CardYaml::pricedAs).orElse(Map.of());
    Fallback fallback = fields.find("fallback").map(CardYaml::fallback).orElse(Fallback.NONE);
    for (String surface : surfaces) {
      CardYaml.Model model =
          new CardYaml.Model(
              surface, canonical, names, pricedAs, fallback, currency, layer, sources);
      places.add(CatalogueConflict.model(surface, canonical), fields.need("model"));
      namePlaces.forEach(
          (name, place) ->
              places.add(
                  CatalogueConflict.name(surface, canonical, name.kind(), name.value()), place));
      fields.need("cards").items().forEach(card -> readCards(model, card));
    }
  }

  private void readCards(CardYaml.Model model, YamlFields item) {
    for (RateCard card : CardYaml.read(model, item)) {
      places.add(CatalogueConflict.card(card.id()), item);
      cards.add(card);
    }
  }

  private static List<String> surfaces(YamlMapping fields) {
    List<String> surfaces = new ArrayList<>();
    fields.find("surface").ifPresent(field -> surfaces.add(field.text()));
    fields
        .find("surfaces")
        .ifPresent(field -> field.items().forEach(surface -> surfaces.add(surface.text())));
    return surfaces;
  }

  private static Map<ModelName, YamlFields> names(YamlMapping model) {
    Map<ModelName, YamlFields> names = new LinkedHashMap<>();
    model
        .find("aliases")
        .ifPresent(
            list ->
                list.items()
                    .forEach(
                        name -> names.put(name.convert("a model name", ModelName::alias), name)));
    model
        .find("not")
        .ifPresent(
            list ->
                list.items()
                    .forEach(
                        name -> names.put(name.convert("a model name", ModelName::not), name)));
    model
        .find("patterns")
        .ifPresent(list -> list.items().forEach(item -> names.put(pattern(item), item)));
    return names;
  }

  private static ModelName pattern(YamlFields item) {
    YamlMapping pattern = item.mapping(PATTERN_FIELDS);
    int priority =
        pattern
            .find("priority")
            .map(field -> field.<Integer>convert("a whole number", Integer::parseInt))
            .orElse(0);
    return pattern.need("glob").convert("a glob", glob -> ModelName.pattern(glob, priority));
  }

  private void readOverride(YamlFields item) {
    YamlMapping override = item.mapping(OVERRIDE_FIELDS);
    ModelOverride stated =
        new ModelOverride(
            override.need("surface").text(),
            override.need("name").text(),
            override.need("model").text());
    places.add(CatalogueConflict.override(stated.surface(), stated.rawModel()), item);
    overrides.add(stated);
  }
}
