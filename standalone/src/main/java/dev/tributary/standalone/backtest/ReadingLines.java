package dev.tributary.standalone.backtest;

import java.io.PrintWriter;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** The lines of a file with what was found of them, in its order. */
final class ReadingLines {
  private static final MathContext SHOWN = new MathContext(9, RoundingMode.HALF_EVEN);
  private static final int SCORE_DIGITS = 9;
  private static final int WRITTEN_AT_ONCE = 1 << 15;

  private final SeriesRows rows;
  private final Readings readings;
  private final Complaints complaints;
  private final Narration narration;
  private final StringBuilder text = new StringBuilder();

  ReadingLines(SeriesRows rows, Readings readings, Complaints complaints, Narration narration) {
    this.rows = rows;
    this.readings = readings;
    this.complaints = complaints;
    this.narration = narration;
  }

  /** Whether all were written; not where nobody reads them any more. */
  boolean print(PrintWriter out) {
    Texts.Reader texts = rows.texts();
    text.append("timestamp,value,anomaly_score,state,baseline\n");
    for (int row = 0; row < rows.size(); row++) {
      add(row, texts.next(), texts.next());
      if (text.length() > WRITTEN_AT_ONCE && !write(out)) {
        return false;
      }
      if ((row + 1) % SeriesFile.ROWS_TOLD == 0) {
        narration.progress("written", row + 1);
      }
    }
    return write(out);
  }

  private boolean write(PrintWriter out) {
    out.append(text);
    text.setLength(0);
    return !out.checkError();
  }

  private void add(int row, String timestamp, String value) {
    Refusal refusal = rows.refused(row);
    if (refusal != null && !refusal.isToldOnReading()) {
      complaints.add(refusal, rows.line(row), timestamp + "," + value);
    }
    if (!rows.hasPlace(row)) {
      readings.carry(row);
    }
    quoted(timestamp);
    text.append(',');
    quoted(value);
    text.append(',').append(score(readings.score(row)));
    text.append(',').append(readings.status(row).name());
    text.append(',').append(plain(readings.baseline(row))).append('\n');
  }

  private void quoted(String field) {
    if (field.indexOf(',') >= 0 || field.indexOf('"') >= 0) {
      text.append('"').append(field.replace("\"", "\"\"")).append('"');
    } else {
      text.append(field);
    }
  }

  private static String score(double score) {
    return BigDecimal.valueOf(score)
        .setScale(SCORE_DIGITS, RoundingMode.HALF_EVEN)
        .stripTrailingZeros()
        .toPlainString();
  }

  /** Nine digits, no exponent; empty where unknown. */
  static String plain(double number) {
    return Double.isFinite(number)
        ? new BigDecimal(number).round(SHOWN).stripTrailingZeros().toPlainString()
        : "";
  }
}
