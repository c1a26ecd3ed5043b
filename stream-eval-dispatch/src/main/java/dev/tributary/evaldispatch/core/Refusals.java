package dev.tributary.evaldispatch.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Jobs that the rate in force would have let through and the money did not: their traces closed
 * before the gap began and came after it. Each is on {@code llm.eval.rates} by itself, so that a
 * replay refuses it, too, and is remembered as long as rates are. Mutable, for one thread.
 */
final class Refusals {
  private final StateLog log;
  private final Map<String, RateChange> byJob = new TreeMap<>();

  Refusals(StateLog log) {
    this.log = log;
  }

  RateChange add(CellStratum of, Candidate candidate) {
    RateChange refused = RateChange.refused(of, candidate.closedAtUs(), candidate.jobId());
    byJob.put(candidate.jobId(), refused);
    log.save(of.key('x', candidate.jobId()), Long.toString(candidate.closedAtUs()));
    return refused;
  }

  void restore(CellStratum of, String jobId, long closedAtUs) {
    byJob.put(jobId, RateChange.refused(of, closedAtUs, jobId));
  }

  /** Forgets and answers those whose traces closed before a time. */
  List<RateChange> removeBefore(long beforeUs) {
    List<RateChange> gone = new ArrayList<>();
    byJob
        .values()
        .removeIf(
            refused -> {
              boolean isOld = refused.fromUs() < beforeUs;
              if (isOld) {
                CellStratum of = new CellStratum(refused.cell(), refused.stratum());
                log.save(of.key('x', String.valueOf(refused.jobId())), null);
                gone.add(refused);
              }
              return isOld;
            });
    return gone;
  }
}
