/**
 * Ledger to windows: signed one-minute sums by grouping set, combined on the heap of each ledger
 * partition's task, merged per series, and sent when their minute is closed. Totals are those of
 * the ledger; a window says what happened when. Percentiles come from signed buckets, so a
 * retraction takes a call out of them too.
 */
@NullMarked
package dev.tributary.cost;

import org.jspecify.annotations.NullMarked;
