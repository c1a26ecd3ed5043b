package dev.tributary.standalone.correct;

import dev.tributary.schemas.LedgerEntry;
import dev.tributary.schemas.LedgerLine;
import dev.tributary.schemas.LineKind;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How the booked lines of pools' hours differ from what should be booked. Pure: what is booked is
 * fed entry by entry.
 */
final class AllocationPlan {
  /**
   * A pool's hour, which is what one run is about.
   *
   * @param start its first moment
   */
  record PoolHour(String pool, Instant start) {
    /** The run's id: a second run over the hour has the same, and the owner opens one at a time. */
    String runId() {
      return "allocation|" + pool + '|' + start;
    }
  }

  /** A booked line with its revision. */
  private record Booked(LedgerLine line, long revision) {}

  private final String tenant;
  private final Map<PoolHour, Map<String, LedgerLine>> wanted;
  private final Map<String, Booked> booked = new HashMap<>();
  private final LineComparison comparison = new LineComparison();

  /**
   * A plan.
   *
   * @param wanted lines that should be booked, by item; an hour without lines is to be emptied, one
   *     that is absent is left alone
   */
  AllocationPlan(String tenant, Map<PoolHour, Map<String, LedgerLine>> wanted) {
    this.tenant = tenant;
    this.wanted = new LinkedHashMap<>(wanted);
  }

  /** The first record of the ledger that can be about these hours, milliseconds since the epoch. */
  long fromMs() {
    return wanted.keySet().stream().mapToLong(hour -> hour.start().toEpochMilli()).min().orElse(0);
  }

  /** A fold of one partition of the ledger; feed it and hand it to {@link #take}. */
  NetFold<LineChange> fold() {
    return new NetFold<>(this::bookedLine);
  }

  private @Nullable LineChange bookedLine(LedgerEntry entry) {
    LedgerLine line = entry.getLine();
    return line.getKind() == LineKind.ALLOCATION
            && line.getTenant().equals(tenant)
            && wanted.containsKey(hourOf(line))
        ? new LineChange(line, entry.getRevision(), null)
        : null;
  }

  /** Takes the net lines of a partition. */
  void take(NetFold<LineChange> fold) {
    fold.forEach((key, change) -> booked.put(key, new Booked(change.any(), change.revision())));
  }

  /** What is to change, by hour; hours that are right are absent. */
  Map<PoolHour, List<LineChange>> changes() {
    Map<PoolHour, Map<String, Booked>> byHour = new HashMap<>();
    booked.forEach(
        (key, line) ->
            byHour
                .computeIfAbsent(hourOf(line.line), unused -> new TreeMap<>())
                .put(line.line.getItem(), line));
    Map<PoolHour, List<LineChange>> changes = new LinkedHashMap<>();
    wanted.forEach(
        (hour, lines) -> {
          List<LineChange> differences = differences(byHour.getOrDefault(hour, Map.of()), lines);
          if (!differences.isEmpty()) {
            changes.put(hour, differences);
          }
        });
    return changes;
  }

  private List<LineChange> differences(Map<String, Booked> before, Map<String, LedgerLine> after) {
    List<LineChange> changes = new ArrayList<>();
    before.forEach(
        (item, line) -> {
          LedgerLine now = after.get(item);
          if (now == null || !comparison.isAlike(line.line, now)) {
            changes.add(new LineChange(line.line, line.revision, now));
          }
        });
    after.forEach(
        (item, line) -> {
          if (!before.containsKey(item)) {
            changes.add(new LineChange(null, 0, line));
          }
        });
    return changes;
  }

  private static PoolHour hourOf(LedgerLine line) {
    return new PoolHour(
        line.getSource(), Instant.EPOCH.plus(line.getStartTimeUs(), ChronoUnit.MICROS));
  }
}
