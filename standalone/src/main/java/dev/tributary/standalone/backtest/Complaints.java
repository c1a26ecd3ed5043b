package dev.tributary.standalone.backtest;

import java.io.PrintWriter;
import java.util.EnumMap;
import java.util.Map;

/** Rows that were refused: the first few of each reason with file and line, then their number. */
final class Complaints {
  private static final int SHOWN = 5;

  private final String file;
  private final PrintWriter errors;
  private final Map<Refusal, Long> counts = new EnumMap<>(Refusal.class);

  Complaints(String file, PrintWriter errors) {
    this.file = file;
    this.errors = errors;
  }

  void add(Refusal reason, long line, String what) {
    long count = counts.merge(reason, 1L, Long::sum);
    if (count <= SHOWN) {
      String shown = what.length() > 60 ? what.substring(0, 60) + "..." : what;
      errors.println(file + ", line " + line + ": " + reason.words() + ": '" + shown + "'");
    }
  }

  void summarise() {
    counts.forEach(
        (reason, count) -> {
          if (count > SHOWN) {
            errors.println(file + ": " + count + " rows: " + reason.words());
          }
        });
    errors.flush();
  }
}
