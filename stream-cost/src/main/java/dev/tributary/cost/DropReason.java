package dev.tributary.cost;

/** Why a record had no effect on windows, by design. */
enum DropReason {
  /** A line that tells windows nothing: a step, or an agent whose calls own the usage. */
  NO_MEASURE,
  /** A part of a window that can no longer change. */
  BEYOND_REVISABLE,
  /** A record in a part that was not committed; whoever has the partition now reads it again. */
  REASSIGNED
}
