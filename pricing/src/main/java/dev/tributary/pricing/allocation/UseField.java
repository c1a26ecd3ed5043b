package dev.tributary.pricing.allocation;

import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What of a call tells that it ran on a pool. */
public enum UseField {
  /** Who bills. */
  SURFACE,
  /** Any of the model's names: canonical, returned, requested. */
  MODEL,
  /** Service tier as the call states it, such as {@code provisioned}. */
  TIER,
  REGION,
  GATEWAY,
  KEY_ALIAS,
  /** The service that emitted the span. */
  SERVICE;

  /** The name in files: lower case. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The field of that name; null: none. */
  public static @Nullable UseField ofWireName(String name) {
    return Arrays.stream(values())
        .filter(field -> field.wireName().equals(name))
        .findFirst()
        .orElse(null);
  }
}
