package dev.tributary.pricing;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A call to be priced.
 *
 * @param surface who bills; null where unknown
 * @param responseModel the model the provider says it used; preferred
 * @param requestModel the model that was asked for; used where the first is absent or unknown
 * @param region a scope as {@code us}, {@code eu}, {@code global}; anything else, and null, binds
 *     the call to no scope. A prefix of the model name beats it
 * @param serviceTier as the provider names it; null means standard. A suffix of the model name
 *     beats it
 * @param usage the disjoint counts; null where the call reported none
 * @param at event time, which picks the dated card and the hours
 */
public record PricingRequest(
    @Nullable String surface,
    @Nullable String responseModel,
    @Nullable String requestModel,
    @Nullable String region,
    @Nullable String serviceTier,
    @Nullable Usage usage,
    Instant at) {}
