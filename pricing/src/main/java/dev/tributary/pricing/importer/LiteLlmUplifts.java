package dev.tributary.pricing.importer;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tributary.pricing.RegionScope;
import dev.tributary.pricing.ServiceTier;
import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Factors on the price of tokens that an entry states beside its prices.
 *
 * @param regions factor of processing bound to a region
 * @param tiers factor of a class of service on the standard price
 */
record LiteLlmUplifts(Map<RegionScope, BigDecimal> regions, Map<ServiceTier, BigDecimal> tiers) {
  private static final String REGION = "regional_processing_uplift_multiplier_";
  private static final String BY_NAME = "provider_specific_entry";

  /**
   * Reads an entry.
   *
   * @param unknown told each factor that is neither of a region nor of a tier
   */
  static LiteLlmUplifts of(JsonNode entry, Consumer<String> unknown) {
    LiteLlmUplifts uplifts =
        new LiteLlmUplifts(new EnumMap<>(RegionScope.class), new EnumMap<>(ServiceTier.class));
    for (Map.Entry<String, JsonNode> member : entry.properties()) {
      String field = member.getKey();
      if (field.startsWith(REGION)) {
        uplifts.add(field, field.substring(REGION.length()), member.getValue(), unknown);
      } else if (field.equals(BY_NAME)) {
        for (Map.Entry<String, JsonNode> named : member.getValue().properties()) {
          uplifts.add(field + '.' + named.getKey(), named.getKey(), named.getValue(), unknown);
        }
      }
    }
    return uplifts;
  }

  private void add(String field, String name, JsonNode value, Consumer<String> unknown) {
    if (!value.isNumber() || value.decimalValue().signum() <= 0) {
      unknown.accept(field);
      return;
    }
    RegionScope region = place(name);
    ServiceTier tier = tier(name);
    if (region != null) {
      regions.put(region, value.decimalValue());
    } else if (tier != null) {
      tiers.put(tier, value.decimalValue());
    } else {
      unknown.accept(field);
    }
  }

  private static @Nullable RegionScope place(String name) {
    RegionScope region = RegionScope.ofWireName(name);
    return region == RegionScope.ANY || region == RegionScope.NONE ? null : region;
  }

  private static @Nullable ServiceTier tier(String name) {
    for (ServiceTier tier : ServiceTier.values()) {
      if (tier != ServiceTier.STANDARD && tier.wireName().equals(name)) {
        return tier;
      }
    }
    return null;
  }
}
