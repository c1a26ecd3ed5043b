package dev.tributary.console.core;

/** Versions of prompts beside each other: feature, prompt, version and model. */
final class PromptQueries {
  private static final String KEYS =
      "toString(feature) AS feature_key, toString(prompt_name) AS prompt_key,"
          + " toString(prompt_version) AS version_key, ";

  private static final String NAMED_KEYS =
      "feature_key AS feature, prompt_key AS prompt_name, version_key AS prompt_version,"
          + " model_key AS model";

  private static final String GROUP = "feature_key, prompt_key, version_key, model_key";

  private PromptQueries() {}

  /** Money and traffic. */
  static Query table(Arguments arguments) {
    return new Statement(arguments)
        .within("event_time", arguments.range())
        .filterLines(arguments)
        .query(
            """
            SELECT $KEYS, $NAMED, first_ms
            FROM (
              SELECT $GROUPS,
                $SUMS,
                toUnixTimestamp64Milli(min(event_time)) AS first_ms
              FROM lines_signed AS l
              WHERE $WHERE
              GROUP BY $BY
              HAVING n_calls > 0)
            ORDER BY feature, prompt_name, first_ms, prompt_version, amount DESC NULLS LAST, model
            LIMIT 500"""
                .replace("$KEYS", NAMED_KEYS)
                .replace("$NAMED", Sums.NAMED)
                .replace("$GROUPS", KEYS + "toString(model) AS model_key")
                .replace("$SUMS", Sums.ALL)
                .replace("$BY", GROUP));
  }

  /** Latency of the same, over net calls. */
  static Query latency(Arguments arguments) {
    return new Statement(arguments)
        .within("event_time", arguments.range())
        .filterLines(arguments)
        .query(
            """
            SELECT $KEYS, p50_us, p95_us
            FROM (
              SELECT $GROUPS, quantileExactLow(0.5)(latency_us) AS p50_us,
                quantileExactWeighted(0.95)(latency_us, 1) AS p95_us
              FROM calls_net
              WHERE $WHERE
              GROUP BY $BY)
            LIMIT 5000"""
                .replace("$KEYS", NAMED_KEYS)
                .replace("$GROUPS", KEYS + "toString(model) AS model_key")
                .replace("$BY", GROUP));
  }

  /** Scores of the same. */
  static Query scores(Arguments arguments) {
    return new Statement(arguments)
        .where(Scores.VALUED)
        .within(Scores.TIME, arguments.range())
        .filterScores(arguments)
        .query(
            """
            SELECT $KEYS, name, source, direction, n, mean, standard_error
            FROM (
              SELECT $GROUPS, $MEANS
              FROM scores_net
              WHERE $WHERE
              GROUP BY $BY, name, source, direction)
            ORDER BY n DESC, name, source
            LIMIT 5000"""
                .replace("$KEYS", NAMED_KEYS)
                .replace("$GROUPS", KEYS + Dimension.MODEL.ofScores() + " AS model_key")
                .replace("$MEANS", Scores.COLUMNS)
                .replace("$BY", GROUP));
  }
}
