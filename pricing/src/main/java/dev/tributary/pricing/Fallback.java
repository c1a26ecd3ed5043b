package dev.tributary.pricing;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a card says about a bucket that has neither a rate nor a rule of its own. */
public enum Fallback {
  /** It has no price: the call is {@link PriceStatus#PARTIAL}. */
  NONE,
  /**
   * It costs as the nearest whole it is part of that has a rate, as cached input costs as input.
   */
  PARENT;

  /** The name in catalogues and on topics: lower case. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The rule of that wire name, or null where there is none. */
  public static @Nullable Fallback ofWireName(String wireName) {
    return switch (wireName) {
      case "none" -> NONE;
      case "parent" -> PARENT;
      default -> null;
    };
  }
}
