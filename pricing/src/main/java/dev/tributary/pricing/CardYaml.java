package dev.tributary.pricing;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One item of a model's list of cards in a catalogue text: the card itself and one more for each
 * regional uplift.
 *
 * @param model what the card inherits from its model and file
 * @param item where it stands
 * @param card its fields
 * @param rates its rates before any uplift
 */
record CardYaml(Model model, YamlFields item, YamlMapping card, Map<Bucket, Rate> rates) {

  private static final String MOMENT = "a UTC date or a moment as 2026-08-21T00:00:00Z";

  private static final Set<String> CARD_FIELDS =
      Set.of(
          "id",
          "tier",
          "region",
          "uplifts",
          "context",
          "up_to",
          "window",
          "from",
          "until",
          "rates",
          "priced_as",
          "fallback",
          "minimum",
          "free",
          "source");
  private static final Set<String> SOURCE_FIELDS =
      Set.of("name", "version", "url", "entry", "retrieved");
  private static final Set<String> WINDOW_FIELDS = Set.of("from", "to", "days");
  private static final Set<String> RATE_FIELDS = Set.of("amount", "per");

  /**
   * What all cards of a model share.
   *
   * @param pricedAs rules that hold on each card where they can: where the bucket has no rate of
   *     its own and the other has one
   * @param fallback what holds for a bucket with neither a rate nor a rule, where the card does not
   *     say
   * @param sources the file's named sources
   */
  record Model(
      String surface,
      String canonicalModel,
      List<ModelName> names,
      Map<Bucket, Bucket> pricedAs,
      Fallback fallback,
      String currency,
      Layer layer,
      Map<String, RateSource> sources) {}

  static List<RateCard> read(Model model, YamlFields item) {
    YamlMapping card = item.mapping(CARD_FIELDS);
    return new CardYaml(model, item, card, rates(card.need("rates"))).cards();
  }

  /** Rules as {@code out.reasoning: out.text}. */
  static Map<Bucket, Bucket> pricedAs(YamlFields field) {
    Map<Bucket, Bucket> rules = new EnumMap<>(Bucket.class);
    field
        .mapping()
        .forEach(
            (name, other) ->
                rules.put(bucket(name, other), other.convert("a bucket", Bucket::ofWireName)));
    return rules;
  }

  /** A source written out, or the name of one of the file's. */
  static RateSource source(YamlFields field, Map<String, RateSource> known) {
    if (!field.isMapping()) {
      RateSource source = known.get(field.text());
      if (source == null) {
        throw field.refuse("names no entry of 'sources': " + field.text());
      }
      return source;
    }
    YamlMapping source = field.mapping(SOURCE_FIELDS);
    return new RateSource(
        source.need("name").text(),
        source.optionalText("version"),
        source.optionalText("url"),
        source.optionalText("entry"),
        source
            .find("retrieved")
            .map(day -> day.convert("a date as 2026-09-23", LocalDate::parse))
            .orElse(null));
  }

  /** {@code none} or {@code parent}. */
  static Fallback fallback(YamlFields field) {
    return field.convert("none or parent", Fallback::ofWireName);
  }

  private List<RateCard> cards() {
    List<RateCard> cards = new ArrayList<>();
    RegionScope region =
        card.find("region")
            .map(field -> field.convert("a region scope", RegionScope::ofWireName))
            .orElse(RegionScope.ANY);
    String id = card.optionalText("id");
    cards.add(build(item, region, rates, id));
    card.find("uplifts")
        .ifPresent(
            uplifts ->
                uplifts
                    .mapping()
                    .forEach(
                        (scope, factor) ->
                            cards.add(
                                build(
                                    factor,
                                    uplifted(scope, factor),
                                    uplifted(factor),
                                    id == null ? null : id + "|" + scope))));
    return cards;
  }

