package dev.tributary.anomaly.core.explain;

import java.util.Map;

/**
 * A combination of dimension values and what it has to do with a change.
 *
 * @param values dimension to value, in the order of the dimensions; empty: the whole
 * @param isCause whether it is one of the causes that together explain the change
 * @param score 0 to 1; causes from 0.5, others below
 * @param before metric before
 * @param after metric after
 * @param excess what the change would be less by, had this slice not changed: for a sum, after
 *     minus before; for a ratio, its share of the ratio's change
 * @param share excess over the whole change; NaN where that is no more than chance does to the sum
 *     of all cells
 * @param cells leaf cells in it that are not zero on both sides
 */
public record Slice(
    Map<String, String> values,
    boolean isCause,
    double score,
    double before,
    double after,
    double excess,
    double share,
    int cells) {}
