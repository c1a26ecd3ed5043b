package dev.tributary.alertrouter;

/** The moments between delivery and commit, so that tests can die at each of them. */
@FunctionalInterface
interface FaultPoints {
  /** Which alerts a notification holds is written down, and it is not sent. */
  String AFTER_ANNOUNCEMENT = "after-announcement";

  /** The receiver has it and nobody wrote that down. */
  String AFTER_DELIVERY = "after-delivery";

  /** It is written down and its offset is not committed. */
  String BEFORE_COMMIT = "before-commit";

  /** Nothing ever happens. */
  FaultPoints NONE = step -> {};

  /** The router is at the step; may not return. */
  void reach(String step);
}
