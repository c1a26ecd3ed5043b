package dev.tributary.evaldispatch;

/** Why an input had no effect, by design. */
enum DropReason {
  /** A judge's own trace. */
  PURPOSE_EVAL,
  /** A trace whose purpose nobody here knows: it may be a judge's own. */
  PURPOSE_UNKNOWN,
  /** A later revision of a trace that no policy wants to see again. */
  REVISION,
  /** A trace that was decided before, or a result that was written before. */
  DUPLICATE,
  /** An answer to an attempt that another has replaced. */
  OLD_ATTEMPT,
  /** A job that is answered already. */
  ANSWERED,
  /** A job that dispatch itself sent again. */
  NOT_PENDING
}
