package dev.tributary.cost;

/** Names of stores and of the repartition; they become topic names, so a change is a migration. */
final class CostTopologyNames {
  /** Parts of windows on the heap of a combine task; no changelog. */
  static final String PARTS = "window-parts";

  /** Parts of windows of scores on the heap of a combine task; no changelog. */
  static final String SCORE_PARTS = "score-parts";

  /** The repartition topic's name inside the application. */
  static final String PARTIALS = "window-partials";

  /** Windows by start and series. */
  static final String WINDOWS = "windows-by-start";

  /** Windows that changed after their minute was closed, until the next tick. */
  static final String LATE = "late-windows";

  /** Cells by start and feature. */
  static final String CELLS = "cells-by-start";

  /** Cells that changed after their five minutes were closed, until the next tick. */
  static final String LATE_CELLS = "late-cells";

  /** Spend by day, scope and quarter of an hour. */
  static final String SPEND = "spend-by-day";

  /** Spend of the last hours by scope and minute. */
  static final String RECENT_SPEND = "recent-spend";

  /** Crossings of budgets' thresholds that were told. */
  static final String CROSSINGS = "budget-crossings";

  /** The last signal of each budget. */
  static final String BUDGET_SIGNALS = "budget-signals";

  /** Spend that changed since the last tick. */
  static final String CHANGED_SPEND = "changed-spend";

  /** Reference data, whole timelines; a global store. */
  static final String REFERENCES = "reference";

  /** Clocks by source, and how far minutes are closed and windows and cells evicted. */
  static final String PROGRESS = "merge-progress";

  private CostTopologyNames() {}
}
