package dev.tributary.attribution.core;

/**
 * Where the join keeps its state; everything it knows is here, the heap holds read caches only.
 *
 * @param spans one entry per span, by tenant, trace and span id
 * @param lines pages of booked lines, by tenant, trace id and page
 * @param traces one header per trace, by tenant and trace id
 * @param deadlines one entry per trace with something to do later, by time
 * @param stubs what is left of old traces, by tenant, trace id and chunk
 */
public record JoinStores(
    KeyedBytes spans,
    KeyedBytes lines,
    KeyedBytes traces,
    KeyedBytes deadlines,
    KeyedBytes stubs) {}
