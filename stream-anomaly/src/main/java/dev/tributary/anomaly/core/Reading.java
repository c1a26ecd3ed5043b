package dev.tributary.anomaly.core;

/**
 * What a window of a series means.
 *
 * @param score surprise from 0 to 1, either direction, comparable across series; 0.5 is about one
 *     window in ten thousand
 * @param status where the series stands after the window
 * @param baseline what was expected, in the unit of the value; NaN before the first value
 * @param ratio value over baseline as the rule reads it, 1 where it is as expected, below 1 for a
 *     drop
 * @param breach whether this window may be one of those that open an episode
 * @param levelShift whether the series resolved because its new level was accepted
 */
public record Reading(
    double score,
    SeriesStatus status,
    double baseline,
    double ratio,
    boolean breach,
    boolean levelShift) {}
