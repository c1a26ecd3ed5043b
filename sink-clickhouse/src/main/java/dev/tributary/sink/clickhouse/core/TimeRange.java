package dev.tributary.sink.clickhouse.core;

/**
 * Between which times the rows of a block lie.
 *
 * @param firstUs the earliest, microseconds since the epoch
 * @param lastUs the latest
 */
public record TimeRange(long firstUs, long lastUs) {}
