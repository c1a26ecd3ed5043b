package dev.tributary.pricing;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Assembles a {@link RateCard}; not thread-safe. Defaults: standard tier, any region, always valid,
 * USD, curated.
 */
public final class RateCardBuilder {

  private final String surface;
  private final String canonicalModel;
  private final List<ModelName> names = new ArrayList<>();
  private final Map<Bucket, Rate> rates = new EnumMap<>(Bucket.class);
  private final Map<Bucket, Bucket> pricedAs = new EnumMap<>(Bucket.class);
  private final Map<Bucket, Long> minimums = new EnumMap<>(Bucket.class);
  private @Nullable String id;
  private RegionScope regionScope = RegionScope.ANY;
  private ServiceTier serviceTier = ServiceTier.STANDARD;
  private @Nullable ContextTier contextTier;
  private @Nullable Long inputUpTo;
  private @Nullable TimeWindow timeWindow;
  private @Nullable Instant effectiveFrom;
  private @Nullable Instant effectiveUntil;
  private String currency = "USD";
  private Fallback fallback = Fallback.NONE;
  private boolean free;
  private RateSource source = RateSource.of("unnamed", null);
  private Layer layer = Layer.CURATED;

  RateCardBuilder(String surface, String canonicalModel) {
    this.surface = surface;
    this.canonicalModel = canonicalModel;
  }

  /**
   * Sets the id; without it one is made of everything that tells two cards of a catalogue apart.
   */
  public RateCardBuilder id(String value) {
    id = value;
    return this;
  }

  public RateCardBuilder names(List<ModelName> values) {
    names.clear();
    names.addAll(values);
    return this;
  }

  public RateCardBuilder alias(String value) {
    names.add(ModelName.alias(value));
    return this;
  }

  public RateCardBuilder region(RegionScope value) {
    regionScope = value;
    return this;
  }

  public RateCardBuilder tier(ServiceTier value) {
    serviceTier = value;
    return this;
  }

  public RateCardBuilder context(@Nullable ContextTier value) {
    contextTier = value;
    return this;
  }

  /** The largest input total the card is for; null: no limit. */
  public RateCardBuilder upTo(@Nullable Long value) {
    inputUpTo = value;
    return this;
  }

  public RateCardBuilder window(@Nullable TimeWindow value) {
    timeWindow = value;
    return this;
  }

  /** Valid from that moment on, it included; null: since ever. */
  public RateCardBuilder from(@Nullable Instant value) {
    effectiveFrom = value;
    return this;
  }

  /** Valid before that moment; null: open. */
  public RateCardBuilder until(@Nullable Instant value) {
    effectiveUntil = value;
    return this;
  }

  public RateCardBuilder currency(String value) {
    currency = value;
    return this;
  }

  /** Sets a bucket's price for a million units. */
  public RateCardBuilder rate(Bucket bucket, String amountPerMillion) {
    return rate(bucket, Rate.perMillion(amountPerMillion));
  }

  public RateCardBuilder rate(Bucket bucket, Rate rate) {
    rates.put(bucket, rate);
    return this;
  }

  /** Bills a bucket at another bucket's rate. */
  public RateCardBuilder pricedAs(Bucket bucket, Bucket other) {
    pricedAs.put(bucket, other);
    return this;
  }

  /** What holds for a bucket with neither a rate nor a rule; without it nothing does. */
  public RateCardBuilder fallback(Fallback value) {
    fallback = value;
    return this;
  }

  /** Bills at least that many units where any were used. */
  public RateCardBuilder minimum(Bucket bucket, long count) {
    minimums.put(bucket, count);
    return this;
  }

  public RateCardBuilder free(boolean value) {
    free = value;
    return this;
  }

  public RateCardBuilder source(RateSource value) {
    source = value;
    return this;
  }

  public RateCardBuilder layer(Layer value) {
    layer = value;
    return this;
  }

  /**
   * The card.
   *
   * @throws IllegalArgumentException when it contradicts itself; the message says how
   */
  public RateCard build() {
    return new RateCard(
        id == null ? derivedId() : id,
        surface,
        canonicalModel,
        names,
        regionScope,
        serviceTier,
        contextTier,
        inputUpTo,
        timeWindow,
        effectiveFrom,
        effectiveUntil,
        currency,
        rates,
        pricedAs,
        fallback,
        minimums,
        free,
        source,
        layer);
  }

  /** The id of a card that states none. */
  String derivedId() {
    StringBuilder text = new StringBuilder(96);
    text.append(surface)
        .append('|')
        .append(canonicalModel)
        .append('|')
        .append(serviceTier.wireName());
    if (regionScope != RegionScope.ANY) {
      text.append('|').append(regionScope.wireName());
    }
    if (contextTier != null) {
      text.append('|').append(contextTier);
    }
    if (timeWindow != null) {
      text.append('|').append(timeWindow.utcFrom()).append('-').append(timeWindow.utcTo());
      timeWindow.weekdays().stream().sorted().forEach(day -> text.append(',').append(day));
    }
    if (effectiveFrom != null) {
      text.append('|').append(day(effectiveFrom));
    }
    if (layer != Layer.CURATED) {
      text.append('|').append(layer.wireName());
    }
    return text.toString();
  }

  private static String day(Instant moment) {
    LocalDate date = LocalDate.ofInstant(moment, ZoneOffset.UTC);
    boolean midnight = date.atStartOfDay(ZoneOffset.UTC).toInstant().equals(moment);
    return midnight ? date.toString() : moment.toString();
  }
}