  private RateCard build(
      YamlFields place, RegionScope region, Map<Bucket, Rate> rates, @Nullable String id) {
    RateCardBuilder builder =
        RateCard.builder(model.surface(), model.canonicalModel())
            .names(model.names())
            .currency(model.currency())
            .layer(model.layer())
            .fallback(card.find("fallback").map(CardYaml::fallback).orElse(model.fallback()))
            .region(region)
            .source(source(card.need("source"), model.sources()));
    conditions(builder);
    rates.forEach(builder::rate);
    model
        .pricedAs()
        .forEach(
            (bucket, other) -> {
              if (!rates.containsKey(bucket) && rates.containsKey(other)) {
                builder.pricedAs(bucket, other);
              }
            });
    card.find("minimum").ifPresent(field -> minimums(field).forEach(builder::minimum));
    card.find("priced_as").ifPresent(field -> pricedAs(field).forEach(builder::pricedAs));
    if (id != null) {
      builder.id(id);
    }
    try {
      return builder.build();
    } catch (IllegalArgumentException e) {
      throw place.refuse(e);
    }
  }

  private void conditions(RateCardBuilder builder) {
    card.find("tier")
        .ifPresent(field -> builder.tier(field.convert("a service tier", CardYaml::tier)));
    card.find("context")
        .ifPresent(
            field ->
                builder.context(field.convert("as '> 200000' or '>= 200000'", CardYaml::context)));
    card.find("up_to").ifPresent(field -> builder.upTo(field.whole()));
    card.find("window").ifPresent(field -> builder.window(window(field)));
    card.find("from").ifPresent(field -> builder.from(field.convert(MOMENT, CardYaml::moment)));
    card.find("until").ifPresent(field -> builder.until(field.convert(MOMENT, CardYaml::moment)));
    card.find("free").ifPresent(field -> builder.free(field.bool()));
  }

  private static RegionScope uplifted(String scope, YamlFields factor) {
    RegionScope region = RegionScope.ofWireName(scope);
    if (region == null) {
      throw factor.refuse("must be named after a region scope");
    }
    return region;
  }

  /** An uplift raises the price of tokens, not the fees beside them. */
  private Map<Bucket, Rate> uplifted(YamlFields factor) {
    if (factor.decimal().signum() <= 0) {
      throw factor.refuse("must be positive");
    }
    Map<Bucket, Rate> uplifted = new EnumMap<>(Bucket.class);
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

  /** Counts as {@code seconds: 10}. */
  private static Map<Bucket, Long> minimums(YamlFields field) {
    Map<Bucket, Long> minimums = new EnumMap<>(Bucket.class);
    field
        .mapping()
        .forEach(
            (name, count) -> {
              Bucket bucket = bucket(name, count);
              if (bucket.isToken() || count.whole() <= 0) {
                throw count.refuse("must be a count above 0 of units that are no tokens");
              }
              minimums.put(bucket, count.whole());
            });
    return minimums;
  }

  private static Bucket bucket(String name, YamlFields field) {
    Bucket bucket = Bucket.ofWireName(name);
    if (bucket == null) {
      throw field.refuse(
          "unknown bucket; allowed are " + Bucket.ALL.stream().map(Bucket::wireName).toList());
    }
    return bucket;
  }

  private static TimeWindow window(YamlFields field) {
    YamlMapping window = field.mapping(WINDOW_FIELDS);
    Set<DayOfWeek> days = new HashSet<>();
    window
        .find("days")
        .ifPresent(
            list ->
                list.items()
                    .forEach(
                        day ->
                            days.add(
                                day.convert(
                                    "a weekday as monday",
                                    text -> DayOfWeek.valueOf(text.toUpperCase(Locale.ROOT))))));
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
  private static @Nullable ContextTier context(String text) {
    String op = text.startsWith(">=") ? ">=" : text.startsWith(">") ? ">" : "";
    ContextTier.Op known = ContextTier.Op.ofSymbol(op);
    return known == null
        ? null
        : new ContextTier(known, Long.parseLong(text.substring(op.length()).strip()));
  }

  /** A date means its first moment in UTC. */
  private static Instant moment(String text) {
    return text.length() == 10
        ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
        : Instant.parse(text);
  }
}
