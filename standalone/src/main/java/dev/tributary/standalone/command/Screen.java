package dev.tributary.standalone.command;

import dev.tributary.runtime.config.ProcessEnvironment;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;

/**
 * Progress on standard error. On a terminal the last line is rewritten in place; into a file or
 * pipe a line appears every few seconds, so that a log stays readable.
 */
final class Screen {
  private static final String TERMINAL_PROPERTY = "stderr.terminal";
  private static final Duration PLAIN_INTERVAL = Duration.ofSeconds(5);
  private static final Duration TERMINAL_INTERVAL = Duration.ofMillis(200);

  private final PrintWriter out;
  private final boolean isTerminal;
  private long lastNanos;
  private boolean isOpen;

  Screen(PrintWriter out) {
    this.out = out;
    // System.console() is never null from Java 22 on; the launcher has asked the shell.
    this.isTerminal = "true".equals(ProcessEnvironment.current().property(TERMINAL_PROPERTY));
  }

  /** A line that stays. */
  synchronized void line(String text) {
    endOpenLine();
    out.println(text);
    out.flush();
  }

  /** A line that the next one replaces; may be left out when it comes too soon after the last. */
  synchronized void progress(String format, Object... values) {
    long interval = (isTerminal ? TERMINAL_INTERVAL : PLAIN_INTERVAL).toNanos();
    long now = System.nanoTime();
    if (lastNanos != 0 && now - lastNanos < interval) {
      return;
    }
    lastNanos = now;
    String text = String.format(Locale.ROOT, format, values);
    if (isTerminal) {
      out.print("\r\033[K" + text);
      isOpen = true;
    } else {
      out.println(text);
    }
    out.flush();
  }

  private void endOpenLine() {
    if (isOpen) {
      out.println();
      isOpen = false;
    }
  }
}
