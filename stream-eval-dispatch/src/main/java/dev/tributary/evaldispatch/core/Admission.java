package dev.tributary.evaldispatch.core;

import java.util.List;

/** What the controller says to a candidate. */
public sealed interface Admission {

  /**
   * The job goes out.
   *
   * @param inclusionProbability with which it was drawn, in (0, 1]
   */
  record Admitted(double inclusionProbability) implements Admission {}

  /** The draw is not below the rate: the weight of those drawn stands for it. */
  record NotDrawn(double rate) implements Admission {}

  /**
   * Nobody stands for it.
   *
   * @param reason why
   * @param changes rates that hold from now on, because the ceiling was just reached, or this one
   *     job's refusal; else empty
   */
  record Gap(Reason reason, List<RateChange> changes) implements Admission {}

  /** The same job was a candidate before. */
  record Repeated() implements Admission {}

  /** Why a trace fell into a gap. */
  enum Reason {
    /** The ceiling of the hour or day is reached. */
    CEILING,
    /** It closed before the first rate of its team and stratum. */
    NO_RATE,
    /** The policy is no longer in force, or asks for the evaluator no more. */
    NO_POLICY,
    /**
     * It closed before the gap began but came after the money was gone: {@code llm.eval.rates} says
     * so of this job alone.
     */
    TOO_LATE
  }
}
