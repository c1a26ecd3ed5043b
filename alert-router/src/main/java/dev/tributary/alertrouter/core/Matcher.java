package dev.tributary.alertrouter.core;

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
              return value != null && glob(pattern.getValue(), value);
            });
  }

  /** Two pointers: the last star is tried again with one more character; no backtracking beyond. */
  static boolean glob(String pattern, String text) {
    int p = 0;
    int t = 0;
    int star = -1;
    int resume = 0;
    while (t < text.length()) {
      if (p < pattern.length() && pattern.charAt(p) == '*') {
        star = p++;
        resume = t;
      } else if (p < pattern.length() && pattern.charAt(p) == text.charAt(t)) {
        p++;
        t++;
      } else if (star >= 0) {
        p = star + 1;
        t = ++resume;
      } else {
        return false;
      }
    }
    while (p < pattern.length() && pattern.charAt(p) == '*') {
      p++;
    }
    return p == pattern.length();
  }
}
