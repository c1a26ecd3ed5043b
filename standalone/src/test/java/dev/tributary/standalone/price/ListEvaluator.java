package dev.tributary.standalone.price;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A second, small evaluator of a genai-prices list, written from the list's description alone: it
 * knows no buckets and no cards, only units and what contains what. Where it and the product
 * differ, one of them is wrong.
 */
final class ListEvaluator {
  private static final MathContext DIGITS = new MathContext(60);
  private static final Map<String, Pattern> REGEX = new HashMap<>();

  /** A unit: how many make one price, and its dimensions. */
  private record Unit(String usageKey, long per, Map<String, String> dimensions) {
    boolean contains(Unit other) {
      return !usageKey.equals(other.usageKey)
          && other.dimensions.entrySet().containsAll(dimensions.entrySet());
    }
  }

  /** Counts that cannot be true. */
  static final class Impossible extends Exception {
    private static final long serialVersionUID = 1L;
  }

  private final Map<String, Optional<JsonNode>> models = new HashMap<>();
  private final JsonNode providers;
  private final Map<String, Unit> byPriceKey = new HashMap<>();

  /**
   * An evaluator.
   *
   * @param providers the list
   * @param units usage keys with {@code per}, {@code price_key} and {@code dimensions}
   */
  ListEvaluator(JsonNode providers, JsonNode units) {
    this.providers = providers;
    units
        .properties()
        .forEach(
            unit -> {
              Map<String, String> dimensions = new HashMap<>();
              unit.getValue()
                  .path("dimensions")
                  .properties()
                  .forEach(part -> dimensions.put(part.getKey(), part.getValue().asText()));
              String per = unit.getValue().path("per").asText().replace("_", "");
              byPriceKey.put(
                  unit.getValue().path("price_key").asText(unit.getKey()),
                  new Unit(unit.getKey(), Long.parseLong(per), dimensions));
            });
  }

  /**
   * The exact price, to 60 digits where it does not end; null: the list does not know the model.
   */
  @Nullable BigDecimal price(
      @Nullable String providerName, String modelName, Instant at, Map<String, BigDecimal> usage)
      throws Impossible {
    JsonNode model =
        models
            .computeIfAbsent(
                providerName + "\n" + modelName,
                unused -> Optional.ofNullable(model(lower(providerName), lower(modelName))))
            .orElse(null);
    if (model == null) {
      return null;
    }
    JsonNode prices = pricesAt(model.path("prices"), at);
    List<Unit> priced = new ArrayList<>();
    prices.properties().forEach(price -> priced.add(byPriceKey.get(price.getKey())));
    Map<String, BigDecimal> leaves = new HashMap<>();
    priced.sort((a, b) -> b.dimensions.size() - a.dimensions.size());
    for (Unit unit : priced) {
      BigDecimal leaf = usage.getOrDefault(unit.usageKey, BigDecimal.ZERO);
      for (Unit part : priced) {
        if (unit.contains(part)) {
          leaf = leaf.subtract(leaves.get(part.usageKey));
        }
      }
      if (leaf.signum() < 0) {
        throw new Impossible();
      }
      leaves.put(unit.usageKey, leaf);
    }
    // A call is one request, whatever was counted.
    leaves.replace("requests", BigDecimal.ONE);
    BigDecimal total = BigDecimal.ZERO;
    BigDecimal input = usage.getOrDefault("input_tokens", BigDecimal.ZERO);
    for (Map.Entry<String, JsonNode> price : prices.properties()) {
      Unit unit = byPriceKey.get(price.getKey());
      total =
          total.add(
              leaves
                  .get(unit.usageKey)
                  .multiply(amount(price.getValue(), input))
                  .divide(BigDecimal.valueOf(unit.per), DIGITS));
    }
    return total;
  }

  private static BigDecimal amount(JsonNode price, BigDecimal input) {
    BigDecimal amount = (price.isObject() ? price.path("base") : price).decimalValue();
    BigDecimal reached = BigDecimal.ONE.negate();
    for (JsonNode tier : price.path("tiers")) {
      BigDecimal start = tier.path("start").decimalValue();
      if (input.compareTo(start) > 0 && start.compareTo(reached) > 0) {
        reached = start;
        amount = tier.path("price").decimalValue();
      }
    }
    return amount;
  }

