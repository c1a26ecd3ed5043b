package dev.tributary.standalone.backtest;

import java.util.EnumMap;
import java.util.Map;

/** Rows that were refused: the first few of each reason with file and line, then their number. */
final class Complaints {
  private static final int SHOWN = 5;
  private static final int MOST_SHOWN = 60;

  private final String file;
  private final Narration narration;
  private final Map<Refusal, Long> counts = new EnumMap<>(Refusal.class);

  Complaints(String file, Narration narration) {
    this.file = file;
    this.narration = narration;
  }

  void add(Refusal reason, long line, String what) {
    long count = counts.merge(reason, 1L, Long::sum);
    if (count <= SHOWN) {
      narration.line(
          file + ", line " + line + ": " + reason.words() + ": '" + shortened(what) + "'");
    }
  }

  static String shortened(String text) {
    return text.length() > MOST_SHOWN ? text.substring(0, MOST_SHOWN) + "..." : text;
  }

  void summarise() {
    counts.forEach(
        (reason, count) -> {
          if (count > SHOWN) {
            narration.line(file + ": " + count + " rows: " + reason.words());
          }
        });
  }
}
