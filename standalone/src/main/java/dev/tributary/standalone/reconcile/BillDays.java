package dev.tributary.standalone.reconcile;

import dev.tributary.pricing.reconcile.Bill;
import dev.tributary.pricing.reconcile.BilledLine;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A provider's bill, put together from its pages. */
final class BillDays {
  private final String provider;
  private final List<BilledLine> lines = new ArrayList<>();
  private final Map<LocalDate, String> covered = new HashMap<>();
  private @Nullable LocalDate from;
  private @Nullable LocalDate until;
  private @Nullable String unfinished;

  BillDays(String provider) {
    this.provider = provider;
  }

  /**
   * Takes a day on, also where nothing was billed on it.
   *
   * @param place where it stands
   * @param end first day after; longer buckets are refused, because a month tells no day
   */
  void cover(String place, LocalDate day, LocalDate end) {
    if (!day.plusDays(1).equals(end)) {
      throw new BillException(
          place + ": from " + day + " to " + end + "; daily buckets are needed (bucket_width=1d)");
    }
    String before = covered.put(day, place);
    if (before != null) {
      throw new BillException(place + ": the day " + day + " stands in " + before + " as well");
    }
    from = from == null || day.isBefore(from) ? day : from;
    until = until == null || end.isAfter(until) ? end : until;
  }

  /** Takes a line of a day that is covered. */
  void add(BilledLine line) {
    lines.add(line);
  }

  /** Ends a page; of the last one nothing may be left to fetch. */
  void page(String file, boolean hasMore) {
    unfinished = hasMore ? file : null;
  }

  /**
   * The bill; null: no file was given.
   *
   * @throws BillException where pages or days are missing
   */
  @Nullable Bill bill() {
    if (unfinished != null) {
      throw new BillException(unfinished + ": has_more is true; give the pages after it as well");
    }
    LocalDate first = from;
    LocalDate end = until;
    if (first == null || end == null) {
      return null;
    }
    for (LocalDate day = first; day.isBefore(end); day = day.plusDays(1)) {
      if (!covered.containsKey(day)) {
        throw new BillException(provider + ": the bill has no day " + day + " between others");
      }
    }
    return new Bill(provider, first, end, lines);
  }
}
