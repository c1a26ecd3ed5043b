package dev.tributary.evaldispatch;

/** Names of stores and repartitions; they become topic names, so a change is a migration. */
final class DispatchTopologyNames {
  /** Reference data, whole timelines; a global store. */
  static final String REFERENCES = "reference";

  /** Closed traces by tenant and trace, for the dimensions of scores. */
  static final String SUBJECTS = "subjects-by-trace";

  /** The last closed trace of each session. */
  static final String SESSIONS = "subjects-by-session";

  /** When prompt versions and models were first seen in the partition. */
  static final String FIRST_SEEN = "first-seen";

  /** Jobs without an answer by id. */
  static final String PENDING = "pending-jobs";

  /** Results without a closed trace by trace and id. */
  static final String WAITING = "waiting-results";

  /** Ids of scores that were written. */
  static final String WRITTEN = "written-scores";

  /** What has to be looked at when, ordered by time. */
  static final String DEADLINES = "deadlines";

  /** State of the controller. */
  static final String CONTROLLER = "controller-state";

  /** Repartition to the one task of the controller. */
  static final String CONTROL = "eval-control";

  /** Repartition of closed traces by session. */
  static final String BY_SESSION = "eval-sessions";

  private DispatchTopologyNames() {}
}