  private static JsonNode pricesAt(JsonNode prices, Instant at) {
    if (prices.isObject()) {
      return prices;
    }
    for (int i = prices.size() - 1; i >= 0; i--) {
      JsonNode constraint = prices.get(i).path("constraint");
      if (constraint.isMissingNode() || holds(constraint, at)) {
        return prices.get(i).path("prices");
      }
    }
    return prices.get(0).path("prices");
  }

  private static boolean holds(JsonNode constraint, Instant at) {
    if (constraint.has("start_date")) {
      LocalDate from = LocalDate.parse(constraint.path("start_date").asText());
      return !LocalDate.ofInstant(at, ZoneOffset.UTC).isBefore(from);
    }
    LocalTime time = LocalTime.ofInstant(at, ZoneOffset.UTC);
    LocalTime from = LocalTime.parse(constraint.path("start_time").asText().replace("Z", ""));
    LocalTime to = LocalTime.parse(constraint.path("end_time").asText().replace("Z", ""));
    return from.isBefore(to)
        ? !time.isBefore(from) && time.isBefore(to)
        : !time.isBefore(from) || time.isBefore(to);
  }

  private @Nullable JsonNode model(String providerName, String modelName) {
    String name = modelName;
    String seller = providerName;
    int slash = name.indexOf('/');
    if (seller.equals("litellm") && slash > 0 && slash + 1 < name.length()) {
      if (provider(name.substring(0, slash), "") != null) {
        seller = name.substring(0, slash);
        name = name.substring(slash + 1);
      }
    }
    JsonNode provider = provider(seller, name);
    if (provider == null) {
      return null;
    }
    JsonNode model = modelOf(provider, name);
    // A date without hyphens is tried with them.
    return model != null
        ? model
        : modelOf(provider, name.replaceAll("-(20\\d\\d)(\\d\\d)(\\d\\d)(?=[-:]|$)", "-$1-$2-$3"));
  }

  private @Nullable JsonNode provider(String seller, String name) {
    if (!seller.isEmpty() && !seller.equals("litellm")) {
      JsonNode known = byId(seller);
      return known != null ? known : first("provider_match", seller);
    }
    return first("model_match", name);
  }

  private @Nullable JsonNode byId(String id) {
    for (JsonNode provider : providers) {
      if (provider.path("id").asText().equals(id)) {
        return provider;
      }
    }
    return null;
  }

  private @Nullable JsonNode first(String rule, String name) {
    for (JsonNode provider : providers) {
      if (provider.has(rule) && matches(provider.path(rule), name)) {
        return provider;
      }
    }
    return null;
  }

  private @Nullable JsonNode modelOf(JsonNode provider, String name) {
    for (JsonNode model : provider.path("models")) {
      if (matches(model.path("match"), name)) {
        return model;
      }
    }
    for (JsonNode other : provider.path("fallback_model_providers")) {
      for (JsonNode model : byId(other.asText()).path("models")) {
        if (matches(model.path("match"), name)) {
          return model;
        }
      }
    }
    return null;
  }

  private static boolean matches(JsonNode rule, String name) {
    Map.Entry<String, JsonNode> only = rule.properties().iterator().next();
    JsonNode value = only.getValue();
    String text = value.asText().toLowerCase(Locale.ROOT);
    return switch (only.getKey()) {
      case "equals" -> name.equals(text);
      case "contains" -> name.contains(text);
      case "starts_with" -> name.startsWith(text);
      case "ends_with" -> name.endsWith(text);
      case "regex" -> REGEX.computeIfAbsent(value.asText(), Pattern::compile).matcher(name).find();
      case "or" -> any(value, name);
      case "and" -> !anyNot(value, name);
      default -> throw new IllegalArgumentException("unknown rule " + rule);
    };
  }

  private static boolean any(JsonNode rules, String name) {
    for (JsonNode rule : rules) {
      if (matches(rule, name)) {
        return true;
      }
    }
    return false;
  }

  private static boolean anyNot(JsonNode rules, String name) {
    for (JsonNode rule : rules) {
      if (!matches(rule, name)) {
        return true;
      }
    }
    return false;
  }

  private static String lower(@Nullable String name) {
    return name == null ? "" : name.strip().toLowerCase(Locale.ROOT);
  }
}
