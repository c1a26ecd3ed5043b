package dev.tributary.pricing;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Who stands behind a rate card; the first layer that has a fitting card prices the call. */
public enum Layer {
  /** A negotiated price. */
  CONTRACT,
  /** Entered by the tenant. */
  TENANT,
  /** A public price, checked by a person. */
  CURATED,
  /** A public price, taken over by an importer's gates. */
  IMPORTED;

  /** The name in catalogues and on topics: lower case. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The layer of that wire name, or null where there is none. */
  public static @Nullable Layer ofWireName(String wireName) {
    for (Layer layer : values()) {
      if (layer.wireName().equals(wireName)) {
        return layer;
      }
    }
    return null;
  }
}
