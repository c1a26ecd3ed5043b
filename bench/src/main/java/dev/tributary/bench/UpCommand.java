package dev.tributary.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench up}: how long {@code ./tributary up} takes until it is ready, and its memory. */
@Command(
    name = "up",
    description =
        "Time to ready and resident memory of ./tributary up: cold, again, after kill -9.",
    mixinStandardHelpOptions = true)
final class UpCommand implements Callable<Integer> {
  @Option(names = "--hold", description = "Minutes to watch the memory at the end. Default: 0")
  private int holdMinutes;

  @Option(names = "--dir", paramLabel = "DIR", description = "Parent of the data folder.")
  private Path parent = Path.of("bench/target");

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    Allowed.atLeast(spec, "--hold", holdMinutes, 0);
    PrintWriter out = spec.commandLine().getOut();
    double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    out.printf("load average before: %.1f%n", load);
    Path folder = Folders.working(parent, "tributary-up-");
    try {
      try (UpProcess cold = start(folder, "cold", out)) {
        cold.stop();
      }
      try (UpProcess again = start(folder, "second start", out)) {
        again.kill();
      }
      try (UpProcess revived = start(folder, "after kill -9", out)) {
        hold(revived, out);
        revived.stop();
      }
    } finally {
      Folders.delete(folder);
    }
    return 0;
  }

  private static UpProcess start(Path folder, String what, PrintWriter out)
      throws IOException, InterruptedException {
    UpProcess up = UpProcess.start(folder);
    out.printf("%-14s ready after %5.1f s, %s%n", what, up.readySeconds(), up.memory());
    out.flush();
    return up;
  }

  private void hold(UpProcess up, PrintWriter out) throws InterruptedException {
    for (int minute = 1; minute <= holdMinutes; minute++) {
      up.stayAlive(Duration.ofMinutes(1));
      out.printf("after %2d min    %s%n", minute, up.memory());
      out.flush();
    }
  }
}
