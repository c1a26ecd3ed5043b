package dev.tributary.attribution.core;

import dev.tributary.pricing.Glob;
import org.jspecify.annotations.Nullable;

/** What rules say of values that may be missing. */
final class Patterns {
  private Patterns() {}

  /** A null pattern matches everything, a null text nothing else. */
  static boolean match(@Nullable String glob, @Nullable String text) {
    return glob == null || (text != null && Glob.matches(glob, text));
  }
}
