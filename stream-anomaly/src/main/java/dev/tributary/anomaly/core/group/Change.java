package dev.tributary.anomaly.core.group;

/**
 * Something seen for the first time in a feature.
 *
 * @param kind prompt_version, model, rate_card, deploy, retrieval_version or returned_model
 * @param feature where
 * @param subject whose version: the service of a deploy, the requested model of a returned one;
 *     empty: the feature's
 * @param value what
 * @param seenUs start of the first cell with it, or the first time itself where cells tell it
 */
public record Change(String kind, String feature, String subject, String value, long seenUs) {
  /** A deploy of a service that was there before. */
  public static final String DEPLOY = "deploy";

  /** A version of what is retrieved from. */
  public static final String RETRIEVAL_VERSION = "retrieval_version";

  /** Another model that answers to the same name. */
  public static final String RETURNED_MODEL = "returned_model";

  /** A change of the feature's own. */
  public Change(String kind, String feature, String value, long seenUs) {
    this(kind, feature, "", value, seenUs);
  }

  /** Whether it is one of what cells are not made of: no slice can name it. */
  public boolean isBesideCells() {
    return switch (kind) {
      case DEPLOY, RETRIEVAL_VERSION, RETURNED_MODEL -> true;
      default -> false;
    };
  }

  /** What the subject is, as dimensions are named. */
  public String subjectLabel() {
    return kind.equals(DEPLOY) ? "service" : "model_requested";
  }

  /** What it is, in words. */
  String text() {
    return switch (kind) {
      case DEPLOY -> value + " of " + subject;
      case RETURNED_MODEL -> value + " for " + subject;
      default -> value;
    };
  }

  /** What it is and since when, in words. */
  String sentence() {
    return kind.replace('_', ' ') + ' ' + text() + " first seen " + Times.clock(seenUs);
  }
}
