package dev.tributary.alertrouter.core;

import dev.tributary.pricing.Glob;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Says which alerts a policy is about. All of its patterns must match; {@code *} stands for any
 * text. A field that the alert does not have matches nothing.
 *
 * @param patterns pattern by field: {@code team}, {@code severity}, a dimension and so on; not
 *     empty
 */
public record Matcher(SortedMap<String, String> patterns) {
  /** Copies the patterns, of which there must be one: silence about everything is a mistake. */
  public Matcher {
    patterns = new TreeMap<>(patterns);
    if (patterns.isEmpty()) {
      throw new IllegalArgumentException("match: at least one field");
    }
  }

  /** True where it is about the alert. */
  public boolean matches(Notice notice) {
    Map<String, String> fields = notice.fields();
    return patterns.entrySet().stream()
        .allMatch(
            pattern -> {
              String value = fields.get(pattern.getKey());
              return value != null && Glob.matches(pattern.getValue(), value);
            });
  }
}
