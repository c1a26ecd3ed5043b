package dev.tributary.attribution.core;

/**
 * Where the join keeps its state; everything it knows is here, the heap holds read caches only.
 *
 * @param spans one entry per span: {@code trace|span}
 * @param lines pages of booked lines: {@code trace|page}
 * @param traces one header per trace: {@code trace}
 * @param deadlines one entry per trace with something to do later: {@code lane + time + trace}
 * @param stubs what is left of old traces: {@code trace|chunk}
 */
public record JoinStores(
    KeyedBytes spans,
    KeyedBytes lines,
    KeyedBytes traces,
    KeyedBytes deadlines,
    KeyedBytes stubs) {}
