package dev.tributary.anomaly.scenario;

/**
 * What was done when.
 *
 * @param from first window
 * @param to window after the last
 * @param factor what the cost of the series is multiplied by, 2.0 to 10
 */
record Injection(Scenario scenario, int from, int to, double factor) {
  boolean covers(int window) {
    return window >= from && window < to;
  }
}
