package dev.tributary.pricing;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The geography a call is bound to, as far as it changes the price.
 *
 * <p>A call has one of the places, {@link #GLOBAL} or {@link #NONE}. A rate card may besides be
 * {@link #REGIONAL} or {@link #ANY}. The most exact card wins: the call's own scope, then REGIONAL
 * (unless the call is GLOBAL), then ANY.
 */
public enum RegionScope {
  US,
  EU,
  APAC,
  AU,
  JP,
  US_GOV,
  /** Routed anywhere by the provider; usually the cheapest. */
  GLOBAL,
  /** The call names no scope; a card: only calls that name none. */
  NONE,
  /** Only on a card: every scope that is not GLOBAL. */
  REGIONAL,
  /** Only on a card: the price is the same everywhere. */
  ANY;

  private static final Map<String, RegionScope> BY_NAME = byName();

  /** The name in catalogues and on topics: lower case with hyphens. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The scope of that wire name, or null where there is none. */
  public static @Nullable RegionScope ofWireName(String wireName) {
    return BY_NAME.get(wireName);
  }

  /**
   * The scope a call's region attribute names. A data centre as {@code us-east-1} is no scope: it
   * says where the call ran, not what residency was bought.
   */
  static RegionScope ofCall(@Nullable String region) {
    if (region == null || region.isEmpty()) {
      return NONE;
    }
    RegionScope scope = BY_NAME.get(region);
    if (scope == null) {
      scope = BY_NAME.get(region.strip().toLowerCase(Locale.ROOT).replace('_', '-'));
    }
    return scope == null || scope == REGIONAL || scope == ANY ? NONE : scope;
  }

  /** Whether a card of this scope may price a call of that one. */
  boolean covers(RegionScope call) {
    return this == call || this == ANY || (this == REGIONAL && call != GLOBAL);
  }

  private static Map<String, RegionScope> byName() {
    Map<String, RegionScope> names = new HashMap<>();
    for (RegionScope scope : values()) {
      names.put(scope.wireName(), scope);
    }
    return Map.copyOf(names);
  }
}
