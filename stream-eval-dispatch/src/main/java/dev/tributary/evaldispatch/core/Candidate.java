package dev.tributary.evaldispatch.core;

import java.math.BigDecimal;

/**
 * A job that the controller may let through.
 *
 * @param jobId trace, evaluator and version
 * @param cell whose ceiling counts
 * @param stratum the trace's
 * @param draw chosen where below the rate
 * @param mostRate below which it had to be for this candidate to come, by the policy of then: a
 *     rate that is in force still may be above it
 * @param closedAtUs when the trace closed: decides which rate holds
 * @param mostCost reserved where it is let through, ledger currency
 */
public record Candidate(
    String jobId,
    Cell cell,
    String stratum,
    double draw,
    double mostRate,
    long closedAtUs,
    BigDecimal mostCost) {}
