package dev.tributary.standalone.correct;

import dev.tributary.standalone.platform.ToolSettings;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A correction of prices in a process that dies like a killed one after some commands: no hook
 * runs, nothing is flushed. Arguments: data folder, from and until in microseconds, reference
 * version, and the number of commands.
 */
public final class HaltingCorrection {
  /** The code a killed process ends with. */
  public static final int KILLED = 137;

  private HaltingCorrection() {}

  /** Runs until it dies. */
  public static void main(String[] args) {
    long commands = Long.parseLong(args[4]);
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    CorrectionDesk desk =
        new CorrectionDesk(
            ToolSettings.load(Path.of(args[0]), noConfig()),
            Duration.ofSeconds(120),
            out,
            sent -> {
              if (sent == commands) {
                Runtime.getRuntime().halt(KILLED);
              }
            });
    desk.correct(
        RunOrder.Kind.PRICE,
        new Selection("default", Long.parseLong(args[1]), Long.parseLong(args[2]), null, null),
        Long.valueOf(args[3]),
        false);
  }

  private static @Nullable Path noConfig() {
    return null;
  }
}
