package dev.tributary.console.core;

/** Means over {@code scores_net}, with the definitions of the views {@code comparison_scores}. */
final class Scores {
  /** At the end of what was scored, beside its cost. */
  static final String TIME = "coalesce(subject_end, scored_at)";

  /** Business outcomes are amounts and words, no quality. */
  static final String VALUED =
      "status = 'SCORED' AND value IS NOT NULL AND source != 'BUSINESS'"
          + " AND coalesce(inclusion_probability, 1) > 0";

  private static final String WEIGHT = "(1 / coalesce(inclusion_probability, 1))";

  /** Null as a standard error below two scores; linearised, as in {@code score_means}. */
  static final String COLUMNS =
      "toString(name) AS name, toString(source) AS source, toString(direction) AS direction,"
          + " count() AS n,\n  sum("
          + WEIGHT
          + " * value) / sum("
          + WEIGHT
          + ") AS mean,\n  if(n < 2, NULL, sqrt(greatest(0, sum(pow("
          + WEIGHT
          + " * value, 2)) - 2 * mean * sum(pow("
          + WEIGHT
          + ", 2) * value) + pow(mean, 2) * sum(pow("
          + WEIGHT
          + ", 2))) / pow(sum("
          + WEIGHT
          + "), 2) * n / (n - 1))) AS standard_error";

  private Scores() {}
}
