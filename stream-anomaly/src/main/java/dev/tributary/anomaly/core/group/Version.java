package dev.tributary.anomaly.core.group;

import dev.tributary.anomaly.core.StateReader;
import dev.tributary.anomaly.core.StateWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * A version that calls of a cell were made with.
 *
 * @param kind deploy, retrieval_version or returned_model
 * @param subject whose; empty: the feature's
 * @param value the version, or the returned model
 * @param firstUs earliest time in the cell, microseconds
 */
public record Version(String kind, String subject, String value, long firstUs) {
  /** Writes a list. */
  public static void save(List<Version> seen, StateWriter to) {
    to.whole(seen.size());
    for (Version each : seen) {
      to.text(each.kind).text(each.subject).text(each.value).whole(each.firstUs);
    }
  }

  /** Reads what {@link #save} wrote; nothing where the bytes end before, as they once did. */
  public static List<Version> load(StateReader from) {
    List<Version> seen = new ArrayList<>();
    if (from.hasMore()) {
      for (long i = from.whole(); i > 0; i--) {
        seen.add(new Version(from.text(), from.text(), from.text(), from.whole()));
      }
    }
    return seen;
  }
}
