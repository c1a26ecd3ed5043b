package dev.tributary.standalone.demo;

/**
 * A new prompt version that goes live: from then on it serves all of a feature's tagged traffic in
 * production. It is the event that the demo's one episode is about.
 *
 * @param feature the feature as it is afterwards: larger prompts, longer answers
 * @param version the prompt version
 * @param fromUs when, microseconds since the epoch
 */
record Release(Feature feature, String version, long fromUs) {
  private static final String SUPPORT_ANSWER = "support-answer";
  private static final int INPUT_TOKENS = 16_400;
  private static final int OUTPUT_TOKENS = 1_100;

  /**
   * Prompt v3 of support-answer hands over three times the documents and asks for detail: a call
   * costs 2.7 times as much.
   */
  static Release verbosePrompt(long fromUs) {
    Feature before =
        Company.FEATURES.stream()
            .filter(feature -> feature.name().equals(SUPPORT_ANSWER))
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("no feature " + SUPPORT_ANSWER));
    return new Release(
        new Feature(
            before.name(),
            before.team(),
            before.saysTeam(),
            before.service(),
            before.shape(),
            before.main(),
            before.fallback(),
            before.weight(),
            INPUT_TOKENS,
            OUTPUT_TOKENS),
        "v3",
        fromUs);
  }

  /** Whether it serves a trace. */
  boolean covers(Feature of, String environment, long startUs) {
    return startUs >= fromUs
        && environment.equals(TraceWriter.PRODUCTION)
        && of.name().equals(feature.name());
  }
}
