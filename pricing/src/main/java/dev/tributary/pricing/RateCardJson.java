package dev.tributary.pricing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One rate card as one JSON text, the form in which cards travel. {@code parse(print(card))} equals
 * the card; equal cards print equal texts. Amounts are JSON strings, so that no reader on the way
 * turns them into binary floating point; plain JSON numbers are read exactly, too.
 */
public final class RateCardJson {

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .build();

  private static final Set<String> FIELDS =
      Set.of(
          "id",
          "surface",
          "model",
          "names",
          "region",
          "tier",
          "context",
          "up_to",
          "window",
          "from",
          "until",
          "currency",
          "rates",
          "priced_as",
          "fallback",
          "minimums",
          "free",
          "source",
          "layer");

  private RateCardJson() {}

  /** The card as a JSON object on one line; absent conditions are left out. */
  public static String print(RateCard card) {
    ObjectNode json = JSON.createObjectNode();
    json.put("id", card.id()).put("surface", card.surface()).put("model", card.canonicalModel());
    if (!card.names().isEmpty()) {
      ArrayNode names = json.putArray("names");
      for (ModelName name : card.names()) {
        names
            .addObject()
            .put("kind", name.kind().wireName())
            .put("value", name.value())
            .put("priority", name.priority());
      }
    }
    json.put("region", card.regionScope().wireName()).put("tier", card.serviceTier().wireName());
    ContextTier tier = card.contextTier();
    if (tier != null) {
      json.putObject("context").put("op", tier.op().symbol()).put("threshold", tier.threshold());
    }
    if (card.inputUpTo() != null) {
      json.put("up_to", card.inputUpTo());
    }
    TimeWindow window = card.timeWindow();
    if (window != null) {
      ObjectNode node = json.putObject("window");
      node.put("from", window.utcFrom().toString()).put("to", window.utcTo().toString());
      ArrayNode days = node.putArray("days");
      window.weekdays().stream().sorted().forEach(day -> days.add(day.name()));
    }
    putIfPresent(json, "from", card.effectiveFrom());
    putIfPresent(json, "until", card.effectiveUntil());
    json.put("currency", card.currency());
    ObjectNode rates = json.putObject("rates");
    card.rates()
        .forEach(
            (bucket, rate) ->
                rates
                    .putObject(bucket.wireName())
                    .put("amount", rate.amount().toPlainString())
                    .put("per", rate.per()));
    ObjectNode pricedAs = json.putObject("priced_as");
    card.pricedAs().forEach((bucket, other) -> pricedAs.put(bucket.wireName(), other.wireName()));
    if (card.fallback() != Fallback.NONE) {
      json.put("fallback", card.fallback().wireName());
    }
    if (!card.minimums().isEmpty()) {
      ObjectNode minimums = json.putObject("minimums");
      card.minimums().forEach((bucket, count) -> minimums.put(bucket.wireName(), count));
    }
    json.put("free", card.free());
    ObjectNode source = json.putObject("source").put("name", card.source().name());
    putIfPresent(source, "version", card.source().version());
    putIfPresent(source, "url", card.source().url());
    putIfPresent(source, "entry", card.source().entry());
    putIfPresent(source, "retrieved", card.source().retrieved());
    return json.put("layer", card.layer().wireName()).toString();
  }

  /**
   * Reads a card.
   *
   * @param sourceName named in errors
   * @throws CatalogueException when the text is no card; names the field
   */
  public static RateCard parse(String sourceName, String text) {
    Fields json = Fields.parse(sourceName, text);
    json.allowOnly(FIELDS);
    try {
      return new RateCard(
          json.text("id"),
          json.text("surface"),
          json.text("model"),
          names(json),
          json.convert("region", RegionScope::ofWireName),
          json.convert("tier", RateCardJson::tier),
          context(json),
          json.has("up_to") ? json.whole("up_to") : null,
          window(json),
          json.has("from") ? json.convert("from", Instant::parse) : null,
          json.has("until") ? json.convert("until", Instant::parse) : null,
          json.text("currency"),
          rates(json),
          pricedAs(json),
          json.has("fallback") ? json.convert("fallback", Fallback::ofWireName) : Fallback.NONE,
          minimums(json),
          json.object("free").node.asBoolean(),
          source(json.object("source")),
          json.convert("layer", Layer::ofWireName));
    } catch (IllegalArgumentException e) {
      throw new CatalogueException(sourceName, 0, "", String.valueOf(e.getMessage()), e);
    }
  }

  private static List<ModelName> names(Fields json) {
    List<ModelName> names = new ArrayList<>();
    if (json.has("names")) {
      for (Fields name : json.object("names").items()) {
        names.add(
            new ModelName(
                name.convert("kind", ModelName.Kind::ofWireName),
                name.text("value"),
                name.has("priority") ? name.integer("priority") : 0));
      }
    }
    return names;
  }

  private static @Nullable ContextTier context(Fields json) {
    if (!json.has("context")) {
      return null;
    }
    Fields context = json.object("context");
    return new ContextTier(
        context.convert("op", ContextTier.Op::ofSymbol), context.whole("threshold"));
  }

  private static @Nullable TimeWindow window(Fields json) {
    if (!json.has("window")) {
      return null;
    }
    Fields window = json.object("window");
    Set<DayOfWeek> days = new HashSet<>();
    if (window.has("days")) {
      for (Fields day : window.object("days").items()) {
        days.add(DayOfWeek.valueOf(day.node.asText()));
      }
    }
    return new TimeWindow(
        window.convert("from", LocalTime::parse), window.convert("to", LocalTime::parse), days);
  }

