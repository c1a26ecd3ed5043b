package dev.tributary.quality;

import org.jspecify.annotations.Nullable;

/**
 * One limit as it was checked.
 *
 * @param dimension name
 * @param limit the limit in words
 * @param outcome of this limit alone, before the policy's word on what is undecided
 * @param ofBaseline how much of the baseline was looked at; null: none is, the limit is of the
 *     candidate alone, or neither has values
 * @param ofCandidate how much of the candidate was; null: neither has values
 * @param interval what was held against the limit; of one relative to the baseline it is as wide as
 *     the error of both; null: too little data
 * @param reason why, in words
 */
public record GateCheck(
    String dimension,
    String limit,
    GateOutcome outcome,
    @Nullable Taken ofBaseline,
    @Nullable Taken ofCandidate,
    @Nullable Interval interval,
    String reason) {}
