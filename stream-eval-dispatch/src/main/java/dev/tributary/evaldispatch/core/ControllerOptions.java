package dev.tributary.evaldispatch.core;

/**
 * How the controller acts.
 *
 * @param leadUs how long before it is in force a rate is written, microseconds
 * @param mostQueued jobs in flight per policy and team above which rates are lowered
 * @param keepUs how long rates and spend are remembered, microseconds
 */
public record ControllerOptions(long leadUs, int mostQueued, long keepUs) {}
