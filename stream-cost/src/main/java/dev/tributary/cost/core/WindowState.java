package dev.tributary.cost.core;

/**
 * A window as the merge task stores it.
 *
 * @param revision last revision sent; 0: none yet
 * @param sums signed sums so far
 */
public record WindowState(long revision, PartialWindow sums) {}
