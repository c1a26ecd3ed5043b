package dev.tributary.evaldispatch.core;

import org.jspecify.annotations.Nullable;

/**
 * A rate that is in force for traces that close from a time on, or what became of a single job.
 *
 * @param cell policy and team
 * @param stratum of the policy
 * @param fromUs microseconds since the epoch; of a single job when its trace closed
 * @param rate probability
 * @param isGap whether the ceiling stops dispatch
 * @param reason why it changed
 * @param jobId null: about all traces of the stratum; else about this job alone, whatever the rate
 */
public record RateChange(
    Cell cell,
    String stratum,
    long fromUs,
    double rate,
    boolean isGap,
    String reason,
    @Nullable String jobId) {

  /** A rate of all traces of a stratum. */
  static RateChange of(CellStratum of, long fromUs, double rate, boolean isGap, String reason) {
    return new RateChange(of.cell(), of.stratum(), fromUs, rate, isGap, reason, null);
  }

  /** A job that the rate would have let through and the money did not. */
  static RateChange refused(CellStratum of, long closedAtUs, String jobId) {
    return new RateChange(of.cell(), of.stratum(), closedAtUs, 0, true, "too_late", jobId);
  }

  /** As {@code llm.eval.rates} names it: stratum, {@code @}, team. */
  public String stratumAtTeam() {
    return stratum + "@" + cell.team();
  }
}
