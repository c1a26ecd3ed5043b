package dev.tributary.bench;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The benchmarks' command line. */
@Command(
    name = "bench",
    description = "Throughput, memory and start runs, noted and never asserted.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      RunCommand.class,
      OpenTracesCommand.class,
      UpCommand.class,
      AlertsCommand.class,
      SeriesCommand.class,
      JmhCommand.class,
      HelpCommand.class
    })
public final class BenchMain implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  private BenchMain() {}

  /** Without a command there is nothing to measure. */
  @Override
  public Integer call() {
    throw new ParameterException(
        spec.commandLine(),
        "a command is missing; allowed: " + String.join(", ", spec.subcommands().keySet()));
  }

  /** Runs a command; exits with 0 done, 1 failed, 2 wrongly called. */
  public static void main(String[] args) {
    System.exit(run(args));
  }

  static int run(String... args) {
    return new CommandLine(new BenchMain())
        .setParameterExceptionHandler(
            (wrong, all) -> {
              CommandLine command = wrong.getCommandLine();
              command.getErr().println("bench: " + wrong.getMessage());
              command.usage(command.getErr());
              return CommandLine.ExitCode.USAGE;
            })
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
