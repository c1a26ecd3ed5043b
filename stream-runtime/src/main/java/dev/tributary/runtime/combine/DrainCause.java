package dev.tributary.runtime.combine;

/** Why a store is drained. */
public enum DrainCause {
  /** The task is about to commit. */
  COMMIT,
  /** The store is full; the commit comes later. */
  FULL
}
