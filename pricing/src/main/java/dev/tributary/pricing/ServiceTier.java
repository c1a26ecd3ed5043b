package dev.tributary.pricing;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The class of service a call was billed under. */
public enum ServiceTier {
  STANDARD,
  BATCH,
  FLEX,
  PRIORITY,
  FAST,
  FREE,
  PROVISIONED;

  private static final Map<String, ServiceTier> BY_NAME = byName();

  /** Its place in arrays of this process; nothing outside may depend on it. */
  @SuppressWarnings("EnumOrdinal")
  int index() {
    return ordinal();
  }

  /** The name in catalogues and on topics: lower case. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Reads what a provider or an SDK calls the tier. Absent, {@code default}, {@code auto} and
   * {@code on_demand} all mean that no special tier was chosen.
   *
   * @param text the name, in any case; null where the payload names none
   * @return the tier, or null for a name nobody priced: such a call has no price, it does not fall
   *     back to standard
   */
  public static @Nullable ServiceTier parse(@Nullable String text) {
    if (text == null || text.isEmpty()) {
      return STANDARD;
    }
    ServiceTier tier = BY_NAME.get(text);
    return tier != null ? tier : BY_NAME.get(text.strip().toLowerCase(Locale.ROOT));
  }

  private static Map<String, ServiceTier> byName() {
    Map<String, ServiceTier> names = new HashMap<>();
    for (ServiceTier tier : values()) {
      names.put(tier.wireName(), tier);
    }
    names.put("default", STANDARD);
    names.put("auto", STANDARD);
    names.put("on_demand", STANDARD);
    return Map.copyOf(names);
  }
}
