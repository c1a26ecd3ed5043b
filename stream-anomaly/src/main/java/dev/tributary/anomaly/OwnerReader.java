package dev.tributary.anomaly;

import dev.tributary.anomaly.core.group.Owners.OwnerRule;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/** Reads of the rules of the ownership table what alerts need: who, and by which routes. */
final class OwnerReader {
  private OwnerReader() {}

  /**
   * Reads a rule, as a reference row carries it.
   *
   * @return null where it sets no team
   * @throws IllegalArgumentException naming source and field
   */
  static @Nullable OwnerRule readRule(String source, String json) {
    Object root;
    try {
      root = new Yaml(new SafeConstructor(new LoaderOptions())).load(json);
    } catch (YAMLException e) {
      throw new IllegalArgumentException(source + ": cannot be read: " + e.getMessage(), e);
    }
    if (!(root instanceof Map<?, ?> rule) || !(rule.get("match") instanceof Map<?, ?> match)) {
      throw new IllegalArgumentException(source + ": match: a mapping is expected");
    }
    Object team = rule.get("set") instanceof Map<?, ?> set ? set.get("team") : null;
    if (team == null) {
      return null;
    }
    OwnerRule owner =
        new OwnerRule(
            String.valueOf(rule.get("id")),
            rule.get("priority") instanceof Number priority ? priority.intValue() : 0,
            text(match.get("service")),
            text(match.get("feature")),
            match.containsKey("agent") || match.containsKey("key_alias"),
            team.toString(),
            routes(rule.get("alert_routes")));
    return owner.heldBy(text(rule.get("budget_holder")));
  }

  private static @Nullable String text(@Nullable Object value) {
    return value == null ? null : value.toString();
  }

  private static List<String> routes(@Nullable Object value) {
    if (value instanceof List<?> list) {
      return list.stream().map(String::valueOf).toList();
    }
    return value == null ? List.of() : List.of(value.toString());
  }
}
