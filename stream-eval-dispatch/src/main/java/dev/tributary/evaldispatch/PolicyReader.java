package dev.tributary.evaldispatch;

import dev.tributary.evaldispatch.core.EvalPolicy;
import dev.tributary.evaldispatch.core.EvaluatorChoice;
import dev.tributary.evaldispatch.core.Route;
import dev.tributary.evaldispatch.core.Stratum;
import dev.tributary.evaldispatch.core.TraceFilter;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads evaluation policies: YAML files with a list {@code policies}, and the single policy of a
 * reference row, which is the same mapping as JSON with {@code type: eval}. A file with any error
 * is refused whole; the message names file, line and field.
 */
public final class PolicyReader {
  /** Value of {@code type} in reference rows; policies of other types are others' affair. */
  public static final String TYPE = "eval";

  private static final Set<String> FIELDS =
      Set.of(
          "type",
          "id",
          "priority",
          "filter",
          "evaluators",
          "base_rate",
          "floor",
          "fast_rate",
          "strata",
          "episode_boost",
          "ceiling",
          "second_look");
  private static final Set<String> WHEN =
      Set.of(
          "errors",
          "finish",
          "cost_at_least",
          "wall_time_at_least",
          "tool_loops",
          "new_for",
          "score_below",
          "thumbs_down");
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,99}");
  private static final String DEFAULT_BASE_RATE = "0.05";
  private static final String DEFAULT_FLOOR = "0.001";

  private PolicyReader() {}

  /**
   * Reads a file.
   *
   * @param source name of the file, for messages
   * @throws IllegalArgumentException naming file, line and field
   */
  public static List<EvalPolicy> readFile(String source, String tenant, String yaml) {
    YamlValue root = YamlValue.root(source, yaml);
    YamlValue list = root.need(root.fields(Set.of("policies")), "policies");
    List<EvalPolicy> policies = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (YamlValue item : list.list()) {
      EvalPolicy policy = policy(item, tenant);
      if (!ids.add(policy.id())) {
        throw item.refuse("a second policy of the name " + policy.id());
      }
      policies.add(policy);
    }
    return policies;
  }

  /**
   * Reads one policy, as a reference row carries it.
   *
   * @return null: a policy of another type
   * @throws IllegalArgumentException naming policy and field
   */
  static @Nullable EvalPolicy readPolicy(String tenant, String id, String json) {
    YamlValue root = YamlValue.root("policy " + id, json);
    YamlValue type = root.fields(null).get("type");
    return type != null && type.text().equals(TYPE) ? policy(root, tenant) : null;
  }

  private static EvalPolicy policy(YamlValue value, String tenant) {
    Map<String, YamlValue> fields = value.fields(FIELDS);
    Map<String, YamlValue> ceiling =
        fields.containsKey("ceiling")
            ? value.need(fields, "ceiling").fields(Set.of("per_hour", "per_day"))
            : Map.of();
    List<EvaluatorChoice> evaluators = new ArrayList<>();
    for (YamlValue item : value.need(fields, "evaluators").list()) {
      evaluators.add(evaluator(item));
    }
    double base = decimal(fields, "base_rate", DEFAULT_BASE_RATE).doubleValue();
    double floor =
        fields.containsKey("floor")
            ? value.need(fields, "floor").number()
            : Math.min(base, Double.parseDouble(DEFAULT_FLOOR));
    try {
      return new EvalPolicy(
          tenant,
          name(value.need(fields, "id")),
          fields.containsKey("priority") ? value.need(fields, "priority").integer() : 0,
          filter(fields.get("filter")),
          evaluators,
          base,
          floor,
          decimal(fields, "fast_rate", "1").doubleValue(),
          strata(fields.get("strata")),
          decimal(fields, "episode_boost", "1").doubleValue(),
          optional(ceiling, "per_hour"),
          optional(ceiling, "per_day"),
          fields.containsKey("second_look") && value.need(fields, "second_look").flag());
    } catch (IllegalArgumentException e) {
      throw value.placed(e);
    }
  }

  private static EvaluatorChoice evaluator(YamlValue value) {
    Map<String, YamlValue> fields =
        value.fields(Set.of("name", "version", "route", "cost", "parameters"));
    Map<String, String> parameters = new TreeMap<>();
    if (fields.containsKey("parameters")) {
      value
          .need(fields, "parameters")
          .fields(null)
          .forEach((name, text) -> parameters.put(name, text.text()));
    }
    Route route = fields.containsKey("route") ? route(value.need(fields, "route")) : Route.FAST;
    try {
      return new EvaluatorChoice(
          name(value.need(fields, "name")),
          fields.containsKey("version") ? name(value.need(fields, "version")) : "1",
          route,
          decimal(fields, "cost", "0"),
          parameters);
    } catch (IllegalArgumentException e) {
      throw value.placed(e);
    }
  }

  private static Route route(YamlValue value) {
    for (Route route : Route.values()) {
      if (route.label().equals(value.text())) {
        return route;
      }
    }
    throw value.refuse("fast, judge or human is expected: " + value.text());
  }

  private static TraceFilter filter(@Nullable YamlValue value) {
    if (value == null) {
      return TraceFilter.ALL;
    }
    Map<String, List<String>> patterns = new LinkedHashMap<>();
    value.fields(null).forEach((name, texts) -> patterns.put(name, texts.texts()));
    try {
      return new TraceFilter(patterns);
    } catch (IllegalArgumentException e) {
      throw value.placed(e);
    }
  }

  private static List<Stratum> strata(@Nullable YamlValue value) {
    List<Stratum> strata = new ArrayList<>();
    for (YamlValue item : value == null ? List.<YamlValue>of() : value.list()) {
      Map<String, YamlValue> fields = item.fields(Set.of("name", "rate", "when"));
      YamlValue when = item.need(fields, "when");
      try {
        strata.add(
            new Stratum(
                name(item.need(fields, "name")),
                item.need(fields, "rate").number(),
                when(when.fields(WHEN))));
      } catch (IllegalArgumentException e) {
        throw item.placed(e);
      }
    }
    return strata;
  }

  private static Stratum.When when(Map<String, YamlValue> fields) {
    YamlValue finish = fields.get("finish");
    YamlValue wallTime = fields.get("wall_time_at_least");
    YamlValue newFor = fields.get("new_for");
    YamlValue score = fields.get("score_below");
    return new Stratum.When(
        isSet(fields, "errors"),
        finish == null
            ? Set.of()
            : new HashSet<>(
                finish.texts().stream().map(text -> text.toLowerCase(Locale.ROOT)).toList()),
        optional(fields, "cost_at_least"),
        wallTime == null ? null : wallTime.micros(),
        isSet(fields, "tool_loops"),
        newFor == null ? null : newFor.micros(),
        score == null ? null : score.number(),
        isSet(fields, "thumbs_down"));
  }

  private static boolean isSet(Map<String, YamlValue> fields, String name) {
    YamlValue value = fields.get(name);
    return value != null && value.flag();
  }

  private static BigDecimal decimal(Map<String, YamlValue> fields, String name, String absent) {
    YamlValue value = fields.get(name);
    return value == null ? new BigDecimal(absent) : value.decimal();
  }

  private static @Nullable BigDecimal optional(Map<String, YamlValue> fields, String name) {
    YamlValue value = fields.get(name);
    return value == null ? null : value.decimal();
  }

  private static String name(YamlValue value) {
    String text = value.text();
    if (!NAME.matcher(text).matches()) {
      throw value.refuse("letters, digits, '_', '.', '-' are expected: \"" + text + '"');
    }
    return text;
  }
}
