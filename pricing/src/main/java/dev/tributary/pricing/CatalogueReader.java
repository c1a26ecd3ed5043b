package dev.tributary.pricing;

import java.util.ArrayList;
import java.util.HashMap;
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
      Set.of("model", "surface", "surfaces", "aliases", "not", "patterns", "priced_as", "cards");
  private static final Set<String> PATTERN_FIELDS = Set.of("glob", "priority");
  private static final Set<String> OVERRIDE_FIELDS = Set.of("surface", "name", "model");

  private final Map<String, RateSource> sources = new HashMap<>();
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
    SortedMap<String, String> texts = new TreeMap<>(yamlBySourceName);
    for (Map.Entry<String, String> text : texts.entrySet()) {
      CatalogueReader reader = new CatalogueReader();
      reader.readFile(YamlFields.parse(text.getKey(), text.getValue()));
      // Each text alone first, so that an error names the one text it is in.
      index(version, text.getKey(), reader.cards, List.of());
      cards.addAll(reader.cards);
      overrides.addAll(reader.overrides);
    }
    return index(version, String.join(", ", texts.keySet()), cards, overrides);
  }

  private static Catalogue index(
      String version, String sourceName, List<RateCard> cards, List<ModelOverride> overrides) {
    try {
      return Catalogue.of(version, cards, overrides);
    } catch (IllegalArgumentException e) {
      throw new CatalogueException(sourceName, 0, "", String.valueOf(e.getMessage()), e);
    }
  }

  private void readFile(YamlFields root) {
    YamlMapping file = root.mapping(FILE_FIELDS);
    fileSurfaces = surfaces(file);
    file.find("currency").ifPresent(field -> currency = field.text());
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

  private void readModel(YamlFields item) {
    YamlMapping fields = item.mapping(MODEL_FIELDS);
    List<String> own = surfaces(fields);
    List<String> surfaces = own.isEmpty() ? fileSurfaces : own;
    if (surfaces.isEmpty()) {
      throw item.refuse("names no surface, and neither does the file");
    }
    String canonical = fields.need("model").text();
    List<ModelName> names = names(fields);
    Map<Bucket, Bucket> pricedAs =
        fields.find("priced_as").map(CardYaml::pricedAs).orElse(Map.of());
    for (String surface : surfaces) {
      CardYaml.Model model =
          new CardYaml.Model(surface, canonical, names, pricedAs, currency, layer, sources);
      fields.need("cards").items().forEach(card -> cards.addAll(CardYaml.read(model, card)));
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

  private static List<ModelName> names(YamlMapping model) {
    List<ModelName> names = new ArrayList<>();
    model
        .find("aliases")
        .ifPresent(
            list ->
                list.items()
                    .forEach(name -> names.add(name.convert("a model name", ModelName::alias))));
    model
        .find("not")
        .ifPresent(
            list ->
                list.items()
                    .forEach(name -> names.add(name.convert("a model name", ModelName::not))));
    model
        .find("patterns")
        .ifPresent(list -> list.items().forEach(item -> names.add(pattern(item))));
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
    overrides.add(
        new ModelOverride(
            override.need("surface").text(),
            override.need("name").text(),
            override.need("model").text()));
  }
}
