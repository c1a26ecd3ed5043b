package dev.tributary.attribution.core;

import org.jspecify.annotations.Nullable;

/** Matches text against a pattern in which {@code *} stands for any text. Anchored, linear. */
final class Glob {
  private Glob() {}

  /** A null pattern matches everything, a null text nothing else. */
  static boolean matches(@Nullable String pattern, @Nullable String text) {
    if (pattern == null) {
      return true;
    }
    if (text == null) {
      return false;
    }
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
