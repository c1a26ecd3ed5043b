package dev.tributary.evaldispatch;

/** Why a result cannot become a score. */
enum RejectReason {
  /** Value not from 0 to 1, or inclusion probability out of bounds. */
  INVALID_SCORE
}
