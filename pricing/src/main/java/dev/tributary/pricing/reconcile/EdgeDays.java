package dev.tributary.pricing.reconcile;

import dev.tributary.pricing.Bucket;
import java.time.LocalDate;
import java.util.List;

/**
 * What differs about quantities where only the first and the last day do: then not telemetry failed
 * but one of the sides was cut. A bill without its latest usage, as one asked for too early, is
 * such a cut.
 *
 * @param isHeadMissing the ledger lacks the beginning
 * @param isTailMissing the ledger lacks the end
 * @param isHeadNotBilled the bill lacks the beginning
 * @param isTailNotBilled the bill lacks the end
 */
record EdgeDays(
    boolean isHeadMissing,
    boolean isTailMissing,
    boolean isHeadNotBilled,
    boolean isTailNotBilled) {

  static EdgeDays of(Bill bill, List<Part> parts, PeriodEdges edges) {
    LocalDate first = bill.from();
    LocalDate last = bill.until().minusDays(1);
    List<Part> quantities = parts.stream().filter(EdgeDays::isQuantity).toList();
    boolean isElseAlike =
        first.isBefore(last)
            && quantities.stream()
                .map(part -> part.cell().key().day())
                .allMatch(day -> day.equals(first) || day.equals(last));
    if (!isElseAlike) {
      return new EdgeDays(edges.isHeadMissing(), edges.isTailMissing(), false, false);
    }
    boolean isHeadNotBilled = isNotBilled(quantities, first);
    boolean isTailNotBilled = isNotBilled(quantities, last);
    return new EdgeDays(
        edges.isHeadMissing() || edges.isHeadQuiet() || isTailNotBilled,
        edges.isTailMissing() || edges.isTailQuiet() || isHeadNotBilled,
        isHeadNotBilled,
        isTailNotBilled);
  }

  private static boolean isQuantity(Part part) {
    return part.amount().signum() != 0
        && (part.cause() == Cause.UNTRACKED_USAGE || part.cause() == Cause.NOT_BILLED);
  }

  /** Whole calls are missing on the bill, and no other: more than the input, and nothing more. */
  private static boolean isNotBilled(List<Part> parts, LocalDate day) {
    List<Part> ofDay = parts.stream().filter(part -> part.cell().key().day().equals(day)).toList();
    return ofDay.stream().allMatch(part -> part.amount().signum() < 0)
        && ofDay.stream().anyMatch(part -> part.cell().key().bucket() != Bucket.INPUT_UNCACHED);
  }
}
