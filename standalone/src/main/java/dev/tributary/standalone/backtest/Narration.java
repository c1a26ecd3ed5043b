package dev.tributary.standalone.backtest;

import java.io.PrintWriter;

/** Where a person is told what was assumed, refused and found; never standard output. */
public interface Narration {
  /** A line that stays. */
  void line(String text);

  /** How far the work is; told often, shown now and then. */
  void progress(String doing, long rows);

  /** Lines alone. */
  static Narration of(PrintWriter errors) {
    return new Narration() {
      @Override
      public void line(String text) {
        errors.println(text);
        errors.flush();
      }

      @Override
      public void progress(String doing, long rows) {}
    };
  }
}