  private static Map<Bucket, Rate> rates(Fields json) {
    Map<Bucket, Rate> rates = new EnumMap<>(Bucket.class);
    Fields fields = json.object("rates");
    fields.names().forEach(name -> rates.put(fields.bucket(name), rate(fields.object(name))));
    return rates;
  }

  private static Rate rate(Fields rate) {
    return new Rate(rate.decimal("amount"), rate.whole("per"));
  }

  private static Map<Bucket, Bucket> pricedAs(Fields json) {
    Map<Bucket, Bucket> rules = new EnumMap<>(Bucket.class);
    if (json.has("priced_as")) {
      Fields fields = json.object("priced_as");
      fields
          .names()
          .forEach(
              name -> rules.put(fields.bucket(name), fields.convert(name, Bucket::ofWireName)));
    }
    return rules;
  }

  private static Map<Bucket, Long> minimums(Fields json) {
    Map<Bucket, Long> minimums = new EnumMap<>(Bucket.class);
    if (json.has("minimums")) {
      Fields fields = json.object("minimums");
      fields.names().forEach(name -> minimums.put(fields.bucket(name), fields.whole(name)));
    }
    return minimums;
  }

  private static RateSource source(Fields source) {
    return new RateSource(
        source.text("name"),
        source.has("version") ? source.text("version") : null,
        source.has("url") ? source.text("url") : null,
        source.has("entry") ? source.text("entry") : null,
        source.has("retrieved") ? source.convert("retrieved", LocalDate::parse) : null);
  }

  private static @Nullable ServiceTier tier(String name) {
    ServiceTier tier = ServiceTier.parse(name);
    return tier != null && tier.wireName().equals(name) ? tier : null;
  }

  private static void putIfPresent(ObjectNode json, String name, @Nullable Object value) {
    if (value != null) {
      json.put(name, value.toString());
    }
  }

  /** A JSON object that knows its path. */
  private record Fields(String sourceName, String path, JsonNode node) {

    static Fields parse(String sourceName, String text) {
      JsonNode node;
      try {
        node = JSON.readTree(text);
      } catch (JsonProcessingException e) {
        int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
        throw new CatalogueException(
            sourceName, line, "", "not JSON: " + e.getOriginalMessage(), e);
      }
      if (!node.isObject()) {
        throw new CatalogueException(sourceName, 1, "", "must be a JSON object", null);
      }
      return new Fields(sourceName, "", node);
    }

    void allowOnly(Set<String> allowed) {
      for (String name : names()) {
        if (!allowed.contains(name)) {
          throw refuse(name, "unknown field");
        }
      }
    }

    boolean has(String name) {
      return node.hasNonNull(name);
    }

    List<String> names() {
      List<String> names = new ArrayList<>();
      node.fieldNames().forEachRemaining(names::add);
      return names;
    }

    Fields object(String name) {
      JsonNode value = node.get(name);
      if (value == null) {
        throw refuse(name, "is missing");
      }
      return new Fields(sourceName, at(name), value);
    }

    List<Fields> items() {
      List<Fields> items = new ArrayList<>();
      for (JsonNode item : node) {
        items.add(new Fields(sourceName, path + "[" + items.size() + "]", item));
      }
      return items;
    }

    String text(String name) {
      JsonNode value = node.get(name);
      if (value == null || !value.isTextual()) {
        throw refuse(name, "must be a text");
      }
      return value.textValue();
    }

    long whole(String name) {
      JsonNode value = node.get(name);
      if (value == null || !value.isIntegralNumber() || !value.canConvertToLong()) {
        throw refuse(name, "must be a whole number");
      }
      return value.longValue();
    }

    int integer(String name) {
      long value = whole(name);
      if (value != (int) value) {
        throw refuse(name, "must be a whole number of 32 bits");
      }
      return (int) value;
    }

    BigDecimal decimal(String name) {
      JsonNode value = node.get(name);
      if (value == null || !(value.isTextual() || value.isNumber())) {
        throw refuse(name, "must be a decimal number");
      }
      String text = value.isTextual() ? value.textValue() : value.decimalValue().toString();
      if (text.length() > 60) {
        throw refuse(name, "is longer than 60 characters");
      }
      try {
        return new BigDecimal(text);
      } catch (NumberFormatException e) {
        throw new CatalogueException(
            sourceName, 0, at(name), "must be a decimal number, but is " + text, e);
      }
    }

    <T> T convert(String name, Function<String, @Nullable T> conversion) {
      String text = text(name);
      T value;
      try {
        value = conversion.apply(text);
      } catch (RuntimeException e) {
        throw new CatalogueException(sourceName, 0, at(name), "not allowed: " + text, e);
      }
      if (value == null) {
        throw refuse(name, "not allowed: " + text);
      }
      return value;
    }

    Bucket bucket(String name) {
      Bucket bucket = Bucket.ofWireName(name);
      if (bucket == null) {
        throw refuse(name, "unknown bucket");
      }
      return bucket;
    }

    private String at(String name) {
      return path.isEmpty() ? name : path + "." + name;
    }

    private CatalogueException refuse(String name, String problem) {
      return new CatalogueException(sourceName, 0, at(name), problem, null);
    }
  }
}
