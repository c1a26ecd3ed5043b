package dev.tributary.pricing;

/** What became of reported counts. */
public sealed interface UsageResult {

  /**
   * Counts that add up.
   *
   * @param usage the disjoint buckets
   * @param assumedTtl some cache writes did not say how long they live and stand in the five-minute
   *     bucket
   */
  record Valid(Usage usage, boolean assumedTtl) implements UsageResult {}

  /**
   * Counts that contradict each other. Nothing is clamped: a wrong count has no price.
   *
   * @param reason which count, and how; holds numbers and field names only
   */
  record Invalid(String reason) implements UsageResult {}

  /** No count was reported. */
  record Missing() implements UsageResult {}
}
