package dev.tributary.anomaly.core.explain;

import java.math.BigDecimal;

/**
 * Tokens of a bucket and what they cost.
 *
 * @param bucket name, the same before and after
 * @param isInput whether it is a part of the input, cached or not
 * @param tokens not negative
 * @param cost in ledger currency
 */
public record BucketCost(String bucket, boolean isInput, BigDecimal tokens, BigDecimal cost) {}
