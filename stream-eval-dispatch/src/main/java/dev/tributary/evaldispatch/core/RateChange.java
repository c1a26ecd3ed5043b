package dev.tributary.evaldispatch.core;

/**
 * A rate that is in force for traces that close from a time on.
 *
 * @param cell policy and team
 * @param stratum of the policy
 * @param fromUs microseconds since the epoch
 * @param rate probability
 * @param isGap whether the ceiling stops dispatch
 * @param reason why it changed
 */
public record RateChange(
    Cell cell, String stratum, long fromUs, double rate, boolean isGap, String reason) {

  /** As {@code llm.eval.rates} names it: stratum, {@code @}, team. */
  public String stratumAtTeam() {
    return stratum + "@" + cell.team();
  }
}
