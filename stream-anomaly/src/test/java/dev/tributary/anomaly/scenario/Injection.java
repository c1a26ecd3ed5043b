package dev.tributary.anomaly.scenario;

/**
 * What was done when.
 *
 * @param from first window
 * @param to window after the last
 * @param factor what the watched value is multiplied by
 */
record Injection(Scenario scenario, int from, int to, double factor) {
  boolean covers(int window) {
    return window >= from && window < to;
  }

  /** Whether any of the windows, the end excluded, is of it or right after it. */
  boolean touches(int windowFrom, int windowTo, int after) {
    return windowFrom < to + after && windowTo > from;
  }
}
