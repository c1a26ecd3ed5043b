package dev.tributary.pricing;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads catalogues from YAML; the module's README describes the format. A text with any error is
 * refused whole, with source name, line and field.
 */
public final class CatalogueReader {

  private static final Set<String> FILE_FIELDS =
      Set.of(
          "surface", "surfaces", "currency", "layer", "source", "sources", "models", "overrides");
  private static final Set<String> MODEL_FIELDS =
      Set.of("model", "surfaces", "aliases", "not", "patterns", "cards");
  private static final Set<String> PATTERN_FIELDS = Set.of("glob", "priority");
  private static final Set<String> CARD_FIELDS =
      Set.of(
          "id",
          "tier",
          "region",
          "uplifts",
          "context",
          "window",
          "from",
          "until",
          "rates",
          "priced_as",
          "free",
          "source");
  private static final Set<String> SOURCE_FIELDS = Set.of("name", "version", "url", "entry");
  private static final Set<String> WINDOW_FIELDS = Set.of("from", "to", "days");
  private static final Set<String> RATE_FIELDS = Set.of("amount", "per");
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
      String name = text.getKey();
      CatalogueReader reader = new CatalogueReader();
      reader.readFile(YamlFields.parse(name, text.getValue()));
      // Per text first, so that an error names the one text it is in.
      index(version, name, reader.cards, List.of());
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
            field -> field.mapping().forEach((key, source) -> sources.put(key, source(source))));
    file.find("models").ifPresent(field -> field.items().forEach(this::readModel));
    file.find("overrides").ifPresent(field -> field.items().forEach(this::readOverride));
  }

  private void readModel(YamlFields item) {
    YamlMapping model = item.mapping(MODEL_FIELDS);
    String canonical = model.need("model").text();
    List<String> surfaces = surfaces(model);
    surfaces = surfaces.isEmpty() ? fileSurfaces : surfaces;
    if (surfaces.isEmpty()) {
      throw item.refuse("names no surface, and neither does the file");
    }
    List<ModelName> names = names(model);
    for (YamlFields card : model.need("cards").items()) {
      for (String surface : surfaces) {
        readCard(card, surface, canonical, names);
      }
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
            field ->
                field
                    .items()
                    .forEach(alias -> names.add(alias.convert("a model name", ModelName::alias))));
    model
        .find("not")
        .ifPresent(
            field ->
                field
                    .items()
                    .forEach(other -> names.add(other.convert("a model name", ModelName::not))));
    model
        .find("patterns")
        .ifPresent(
            field -> {
              for (YamlFields item : field.items()) {
                YamlMapping pattern = item.mapping(PATTERN_FIELDS);
                long priority = pattern.find("priority").map(YamlFields::whole).orElse(0L);
                names.add(
                    pattern
                        .need("glob")
                        .convert(
                            "a glob", glob -> ModelName.pattern(glob, Math.toIntExact(priority))));
              }
            });
    return names;
  }

  private void readCard(YamlFields item, String surface, String canonical, List<ModelName> names) {
    YamlMapping card = item.mapping(CARD_FIELDS);
    Map<Bucket, Rate> rates = rates(card.need("rates"));
    RegionScope region =
        card.find("region")
            .map(field -> field.convert("a region scope", RegionScope::ofWireName))
            .orElse(RegionScope.ANY);
    RateCardBuilder builder = conditions(card, surface, canonical, names).region(region);
    String id = card.optionalText("id");
    add(item, builder, rates, id);
    card.find("uplifts")
        .ifPresent(
            field -> {
              for (Map.Entry<String, YamlFields> uplift : field.mapping().entrySet()) {
                RegionScope scope = RegionScope.ofWireName(uplift.getKey());
                if (scope == null) {
                  throw uplift.getValue().refuse("must be named after a region scope");
                }
                RateCardBuilder uplifted =
                    conditions(card, surface, canonical, names).region(scope);
                add(
                    uplift.getValue(),
                    uplifted,
                    uplifted(rates, uplift.getValue()),
                    id == null ? null : id + "|" + uplift.getKey());
              }
            });
  }

  private RateCardBuilder conditions(
      YamlMapping card, String surface, String canonical, List<ModelName> names) {
    RateCardBuilder builder =
        RateCard.builder(surface, canonical).names(names).currency(currency).layer(layer);
    card.find("tier")
        .ifPresent(field -> builder.tier(field.convert("a service tier", CatalogueReader::tier)));
    card.find("context")
        .ifPresent(
            field ->
                builder.context(
                    field.convert("as '> 200000' or '>= 200000'", CatalogueReader::context)));
    card.find("window").ifPresent(field -> builder.window(window(field)));
    card.find("from")
        .ifPresent(
            field -> {
              builder.from(
                  field.convert(
                      "a UTC date or a moment as 2026-08-21T00:00:00Z", CatalogueReader::moment));
            });
    card.find("until")
        .ifPresent(
            field -> {
              builder.until(
                  field.convert(
                      "a UTC date or a moment as 2026-08-21T00:00:00Z", CatalogueReader::moment));
            });
    card.find("priced_as")
        .ifPresent(
            field -> {
              for (Map.Entry<String, YamlFields> rule : field.mapping().entrySet()) {
                builder.pricedAs(
                    bucket(rule.getKey(), rule.getValue()),
                    rule.getValue().convert("a bucket", Bucket::ofWireName));
              }
            });
    card.find("free").ifPresent(field -> builder.free(field.bool()));
    return builder.source(source(card.need("source")));
  }

  private void add(
      YamlFields item, RateCardBuilder builder, Map<Bucket, Rate> rates, @Nullable String id) {
    rates.forEach(builder::rate);
    if (id != null) {
      builder.id(id);
    }
    try {
      cards.add(builder.build());
    } catch (IllegalArgumentException e) {
      throw item.refuse(e);
    }
  }

  /** An uplift raises the price of tokens, not the fees beside them. */
  private static Map<Bucket, Rate> uplifted(Map<Bucket, Rate> rates, YamlFields factor) {
    Map<Bucket, Rate> uplifted = new EnumMap<>(Bucket.class);
    if (factor.decimal().signum() <= 0) {
      throw factor.refuse("must be positive");
    }
    rates.forEach(
        (bucket, rate) ->
            uplifted.put(
                bucket,
                bucket.isToken()
                    ? new Rate(rate.amount().multiply(factor.decimal()), rate.per())
                    : rate));
    return uplifted;
  }

  private static Map<Bucket, Rate> rates(YamlFields field) {
    Map<Bucket, Rate> rates = new EnumMap<>(Bucket.class);
    field
        .mapping()
        .forEach((name, rate) -> rates.put(bucket(name, rate), rate(bucket(name, rate), rate)));
    return rates;
  }

  private static Rate rate(Bucket bucket, YamlFields field) {
    try {
      if (field.isMapping()) {
        YamlMapping rate = field.mapping(RATE_FIELDS);
        return new Rate(rate.need("amount").decimal(), rate.need("per").whole());
      }
      if (!bucket.isToken()) {
        throw field.refuse("is not counted in tokens: write {amount: …, per: …}");
      }
      return new Rate(field.decimal(), Rate.PER_MILLION);
    } catch (IllegalArgumentException e) {
      throw field.refuse(e);
    }
  }

  private static Bucket bucket(String name, YamlFields field) {
    Bucket bucket = Bucket.ofWireName(name);
    if (bucket == null) {
      throw field.refuse(
          "unknown bucket; allowed are " + Bucket.ALL.stream().map(Bucket::wireName).toList());
    }
    return bucket;
  }

  private RateSource source(YamlFields field) {
    if (!field.isMapping()) {
      RateSource known = sources.get(field.text());
      if (known == null) {
        throw field.refuse("names no entry of 'sources': " + field.text());
      }
      return known;
    }
    YamlMapping source = field.mapping(SOURCE_FIELDS);
    return new RateSource(
        source.need("name").text(),
        source.optionalText("version"),
        source.optionalText("url"),
        source.optionalText("entry"));
  }

  private void readOverride(YamlFields item) {
    YamlMapping override = item.mapping(OVERRIDE_FIELDS);
    overrides.add(
        new ModelOverride(
            override.need("surface").text(),
            override.need("name").text(),
            override.need("model").text()));
  }

  private static TimeWindow window(YamlFields field) {
    YamlMapping window = field.mapping(WINDOW_FIELDS);
    Set<DayOfWeek> days = new HashSet<>();
    window
        .find("days")
        .ifPresent(
            list -> {
              for (YamlFields day : list.items()) {
                days.add(
                    day.convert(
                        "a weekday as monday",
                        text -> DayOfWeek.valueOf(text.toUpperCase(Locale.ROOT))));
              }
            });
    try {
      return new TimeWindow(
          window.need("from").convert("a UTC time as 00:30", LocalTime::parse),
          window.need("to").convert("a UTC time as 00:30", LocalTime::parse),
          days);
    } catch (IllegalArgumentException e) {
      throw field.refuse(e);
    }
  }

  private static @Nullable ServiceTier tier(String text) {
    for (ServiceTier tier : ServiceTier.values()) {
      if (tier.wireName().equals(text)) {
        return tier;
      }
    }
    return null;
  }

  /** Reads {@code > 200000} or {@code >= 200000}. */
  static @Nullable ContextTier context(String text) {
    String op = text.startsWith(">=") ? ">=" : text.startsWith(">") ? ">" : "";
    ContextTier.Op known = ContextTier.Op.ofSymbol(op);
    return known == null
        ? null
        : new ContextTier(known, Long.parseLong(text.substring(op.length()).strip()));
  }

  /** A date means its first moment in UTC. */
  static Instant moment(String text) {
    return text.length() == 10
        ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
        : Instant.parse(text);
  }
}
