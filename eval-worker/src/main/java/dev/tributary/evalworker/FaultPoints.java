package dev.tributary.evalworker;

/** Named points of the work at which a test ends the process. */
@FunctionalInterface
interface FaultPoints {
  String AFTER_POLL = "after-poll";
  String AFTER_CLAIM = "after-claim";
  String AFTER_JUDGE = "after-judge";
  String IN_TRANSACTION = "in-transaction";
  String AFTER_COMMIT = "after-commit";

  /** Nothing happens. */
  FaultPoints NONE = point -> {};

  /** The work is at a point. */
  void reach(String point);
}
