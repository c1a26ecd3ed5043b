package dev.tributary.pricing;

import org.jspecify.annotations.Nullable;

/**
 * What a raw model name means on a surface.
 *
 * @param canonicalModel the catalogue's model, or null where the name is unknown
 * @param regionScope the scope a prefix as {@code us.} names; null where there is none
 * @param serviceTier the tier a suffix as {@code :batch} names; null where there is none
 * @param step which step decided
 */
public record ModelResolution(
    @Nullable String canonicalModel,
    @Nullable RegionScope regionScope,
    @Nullable ServiceTier serviceTier,
    ModelStep step) {}
