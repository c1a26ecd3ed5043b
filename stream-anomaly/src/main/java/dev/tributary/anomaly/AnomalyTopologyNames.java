package dev.tributary.anomaly;

/** Names of stores and of the repartition; they become topic names, so a change is a migration. */
final class AnomalyTopologyNames {
  /** Windows of steps that are not judged yet, and of series with episodes. */
  static final String WINDOWS = "windows-by-step";

  /** State of rules by series. */
  static final String SERIES = "series";

  /** Series with an episode that is open or can be amended. */
  static final String EPISODES = "series-with-episodes";

  /** Steps of series that late windows changed. */
  static final String LATE = "late-steps";

  /** How far steps are judged, and how many series there are. */
  static final String DETECT_PROGRESS = "detect-progress";

  /** The repartition topic's name inside the application. */
  static final String FINDINGS = "findings";

  /** Findings and cells of steps that are not closed on every partition. */
  static final String PENDING = "pending-by-step";

  /** Cells of the last hours by feature. */
  static final String CELLS = "cells-by-feature";

  /** What was seen first when, by feature. */
  static final String FIRST_SEEN = "first-seen";

  /** Episodes that are open, by tenant and environment. */
  static final String DESKS = "episodes-by-environment";

  /** How far each source has closed. */
  static final String DESK_PROGRESS = "desk-progress";

  /** Last signal that was told, by scope. */
  static final String SIGNALS = "told-signals";

  /** Reference data, whole timelines; a global store. */
  static final String REFERENCES = "reference";

  private AnomalyTopologyNames() {}
}
