package dev.tributary.anomaly.scenario;

/** What a series of the kit is judged by. */
enum Watched {
  SPEND("feature", "spend_per_hour", 1),
  /** Scores are gathered by the hour. */
  QUALITY("feature", "score.evaluator.helpfulness", 12),
  TOOL("tool", "latency_us_p95", 1),
  ERRORS("feature", "error_share", 1),
  UNTAGGED("provider_surface_model", "untagged_share", 1);

  private final String groupingSet;
  private final String metric;
  private final int steps;

  Watched(String groupingSet, String metric, int steps) {
    this.groupingSet = groupingSet;
    this.metric = metric;
    this.steps = steps;
  }

  String groupingSet() {
    return groupingSet;
  }

  String metric() {
    return metric;
  }

  /** Five-minute windows that make one value. */
  int steps() {
    return steps;
  }

  /** Six in ten of the series are of spend. */
  static Watched of(int number) {
    return switch (number % 10) {
      case 6 -> QUALITY;
      case 7 -> TOOL;
      case 8 -> ERRORS;
      case 9 -> UNTAGGED;
      default -> SPEND;
    };
  }
}
