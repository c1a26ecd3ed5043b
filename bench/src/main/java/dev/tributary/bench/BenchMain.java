package dev.tributary.bench;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/** The benchmarks' command line. */
@Command(
    name = "bench",
    description = "Throughput, memory and start runs, noted and never asserted.",
    subcommands = {
      RunCommand.class,
      OpenTracesCommand.class,
      UpCommand.class,
      AlertsCommand.class,
      SeriesCommand.class,
      JmhCommand.class,
      HelpCommand.class
    })
public final class BenchMain {
  private BenchMain() {}

  /** Runs a command; exits with 0 done, 1 failed, 2 wrongly called. */
  public static void main(String[] args) {
    System.exit(run(args));
  }

  static int run(String... args) {
    return new CommandLine(new BenchMain())
        .setExecutionExceptionHandler(
            (failure, command, parsed) -> {
              if (!(failure instanceof BenchException)) {
                throw failure;
              }
              command.getErr().println("bench: " + failure.getMessage());
              return CommandLine.ExitCode.SOFTWARE;
            })
        .execute(args);
  }
}
