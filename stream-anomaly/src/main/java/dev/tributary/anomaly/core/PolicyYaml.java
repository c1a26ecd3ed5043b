package dev.tributary.anomaly.core;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/** A policy as YAML: a flat mapping; what is not named keeps its default. */
public final class PolicyYaml {
  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(s|m|h|d)");

  private static final String ALLOWED =
      "values, direction, factor, sudden_factor, resolve_factor, resolve_windows, breaches, out_of,"
          + " floor, minimum_samples, surprise, warmup, season, level_shift_after, level_memory,"
          + " reopen_within";

  private final String source;
  private final Map<String, Object> fields;

  private PolicyYaml(String source, Map<String, Object> fields) {
    this.source = source;
    this.fields = fields;
  }

  /**
   * A policy that was read.
   *
   * @param policy the policy
   * @param namesValues whether the text says what kind of values it is for
   */
  public record Parsed(Policy policy, boolean namesValues) {}

  /**
   * Reads a policy.
   *
   * @param source where the text is from, for messages
   * @throws PolicyException naming source, key, value and what is allowed
   */
  public static Parsed parse(String source, String text) {
    return parse(source, text, Policy.DEFAULT);
  }

  /**
   * Reads a policy.
   *
   * @param source where the text is from, for messages
   * @param base what holds for what is not named
   * @throws PolicyException naming source, key, value and what is allowed
   */
  public static Parsed parse(String source, String text, Policy base) {
    PolicyYaml yaml = new PolicyYaml(source, load(source, text));
    yaml.refuseList();
    List<String> empty =
        yaml.fields.keySet().stream().filter(key -> yaml.fields.get(key) == null).toList();
    boolean namesValues = yaml.fields.containsKey("values");
    Policy policy = yaml.policy(base);
    yaml.refuseUnknown();
    if (!empty.isEmpty()) { // more likely forgotten than meant to say nothing
      throw new PolicyException(
          source + ": " + empty.get(0) + " is empty; give it a value, or leave it out");
    }
    return new Parsed(policy, namesValues);
  }

  /**
   * A policy with some fields stated.
   *
   * @param base what holds for fields that are not stated
   * @throws PolicyException naming source, key, value and what is allowed
   */
  public static Policy over(String source, Policy base, Map<String, Object> stated) {
    PolicyYaml yaml = new PolicyYaml(source, new TreeMap<>(stated));
    Policy policy = yaml.policy(base);
    yaml.refuseUnknown();
    return policy;
  }

  private static Map<String, Object> load(String source, String text) {
    LoaderOptions options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    options.setMaxAliasesForCollections(0);
    options.setCodePointLimit(1 << 20);
    Object root;
    try {
      root = new Yaml(new SafeConstructor(options)).load(text);
    } catch (YAMLException e) {
      throw new PolicyException(source + ": not YAML: " + e.getMessage());
    }
    Map<String, Object> fields = new TreeMap<>();
    if (root == null) {
      return fields;
    }
    if (!(root instanceof Map<?, ?> mapping)) {
      throw new PolicyException(source + ": must be a mapping of keys to values");
    }
    mapping.forEach((key, value) -> fields.put(String.valueOf(key), value));
    return fields;
  }

  private Policy policy(Policy d) {
    try {
      return new Policy(
          choice("values", ValueKind.class, d.values()),
          choice("direction", Direction.class, d.direction()),
          number("factor", d.factor()),
          number("sudden_factor", d.suddenFactor()),
          number("resolve_factor", d.resolveFactor()),
          whole("resolve_windows", d.resolveWindows()),
          whole("breaches", d.breaches()),
          whole("out_of", d.outOf()),
          number("floor", d.floor()),
          number("minimum_samples", d.minimumSamples()),
          number("surprise", d.surprise()),
          duration("warmup", d.warmup()),
          choice("season", Season.class, d.season()),
          duration("level_shift_after", d.levelShiftAfter()),
          duration("level_memory", d.levelMemory()),
          duration("reopen_within", d.reopenWithin()));
    } catch (PolicyException e) {
      String message = String.valueOf(e.getMessage());
      throw message.startsWith(source) ? e : new PolicyException(source + ": " + message);
    }
  }

  /** A file of the running system has many policies and what each is for. */
  private void refuseList() {
    if (fields.containsKey("policies")) {
      throw new PolicyException(
          source
              + ": policies is a list of several; expected are the keys of one, without a list or"
              + " selectors; allowed: "
              + ALLOWED);
    }
  }

  private void refuseUnknown() {
    if (!fields.isEmpty()) {
      throw new PolicyException(source + ": unknown " + fields.keySet() + "; allowed: " + ALLOWED);
    }
  }

  private <E extends Enum<E>> E choice(String key, Class<E> type, E standard) {
    Object value = fields.remove(key);
    if (value == null) {
      return standard;
    }
    for (E constant : type.getEnumConstants()) {
      if (constant.name().equalsIgnoreCase(value.toString())) {
        return constant;
      }
    }
    StringBuilder names = new StringBuilder();
    for (E constant : type.getEnumConstants()) {
      names.append(names.isEmpty() ? "" : ", ").append(constant.name().toLowerCase(Locale.ROOT));
    }
    throw refused(key, value, names.toString());
  }

  private double number(String key, double standard) {
    Object value = fields.remove(key);
    if (value == null) {
      return standard;
    }
    try {
      // YAML 1.1 reads 1e-4 as text: it wants a dot in the mantissa.
      return Double.parseDouble(value.toString());
    } catch (NumberFormatException e) {
      throw refused(key, value, "a number");
    }
  }

  private int whole(String key, int standard) {
    Object value = fields.remove(key);
    if (value == null) {
      return standard;
    }
    if (value instanceof Integer number) {
      return number;
    }
    throw refused(key, value, "a whole number");
  }

  private Duration duration(String key, Duration standard) {
    Object value = fields.remove(key);
    if (value == null) {
      return standard;
    }
    Matcher matcher = DURATION.matcher(value.toString());
    if (!matcher.matches()) {
      throw refused(key, value, "a duration as 90s, 30m, 24h or 7d");
    }
    long amount = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      default -> Duration.ofDays(amount);
    };
  }

  private PolicyException refused(String key, Object value, String allowed) {
    return new PolicyException(source + ": " + key + " is " + value + "; allowed: " + allowed);
  }
}
