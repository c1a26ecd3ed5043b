package dev.tributary.standalone.command;

import dev.tributary.standalone.backtest.Narration;
import java.time.Duration;

/** Tells on the screen, and how far the work is only where it is long. */
final class ScreenNarration implements Narration {
  private static final Duration SHORT = Duration.ofSeconds(1);

  private final Screen screen;
  private final long startNanos = System.nanoTime();

  ScreenNarration(Screen screen) {
    this.screen = screen;
  }

  @Override
  public void line(String text) {
    screen.line(text);
  }

  @Override
  public void progress(String doing, long rows) {
    if (System.nanoTime() - startNanos > SHORT.toNanos()) {
      screen.progress("%,d rows %s", rows, doing);
    }
  }
}
