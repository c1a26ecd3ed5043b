package dev.tributary.attribution.core;

import java.util.ArrayList;
import java.util.List;

/**
 * The index of what is due when: keys in the order of time, so that taking what is due costs what
 * is due and nothing else. A second lane holds the closed traces without a root by age.
 */
final class Deadlines {
  private static final String DUE = "d";
  private static final String ROOTLESS = "r";
  private static final byte[] NOTHING = {0};
  private static final int TIME_DIGITS = 16;

  private final KeyedBytes store;

  /** Where the last range ended; what lies before it is gone. Only saves the walk over deletes. */
  private long takenUpTo;

  Deadlines(KeyedBytes store) {
    this.store = store;
  }

  void schedule(String trace, long timeUs) {
    store.put(key(DUE, timeUs) + trace, NOTHING);
    takenUpTo = Math.min(takenUpTo, timeUs);
  }

  void unschedule(String trace, long timeUs) {
    store.delete(key(DUE, timeUs) + trace);
  }

  /**
   * Traces that are due, in the order of their deadlines; they stay in the index.
   *
   * @param limit at most so many; the rest is due the next time
   */
  List<String> due(long clockUs, int limit) {
    List<String> traces = new ArrayList<>();
    String[] last = {""};
    store.range(
        key(DUE, takenUpTo),
        key(DUE, clockUs + 1),
        (key, value) -> {
          traces.add(key.substring(1 + TIME_DIGITS));
          last[0] = key;
          return traces.size() < limit;
        });
    boolean isAll = traces.size() < limit;
    takenUpTo =
        Math.max(
            takenUpTo,
            isAll ? clockUs : Long.parseUnsignedLong(last[0].substring(1, 1 + TIME_DIGITS), 16));
    return traces;
  }

  void addRootless(String trace, long openedUs) {
    store.put(key(ROOTLESS, openedUs) + trace, NOTHING);
  }

  void removeRootless(String trace, long openedUs) {
    store.delete(key(ROOTLESS, openedUs) + trace);
  }

  /** Up to {@code limit} closed traces without a root, the oldest first. */
  List<String> oldestRootless(int limit) {
    List<String> traces = new ArrayList<>();
    store.range(
        ROOTLESS,
        ROOTLESS + "~",
        (key, value) -> {
          traces.add(key.substring(1 + TIME_DIGITS));
          return traces.size() < limit;
        });
    return traces;
  }

  /** Sixteen hex digits sort like the numbers; times before the epoch do not occur. */
  private static String key(String lane, long timeUs) {
    String digits = Long.toHexString(Math.max(0, timeUs));
    return lane + "0".repeat(TIME_DIGITS - digits.length()) + digits;
  }
}
