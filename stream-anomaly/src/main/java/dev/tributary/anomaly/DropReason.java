package dev.tributary.anomaly;

/** Why a record had no effect, by design. */
enum DropReason {
  /** A window of a step that is judged, of a series without an episode there. */
  LATE,
  /** A revision older than the one that is known. */
  OUTDATED,
  /** A window that does not lie within one step, or of no length. */
  MISFIT,
  /** An event or signal that is nobody's alarm. */
  NOT_WATCHED
}
