package dev.tributary.standalone.backtest;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * The order in which rows are judged: that of their times, whatever that of the file is. Rows of a
 * clock that was wrong for a while are refused: fewer than the others, farther from them than those
 * span, in the midst of a file that is otherwise in order, oldest or newest first. A few at that
 * end of the file where they do not belong are refused too; more are another file, joined to it.
 */
final class TimeOrder {
  /** Of fewer rows nobody knows which have the wrong time. */
  private static final int LEAST_OTHERS = 10;

  /** So many rows at an end of the file are a series by themselves. */
  private static final int LEAST_BLOCK = 10;

  /** A file with more steps against its order than one in so many rows is in none. */
  private static final int ROWS_PER_STEP = 20;

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

  /** Rows with a time, by it; of equal times the row that was before stays before. */
  private int[] sorted() {
    int[] placed = IntStream.range(0, rows.size()).filter(rows::hasPlace).toArray();
    for (int i = 1; i < placed.length; i++) {
      if (time(placed[i - 1]) > time(placed[i])) {
        return Arrays.stream(placed)
            .boxed()
            .sorted(Comparator.comparingLong(this::time))
            .mapToInt(Integer::intValue)
            .toArray();
      }
    }
    return placed; // as most files are, without an object for each row
  }

  private int[] withoutWrongClock(int[] all) {
    int size = all.length;
    int from = 0;
    int to = size;
    for (int k = Math.max(LEAST_OTHERS, size / 2 + 1); k < size && to == size; k++) {
      if (isApart(all[k - 1], all[k], all[0], all[k - 1])
          && isWrong(all, 0, k, Refusal.CLOCK_AHEAD)) {
        to = k;
      }
    }
    for (int k = Math.min(to - LEAST_OTHERS, (to - 1) / 2); k > 0 && from == 0; k--) {
      if (isApart(all[k - 1], all[k], all[k], all[to - 1])
          && isWrong(all, k, to, Refusal.CLOCK_BEHIND)) {
        from = k;
      }
    }
    refuse(all, to, size, Refusal.CLOCK_AHEAD);
    refuse(all, 0, from, Refusal.CLOCK_BEHIND);
    return from == 0 && to == size ? all : Arrays.copyOfRange(all, from, to);
  }

  private boolean isApart(int before, int after, int first, int last) {
    return time(after) - time(before) > time(last) - time(first);
  }

  /** Whether the others are in order, and those apart are neither where they belong nor a block. */
  private boolean isWrong(int[] all, int from, int to, Refusal how) {
    boolean isAhead = how == Refusal.CLOCK_AHEAD;
    long least = time(all[from]);
    long most = time(all[to - 1]);
    long last = 0;
    int others = 0;
    int back = 0;
    int forward = 0;
    int atStart = 0;
    int sinceOther = 0;
    int apart = 0;
    for (int row = 0; row < rows.size(); row++) {
      if (!rows.hasPlace(row)) {
        continue;
      }
      long time = time(row);
      if (time >= least && time <= most) {
        atStart = others == 0 ? apart : atStart;
        back += others > 0 && time < last ? 1 : 0;
        forward += others > 0 && time > last ? 1 : 0;
        last = time;
        others++;
        sinceOther = 0;
      } else if (isAhead ? time > most : time < least) {
        apart++;
        sinceOther++;
      }
    }
    boolean isNewestFirst = back > forward;
    int misplaced = isAhead == isNewestFirst ? sinceOther : atStart;
    int between = apart - atStart - sinceOther;
    return between + misplaced > 0
        && misplaced < LEAST_BLOCK
        && (long) Math.min(back, forward) * ROWS_PER_STEP <= others;
  }

  private void refuse(int[] all, int from, int to, Refusal reason) {
    for (int i = from; i < to; i++) {
      rows.refuse(all[i], reason);
    }
  }
}
