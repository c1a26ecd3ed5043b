package dev.tributary.pricing;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Takes off a raw model name what is packaging. Runs once per distinct name, so clarity beats
 * speed.
 *
 * @param candidates what is left, most specific first, lower case
 * @param regionScope the scope a prefix names, or null
 * @param serviceTier the tier a suffix names, or null
 */
record ModelCanonicaliser(
    List<String> candidates, @Nullable RegionScope regionScope, @Nullable ServiceTier serviceTier) {

  private static final Map<String, RegionScope> REGION_PREFIXES =
      Map.of(
          "us.", RegionScope.US,
          "eu.", RegionScope.EU,
          "global.", RegionScope.GLOBAL,
          "apac.", RegionScope.APAC,
          "au.", RegionScope.AU,
          "jp.", RegionScope.JP,
          "us-gov.", RegionScope.US_GOV);

  /** Azure's deployments as gateways write them: {@code azure/eu/gpt-4o}. */
  private static final Map<String, RegionScope> REGION_FOLDERS =
      Map.of("us/", RegionScope.US, "eu/", RegionScope.EU, "global/", RegionScope.GLOBAL);

  private static final Map<String, ServiceTier> TIER_SUFFIXES =
      Map.of(":free", ServiceTier.FREE, ":batch", ServiceTier.BATCH);

  /** Packaging that SDKs and gateways put before a model and that is no provider name. */
  private static final Set<String> GATEWAY_PREFIXES =
      Set.of("litellm_proxy", "litellm", "models", "chat", "converse");

  static ModelCanonicaliser of(String raw) {
    String name = raw.strip().toLowerCase(Locale.ROOT).replaceAll("\\s+", "-");
    name = withoutResourcePath(name);
    ServiceTier tier = null;
    for (Map.Entry<String, ServiceTier> suffix : TIER_SUFFIXES.entrySet()) {
      if (name.endsWith(suffix.getKey())) {
        tier = suffix.getValue();
        name = name.substring(0, name.length() - suffix.getKey().length());
      }
    }
    name = withoutSuffix(name, "[1m]");
    List<String> candidates = new ArrayList<>();
    RegionScope region = addVariants(candidates, name);
    // A slash may belong to the model, as in openai/gpt-oss-120b: shorter names come after the
    // whole one.
    while (isPackaged(name)) {
      name = name.substring(name.indexOf('/') + 1);
      RegionScope inner = addVariants(candidates, name);
      region = inner != null ? inner : region;
    }
    return new ModelCanonicaliser(List.copyOf(candidates), region, tier);
  }

  private static @Nullable RegionScope addVariants(List<String> candidates, String name) {
    RegionScope region = null;
    String rest = name;
    for (Map.Entry<String, RegionScope> prefix : REGION_PREFIXES.entrySet()) {
      if (name.startsWith(prefix.getKey())) {
        region = prefix.getValue();
        rest = name.substring(prefix.getKey().length());
      }
    }
    candidates.add(rest);
    for (Map.Entry<String, RegionScope> prefix : REGION_FOLDERS.entrySet()) {
      if (name.startsWith(prefix.getKey())) {
        region = prefix.getValue();
        rest = name.substring(prefix.getKey().length());
        candidates.add(rest);
      }
    }
    String undated = withoutDate(rest);
    if (!undated.equals(rest)) {
      candidates.add(undated);
    }
    return region;
  }

  private static boolean isPackaged(String name) {
    int slash = name.indexOf('/');
    if (slash <= 0 || slash == name.length() - 1) {
      return false;
    }
    String head = name.substring(0, slash);
    return GATEWAY_PREFIXES.contains(head) || SurfaceTable.providerNames().contains(head);
  }

  /**
   * {@code arn:…/X}, {@code projects/p/…/models/X}, {@code publishers/p/models/X} and {@code
   * models/X} all mean X.
   */
  private static String withoutResourcePath(String name) {
    if (name.startsWith("arn:")) {
      return name.substring(name.lastIndexOf('/') + 1);
    }
    if (name.startsWith("models/")) {
      return name.substring("models/".length());
    }
    int models = name.indexOf("/models/");
    if (models >= 0 && (name.startsWith("publishers/") || name.startsWith("projects/"))) {
      return name.substring(models + "/models/".length());
    }
    return name;
  }

  private static String withoutSuffix(String name, String suffix) {
    return name.endsWith(suffix) ? name.substring(0, name.length() - suffix.length()) : name;
  }

  /** Takes off {@code @20251001}, {@code @default}, {@code -20251001} and {@code -2025-10-01}. */
  private static String withoutDate(String name) {
    int at = name.lastIndexOf('@');
    if (at > 0) {
      return name.substring(0, at);
    }
    return name.replaceFirst(
        "-20\\d{2}(-(0[1-9]|1[0-2])-([0-2]\\d|3[01])|(0[1-9]|1[0-2])([0-2]\\d|3[01]))$", "");
  }
}
