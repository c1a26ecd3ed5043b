package dev.tributary.standalone.lint;

import java.util.Locale;

/**
 * What the quality score is made of. The weights say how much of what the ledger is for is lost
 * where the check fails; the view {@code instrumentation_checks} of sink-clickhouse has the same.
 */
enum Check {
  /** Spans that were not refused. */
  ACCEPTED(15),
  /** Spans whose service has a name of its own. */
  SERVICE(5),
  /** Successful calls with token counts that the provider reported, of both sides. */
  USAGE(20),
  /** Successful calls whose answering model is stated. */
  MODEL(10),
  /** Calls whose provider is stated. */
  PROVIDER(5),
  /** Successful chat calls that say why they ended. */
  FINISH_REASON(10),
  /** Failed calls with an error type or an HTTP status. */
  ERROR_TYPE(5),
  /** Calls whose feature is known without an ownership rule. */
  FEATURE(10),
  /** Calls whose team is known without an ownership rule. */
  TEAM(5),
  /** Calls whose workspace is known. */
  WORKSPACE(5),
  /** Calls whose environment is known. */
  ENVIRONMENT(5),
  /** Calls whose prompt version is known. */
  PROMPT_VERSION(2),
  /** Spans that are not orphans. */
  PARENT(10),
  /** Spans that do not start before their parent. */
  CLOCK(5),
  /** Calls that no second instrumentation recorded as well. */
  ONCE(8);

  private final int weight;

  Check(int weight) {
    this.weight = weight;
  }

  /** Points of the score that depend on it, before checks without a case are left out. */
  int weight() {
    return weight;
  }

  /** Name in JSON and in ClickHouse. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
