package dev.tributary.standalone.backtest;

import java.util.Arrays;

/**
 * The order in which rows are judged: that of their times, whatever that of the file is. Rows of a
 * clock that was wrong for a while are refused: fewer than the others, farther from them than those
 * span, in the midst of a file that is otherwise in order.
 */
final class TimeOrder {
  /** Of fewer rows nobody knows which have the wrong time. */
  private static final int LEAST_OTHERS = 10;

  /** A file with more steps back than one in so many rows is in another order, or in none. */
  private static final int ROWS_PER_STEP_BACK = 20;

  private final SeriesRows rows;
  private int[] order = {};

  private TimeOrder(SeriesRows rows) {
    this.rows = rows;
  }

  /** Orders the rows, and refuses those of a wrong clock. */
  static TimeOrder of(SeriesRows rows) {
    TimeOrder found = new TimeOrder(rows);
    found.order = found.withoutWrongClock(found.sorted());
    return found;
  }

  /** Rows with a time that is not wrong. */
  int size() {
    return order.length;
  }

  /** The row that is so many-th in time, from 0; of equal times in the file's order. */
  int row(int at) {
    return order[at];
  }

  /**
   * Refuses what has the time of a row that is used. To be called when all other reasons are known:
   * a row that is not used takes no other's place, and keeps its own reason.
   */
  void refuseRepeated() {
    int kept = -1;
    for (int row : order) {
      if (kept >= 0 && rows.isUsed(row) && time(row) == time(kept)) {
        rows.refuse(row, Refusal.DUPLICATE);
      } else if (rows.isUsed(row)) {
        kept = row;
      }
    }
  }

  /** How many of the rows that are used come after one of a later time. */
  int late() {
    int late = 0;
    long latest = Long.MIN_VALUE;
    for (int row = 0; row < rows.size(); row++) {
      if (rows.hasPlace(row)) {
        late += rows.isUsed(row) && time(row) < latest ? 1 : 0;
        latest = Math.max(latest, time(row));
      }
    }
    return late;
  }

  private long time(int row) {
    return rows.timeUs(row);
  }

  /** Merges ever longer runs; of equal times the row that was before stays before. */
  private int[] sorted() {
    int[] sorted = new int[rows.size()];
    int size = 0;
    boolean isSorted = true;
    for (int row = 0; row < rows.size(); row++) {
      if (rows.hasPlace(row)) {
        isSorted &= size == 0 || time(sorted[size - 1]) <= time(row);
        sorted[size++] = row;
      }
    }
    sorted = size == sorted.length ? sorted : Arrays.copyOf(sorted, size);
    if (isSorted) {
      return sorted;
    }
    int[] merged = new int[size];
    for (long run = 1; run < size; run *= 2) {
      for (long from = 0; from < size; from += 2 * run) {
        merge(
            sorted,
            merged,
            (int) from,
            (int) Math.min(from + run, size),
            (int) Math.min(from + 2 * run, size));
      }
      int[] swapped = sorted;
      sorted = merged;
      merged = swapped;
    }
    return sorted;
  }

  private void merge(int[] of, int[] into, int from, int middle, int to) {
    int left = from;
    int right = middle;
    for (int i = from; i < to; i++) {
      boolean isLeft = right == to || (left < middle && time(of[left]) <= time(of[right]));
      into[i] = isLeft ? of[left++] : of[right++];
    }
  }

  private int[] withoutWrongClock(int[] all) {
    int size = all.length;
    int from = 0;
    int to = size;
    for (int k = Math.max(LEAST_OTHERS, size / 2 + 1); k < size && to == size; k++) {
      if (isApart(all[k - 1], all[k], all[0], all[k - 1])) {
        to = k;
      }
    }
    if (to < size && !isWrong(all, 0, to, Refusal.CLOCK_AHEAD)) {
      to = size;
    }
    for (int k = Math.min(to - LEAST_OTHERS, (to - 1) / 2); k > 0 && from == 0; k--) {
      if (isApart(all[k - 1], all[k], all[k], all[to - 1])) {
        from = k;
      }
    }
    if (from > 0 && !isWrong(all, from, to, Refusal.CLOCK_BEHIND)) {
      from = 0;
    }
    refuse(all, to, size, Refusal.CLOCK_AHEAD);
    refuse(all, 0, from, Refusal.CLOCK_BEHIND);
    return from == 0 && to == size ? all : Arrays.copyOfRange(all, from, to);
  }

  private boolean isApart(int before, int after, int first, int last) {
    return time(after) - time(before) > time(last) - time(first);
  }

  /** Whether the others are in order, and those apart are not simply where they belong. */
  private boolean isWrong(int[] all, int from, int to, Refusal how) {
    long least = time(all[from]);
    long most = time(all[to - 1]);
    long last = Long.MIN_VALUE;
    int stepsBack = 0;
    int othersSeen = 0;
    boolean isAmong = false;
    for (int row = 0; row < rows.size(); row++) {
      if (!rows.hasPlace(row)) {
        continue;
      }
      boolean isOther = time(row) >= least && time(row) <= most;
      if (isOther) {
        stepsBack += time(row) < last ? 1 : 0;
        last = time(row);
        othersSeen++;
      } else if (how == Refusal.CLOCK_AHEAD) {
        isAmong |= time(row) > most && othersSeen < to - from;
      } else {
        isAmong |= time(row) < least && othersSeen > 0;
      }
    }
    return isAmong && (long) stepsBack * ROWS_PER_STEP_BACK <= to - from;
  }

  private void refuse(int[] all, int from, int to, Refusal reason) {
    for (int i = from; i < to; i++) {
      rows.refuse(all[i], reason);
    }
  }
}
