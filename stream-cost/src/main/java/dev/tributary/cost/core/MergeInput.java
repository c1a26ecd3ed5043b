package dev.tributary.cost.core;

/** What a combine task sends to the merge tasks. */
public sealed interface MergeInput {

  /**
   * A part of a window; the record key names tenant and series.
   *
   * @param startUs start of the window, event time, microseconds since the epoch
   * @param entries ledger entries combined in it, for counting only
   * @param sums signed sums
   */
  record Partial(long startUs, long entries, PartialWindow sums) implements MergeInput {}

  /**
   * How far a combine task has come: sent after every part that it drained before, to every
   * partition.
   *
   * @param source partition of the ledger that the task reads
   * @param clockUs largest event time seen on it, microseconds since the epoch
   */
  record SourceClock(int source, long clockUs) implements MergeInput {}
}
