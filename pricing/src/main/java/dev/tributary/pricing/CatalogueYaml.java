package dev.tributary.pricing;

import java.time.LocalTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes cards as the YAML that {@link CatalogueReader} reads: reading the text gives the cards
 * back. Cards of one model stand together, in the order given.
 */
public final class CatalogueYaml {

  private final StringBuilder text = new StringBuilder(1 << 16);
  private final Map<RateSource, String> sources = new LinkedHashMap<>();

  private CatalogueYaml() {}

  /**
   * The cards as one text.
   *
   * @param comment lines above everything, without their {@code #}
   * @param cards at least one, all of one layer and currency; the cards of a model have equal names
   * @throws IllegalArgumentException when they are of several layers or currencies
   */
  public static String print(List<String> comment, List<RateCard> cards) {
    return new CatalogueYaml().text(comment, cards);
  }

  private String text(List<String> comment, List<RateCard> cards) {
    for (RateCard card : cards) {
      if (card.layer() != cards.get(0).layer()
          || !card.currency().equals(cards.get(0).currency())) {
        throw new IllegalArgumentException("a text has one layer and one currency");
      }
      // An entry differs from card to card; what a text shares is the publication.
      sources.computeIfAbsent(
          publication(card.source()), unused -> "source-" + (sources.size() + 1));
    }
    comment.forEach(line -> text.append("# ").append(line).append('\n'));
    text.append("currency: ").append(cards.get(0).currency()).append('\n');
    text.append("layer: ").append(cards.get(0).layer().wireName()).append('\n');
    text.append("sources:\n");
    sources.forEach(
        (source, name) ->
            text.append("  ").append(name).append(": ").append(mapping(source)).append('\n'));
    text.append("models:\n");
    Map<String, List<RateCard>> byModel = new LinkedHashMap<>();
    for (RateCard card : cards) {
      byModel
          .computeIfAbsent(card.surface() + '\n' + card.canonicalModel(), key -> new ArrayList<>())
          .add(card);
    }
    byModel.values().forEach(this::model);
    return text.toString();
  }

  private void model(List<RateCard> cards) {
    RateCard first = cards.get(0);
    text.append("  - model: ").append(quoted(first.canonicalModel())).append('\n');
    text.append("    surface: ").append(quoted(first.surface())).append('\n');
    Set<ModelName> names = new LinkedHashSet<>();
    cards.forEach(card -> names.addAll(card.names()));
    names("aliases", names, ModelName.Kind.ALIAS);
    names("not", names, ModelName.Kind.NOT);
    names("patterns", names, ModelName.Kind.PATTERN);
    text.append("    cards:\n");
    cards.forEach(this::card);
  }

  private void names(String field, Set<ModelName> names, ModelName.Kind kind) {
    List<String> items = new ArrayList<>();
    for (ModelName name : names) {
      if (name.kind() == kind) {
        items.add(
            kind == ModelName.Kind.PATTERN
                ? "{glob: " + quoted(name.value()) + ", priority: " + name.priority() + "}"
                : quoted(name.value()));
      }
    }
    if (!items.isEmpty()) {
      text.append("    ").append(field).append(": ").append(items).append('\n');
    }
  }

  private void card(RateCard card) {
    Lines lines = new Lines(text);
    lines.add("id", card.id().equals(derivedId(card)) ? null : quoted(card.id()));
    lines.add(
        "tier", card.serviceTier() == ServiceTier.STANDARD ? null : card.serviceTier().wireName());
    lines.add(
        "region", card.regionScope() == RegionScope.ANY ? null : card.regionScope().wireName());
    ContextTier context = card.contextTier();
    lines.add(
        "context",
        context == null ? null : quoted(context.op().symbol() + ' ' + context.threshold()));
    lines.add("up_to", card.inputUpTo());
    lines.add("window", card.timeWindow() == null ? null : window(card.timeWindow()));
    lines.add("from", card.effectiveFrom());
    lines.add("until", card.effectiveUntil());
    lines.add("fallback", card.fallback() == Fallback.NONE ? null : card.fallback().wireName());
    lines.add("minimum", card.minimums().isEmpty() ? null : counts(card.minimums()));
    lines.add("priced_as", card.pricedAs().isEmpty() ? null : rules(card.pricedAs()));
    lines.add("free", card.free() ? "true" : null);
    lines.add(
        "source",
        card.source().entry() == null
            ? sources.get(publication(card.source()))
            : mapping(card.source()));
    lines.add("rates", rates(card.rates()));
  }

