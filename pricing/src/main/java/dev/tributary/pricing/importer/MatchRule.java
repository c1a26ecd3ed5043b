package dev.tributary.pricing.importer;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** One condition on a name, as genai-prices writes them; case never matters. */
sealed interface MatchRule {
  /** Longest name that is compared; regular expressions come with the list. */
  int MAX_NAME = 512;

  /** Whether a lower-case name fulfils the condition. */
  boolean matches(String name);

  /** Reads {@code {"or": [{"equals": "a"}, {"starts_with": "b"}]}}. */
  static MatchRule of(JsonNode json) {
    if (!json.isObject() || json.size() != 1) {
      throw new IllegalArgumentException("a match has exactly one condition");
    }
    Map.Entry<String, JsonNode> member = json.properties().iterator().next();
    JsonNode value = member.getValue();
    String text = value.asText().toLowerCase(Locale.ROOT);
    return switch (member.getKey()) {
      case "equals" -> new Text(Kind.EQUALS, text);
      case "contains" -> new Text(Kind.CONTAINS, text);
      case "starts_with" -> new Text(Kind.STARTS_WITH, text);
      case "ends_with" -> new Text(Kind.ENDS_WITH, text);
      case "regex" -> regex(value.asText());
      case "or" -> new Any(list(value));
      case "and" -> new All(list(value));
      default ->
          throw new IllegalArgumentException("unknown condition of a match: " + member.getKey());
    };
  }

  private static MatchRule regex(String pattern) {
    try {
      return new Regex(Pattern.compile(pattern, Pattern.CASE_INSENSITIVE));
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException("not a regular expression: " + pattern, e);
    }
  }

  private static List<MatchRule> list(JsonNode items) {
    List<MatchRule> rules = new ArrayList<>();
    items.forEach(item -> rules.add(of(item)));
    return List.copyOf(rules);
  }

  /** How a text is compared. */
  enum Kind {
    EQUALS,
    CONTAINS,
    STARTS_WITH,
    ENDS_WITH
  }

  /** A comparison with a text. */
  record Text(Kind kind, String text) implements MatchRule {
    @Override
    public boolean matches(String name) {
      return switch (kind) {
        case EQUALS -> name.equals(text);
        case CONTAINS -> name.contains(text);
        case STARTS_WITH -> name.startsWith(text);
        case ENDS_WITH -> name.endsWith(text);
      };
    }
  }

  /** A regular expression found anywhere. */
  record Regex(Pattern pattern) implements MatchRule {
    @Override
    public boolean matches(String name) {
      return pattern.matcher(name).find();
    }
  }

  /** At least one. */
  record Any(List<MatchRule> rules) implements MatchRule {
    @Override
    public boolean matches(String name) {
      return rules.stream().anyMatch(rule -> rule.matches(name));
    }
  }

  /** Every one. */
  record All(List<MatchRule> rules) implements MatchRule {
    @Override
    public boolean matches(String name) {
      return rules.stream().allMatch(rule -> rule.matches(name));
    }
  }
}
