package dev.tributary.anomaly.core.series;

/** Metrics that one cause moves together; episodes are grouped within a family only. */
public enum Family {
  COST,
  ERRORS,
  LATENCY,
  ANSWERS,
  QUALITY,
  COVERAGE
}