  private static String derivedId(RateCard card) {
    return RateCard.builder(card.surface(), card.canonicalModel())
        .region(card.regionScope())
        .tier(card.serviceTier())
        .context(card.contextTier())
        .window(card.timeWindow())
        .from(card.effectiveFrom())
        .layer(card.layer())
        .derivedId();
  }

  private static RateSource publication(RateSource source) {
    return new RateSource(source.name(), source.version(), source.url(), null, source.retrieved());
  }

  private static String mapping(RateSource source) {
    List<String> fields = new ArrayList<>();
    fields.add("name: " + quoted(source.name()));
    addField(fields, "version", source.version());
    addField(fields, "url", source.url());
    addField(fields, "entry", source.entry());
    if (source.retrieved() != null) {
      fields.add("retrieved: " + source.retrieved());
    }
    return "{" + String.join(", ", fields) + "}";
  }

  private static void addField(List<String> fields, String name, @Nullable String value) {
    if (value != null) {
      fields.add(name + ": " + quoted(value));
    }
  }

  private static String window(TimeWindow window) {
    StringBuilder days = new StringBuilder();
    window.weekdays().stream()
        .sorted()
        .forEach(
            day ->
                days.append(days.length() == 0 ? ", days: [" : ", ")
                    .append(day.name().toLowerCase(Locale.ROOT)));
    return "{from: "
        + time(window.utcFrom())
        + ", to: "
        + time(window.utcTo())
        + days
        + (days.length() == 0 ? "}" : "]}");
  }

  private static String time(LocalTime time) {
    return quoted(time.toString());
  }

  private static String counts(Map<Bucket, Long> counts) {
    List<String> items = new ArrayList<>();
    counts.forEach((bucket, count) -> items.add(bucket.wireName() + ": " + count));
    return "{" + String.join(", ", items) + "}";
  }

  private static String rules(Map<Bucket, Bucket> rules) {
    List<String> items = new ArrayList<>();
    rules.forEach((bucket, other) -> items.add(bucket.wireName() + ": " + other.wireName()));
    return "{" + String.join(", ", items) + "}";
  }

  private static String rates(Map<Bucket, Rate> rates) {
    List<String> items = new ArrayList<>();
    rates.forEach(
        (bucket, rate) -> {
          String amount = rate.amount().toPlainString();
          boolean isPlain = bucket.isToken() && rate.per() == Rate.PER_MILLION;
          items.add(
              bucket.wireName()
                  + ": "
                  + (isPlain ? amount : "{amount: " + amount + ", per: " + rate.per() + "}"));
        });
    return "{" + String.join(", ", items) + "}";
  }

  /** A double-quoted scalar; everything that is not printable ASCII is escaped. */
  private static String quoted(String value) {
    StringBuilder quoted = new StringBuilder(value.length() + 2).append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < ' ' || c > '~') {
        quoted.append("\\u").append(String.format(Locale.ROOT, "%04x", (int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }

  /** The fields of one card; the first carries the dash. */
  private static final class Lines {
    private final StringBuilder text;
    private boolean isFirst = true;

    Lines(StringBuilder text) {
      this.text = text;
    }

    void add(String name, @Nullable Object value) {
      if (value != null) {
        text.append(isFirst ? "      - " : "        ").append(name).append(": ").append(value);
        text.append('\n');
        isFirst = false;
      }
    }
  }
}
