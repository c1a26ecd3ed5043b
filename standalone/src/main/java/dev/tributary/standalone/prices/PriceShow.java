package dev.tributary.standalone.prices;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import dev.tributary.pricing.Catalogue;
import dev.tributary.pricing.Fallback;
import dev.tributary.pricing.ModelResolution;
import dev.tributary.pricing.RateCard;
import dev.tributary.pricing.RateCardJson;
import dev.tributary.pricing.RateSource;
import dev.tributary.pricing.TimeWindow;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a model costs.
 *
 * @param model as telemetry names it
 * @param surface null: on every surface
 * @param at only cards in force then; null: the whole timeline
 */
public record PriceShow(String model, @Nullable String surface, @Nullable Instant at) {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** A model on a surface with the cards asked for, the first to be tried on top. */
  private record Found(String surface, ModelResolution resolution, List<RateCard> cards) {}

  /**
   * Prints the cards for people.
   *
   * @return how many cards were found
   */
  public int print(Catalogue catalogue, PrintWriter out) {
    int count = 0;
    for (Found found : found(catalogue)) {
      out.printf(
          "%s %s (found by %s)%n",
          found.surface, found.resolution.canonicalModel(), found.resolution.step().wireName());
      for (RateCard card : found.cards) {
        count++;
        out.printf("  %s%n", conditions(card));
        card.rates()
            .forEach(
                (bucket, rate) ->
                    out.printf("    %-18s %s%n", bucket.wireName(), RateText.of(bucket, rate)));
        card.pricedAs()
            .forEach(
                (bucket, other) ->
                    out.printf("    %-18s as %s%n", bucket.wireName(), other.wireName()));
        card.minimums()
            .forEach(
                (bucket, least) -> out.printf("    %-18s at least %d%n", bucket.wireName(), least));
        if (card.fallback() == Fallback.PARENT) {
          out.println("    every other part as its whole");
        }
        out.printf("    %s, %s, %s%n", card.id(), card.layer().wireName(), source(card.source()));
      }
    }
    if (count == 0) {
      out.printf("no card for %s%n", model);
    }
    return count;
  }

  /**
   * Prints a JSON line for each card.
   *
   * @return how many cards were found
   */
  public int printJson(Catalogue catalogue, PrintWriter out) {
    int count = 0;
    for (Found found : found(catalogue)) {
      for (RateCard card : found.cards) {
        count++;
        ObjectNode line = MAPPER.createObjectNode();
        line.put("surface", found.surface).put("model", found.resolution.canonicalModel());
        line.put("step", found.resolution.step().wireName());
        line.putRawValue("card", new RawValue(RateCardJson.print(card)));
        out.println(line);
      }
    }
    return count;
  }

  private List<Found> found(Catalogue catalogue) {
    Set<String> surfaces = surface == null ? catalogue.surfaces() : Set.of(surface);
    List<Found> found = new ArrayList<>();
    for (String name : surfaces) {
      ModelResolution resolution = catalogue.resolve(name, model);
      String canonical = resolution.canonicalModel();
      if (canonical != null) {
        List<RateCard> cards =
            catalogue.cards().stream()
                .filter(card -> card.surface().equals(name))
                .filter(card -> card.canonicalModel().equals(canonical))
                .filter(this::isAsked)
                .sorted(ORDER)
                .toList();
        found.add(new Found(name, resolution, cards));
      }
    }
    found.sort(Comparator.comparing(Found::surface));
    return found;
  }

  private boolean isAsked(RateCard card) {
    TimeWindow window = card.timeWindow();
    return at == null || (card.validAt(at) && (window == null || window.contains(at)));
  }

  private static final Comparator<RateCard> ORDER =
      Comparator.comparing(RateCard::serviceTier)
          .thenComparing(RateCard::layer)
          .thenComparing(RateCard::regionScope)
          .thenComparing(RateCard::effectiveFrom, Comparator.nullsFirst(Comparator.naturalOrder()))
          .thenComparing(
              card -> card.contextTier() == null ? 0L : card.contextTier().minimumInput())
          .thenComparing(RateCard::id);

  private static String conditions(RateCard card) {
    StringBuilder text = new StringBuilder(card.serviceTier().wireName());
    text.append(", region ").append(card.regionScope().wireName());
    if (card.contextTier() != null) {
      text.append(", input ").append(card.contextTier());
    }
    if (card.inputUpTo() != null) {
      text.append(", input up to ").append(card.inputUpTo());
    }
    TimeWindow window = card.timeWindow();
    if (window != null) {
      text.append(", ").append(window.utcFrom()).append(" to ").append(window.utcTo());
      text.append(" UTC");
      window.weekdays().stream().sorted().forEach(day -> text.append(' ').append(day));
    }
    if (card.effectiveFrom() != null) {
      text.append(", from ").append(card.effectiveFrom());
    }
    if (card.effectiveUntil() != null) {
      text.append(", until ").append(card.effectiveUntil());
    }
    return text.append(card.free() ? ", free, " : ", ").append(card.currency()).toString();
  }

  private static String source(RateSource source) {
    StringBuilder text = new StringBuilder(source.name());
    if (source.version() != null) {
      text.append(' ').append(source.version());
    }
    if (source.retrieved() != null) {
      text.append(" of ").append(source.retrieved());
    }
    if (source.entry() != null) {
      text.append(" entry ").append(source.entry());
    }
    return text.append(source.url() == null ? "" : " " + source.url()).toString();
  }
}
