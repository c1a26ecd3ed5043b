package dev.tributary.pricing.reconcile;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Whether the ledger begins after the bill does, or ends before it: calls are absent at an edge of
 * the period for far longer than anywhere within it.
 *
 * @param isHeadMissing the ledger begins late
 * @param isTailMissing the ledger ends early
 * @param isHeadQuiet the ledger's first pause is its longest; says something with other evidence
 * @param isTailQuiet the same of its last
 */
record PeriodEdges(
    boolean isHeadMissing, boolean isTailMissing, boolean isHeadQuiet, boolean isTailQuiet) {
  /** Shorter silences are taken for nights and pauses. */
  private static final Duration SHORTEST = Duration.ofHours(1);

  private static final int LONGER = 3;

  /** With fewer moments nobody can say what a usual pause is. */
  private static final int FEWEST = 20;

  /**
   * The edges.
   *
   * @param usage of the bill's provider
   * @param shift how much later than UTC the ledger's clock is to be read to get the bill's days
   */
  static PeriodEdges of(Bill bill, List<EstimatedUsage> usage, Duration shift) {
    Instant from = bill.from().atStartOfDay().toInstant(ZoneOffset.UTC).minus(shift);
    Instant until = bill.until().atStartOfDay().toInstant(ZoneOffset.UTC).minus(shift);
    List<Instant> moments =
        usage.stream()
            .map(EstimatedUsage::at)
            .filter(at -> !at.isBefore(from) && at.isBefore(until))
            .distinct()
            .sorted()
            .toList();
    if (moments.size() < FEWEST) {
      return new PeriodEdges(false, false, false, false);
    }
    Duration longest = Duration.ZERO;
    for (int i = 1; i < moments.size(); i++) {
      Duration pause = Duration.between(moments.get(i - 1), moments.get(i));
      longest = pause.compareTo(longest) > 0 ? pause : longest;
    }
    Duration silence = longest.multipliedBy(LONGER);
    silence = silence.compareTo(SHORTEST) < 0 ? SHORTEST : silence;
    Duration head = Duration.between(from, moments.get(0));
    Duration tail = Duration.between(moments.get(moments.size() - 1), until);
    return new PeriodEdges(
        head.compareTo(silence) > 0,
        tail.compareTo(silence) > 0,
        head.compareTo(longest) > 0,
        tail.compareTo(longest) > 0);
  }

  /** The bill's days of which the ledger lacks a part. */
  Set<LocalDate> cutDays(Bill bill) {
    Set<LocalDate> days = new HashSet<>();
    if (isHeadMissing) {
      days.add(bill.from());
    }
    if (isTailMissing) {
      days.add(bill.until().minusDays(1));
    }
    return days;
  }
}
