package dev.tributary.standalone.correct;

import dev.tributary.schemas.LedgerEntry;
import dev.tributary.schemas.LedgerLine;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How the booked lines of what is spread differ from what should be booked. Pure: what is booked is
 * fed entry by entry.
 */
final class SpreadPlan {
  /** A booked line with its revision. */
  private record Booked(LedgerLine line, long revision) {}

  private final String tenant;
  private final Map<Spread, Map<String, LedgerLine>> wanted;
  private final long fromMs;
  private final Map<String, Booked> booked = new HashMap<>();
  private final LineComparison comparison = new LineComparison();

  /**
   * A plan.
   *
   * @param wanted lines that should be booked, by item; what is there without lines is to be
   *     emptied, what is absent is left alone
   * @param fromMs the first record of the ledger that can be about any of them, milliseconds since
   *     the epoch: a line that is not read looks as if it were not booked, and would be booked
   *     again
   */
  SpreadPlan(String tenant, Map<? extends Spread, Map<String, LedgerLine>> wanted, long fromMs) {
    this.tenant = tenant;
    this.wanted = new LinkedHashMap<>(wanted);
    this.fromMs = fromMs;
  }

  /** The first record of the ledger that is to be read, milliseconds since the epoch. */
  long fromMs() {
    return fromMs;
  }

  /** A fold of one partition of the ledger; feed it and hand it to {@link #take}. */
  NetFold<LineChange> fold() {
    return new NetFold<>(this::bookedLine);
  }

  private @Nullable LineChange bookedLine(LedgerEntry entry) {
    LedgerLine line = entry.getLine();
    Spread of = Spread.of(line);
    return of != null && line.getTenant().equals(tenant) && wanted.containsKey(of)
        ? new LineChange(line, entry.getRevision(), null)
        : null;
  }

  /** Takes the net lines of a partition. */
  void take(NetFold<LineChange> fold) {
    fold.forEach((key, change) -> booked.put(key, new Booked(change.any(), change.revision())));
  }

  /** What is to change; what is right already is absent. */
  Map<Spread, List<LineChange>> changes() {
    Map<Spread, Map<String, Booked>> bySpread = new HashMap<>();
    booked.forEach(
        (key, line) ->
            bySpread
                .computeIfAbsent(Spread.of(line.line), unused -> new TreeMap<>())
                .put(line.line.getItem(), line));
    Map<Spread, List<LineChange>> changes = new LinkedHashMap<>();
    wanted.forEach(
        (spread, lines) -> {
          List<LineChange> differences =
              differences(bySpread.getOrDefault(spread, Map.of()), lines);
          if (!differences.isEmpty()) {
            changes.put(spread, differences);
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
}
