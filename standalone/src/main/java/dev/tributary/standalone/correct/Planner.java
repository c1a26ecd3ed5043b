package dev.tributary.standalone.correct;

import java.util.List;
import java.util.function.Consumer;

/** Finds out which lines are to change, from what the ledger says now. */
interface Planner {
  /**
   * Hands out every change, partition by partition, in no order within one. May be called again and
   * then starts from the ledger anew, so what a run has changed already is no change any more.
   */
  void plan(Consumer<LineChange> changes);

  /** What the last plan left alone and a person should know of. */
  default List<String> notes() {
    return List.of();
  }
}
