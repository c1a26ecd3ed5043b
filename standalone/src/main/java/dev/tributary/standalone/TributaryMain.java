package dev.tributary.standalone;

import dev.tributary.pricing.CatalogueException;
import dev.tributary.runtime.config.ConfigException;
import dev.tributary.runtime.run.TopicException;
import dev.tributary.standalone.command.AlertsCommand;
import dev.tributary.standalone.command.AllocateCommand;
import dev.tributary.standalone.command.BacktestCommand;
import dev.tributary.standalone.command.CompareCommand;
import dev.tributary.standalone.command.CorrectCommand;
import dev.tributary.standalone.command.DemoCommand;
import dev.tributary.standalone.command.DriftCommand;
import dev.tributary.standalone.command.EraseCommand;
import dev.tributary.standalone.command.ExplainCommand;
import dev.tributary.standalone.command.ExportCommand;
import dev.tributary.standalone.command.GateCommand;
import dev.tributary.standalone.command.JudgeCheckCommand;
import dev.tributary.standalone.command.LabelCommand;
import dev.tributary.standalone.command.LintCommand;
import dev.tributary.standalone.command.NormalizeCommand;
import dev.tributary.standalone.command.PriceCommand;
import dev.tributary.standalone.command.PricesCommand;
import dev.tributary.standalone.command.ReferenceCommand;
import dev.tributary.standalone.command.ReplayCommand;
import dev.tributary.standalone.command.ReprocessCommand;
import dev.tributary.standalone.command.ReviewCommand;
import dev.tributary.standalone.command.ReviewQueueCommand;
import dev.tributary.standalone.command.SqlCommand;
import dev.tributary.standalone.command.StatusCommand;
import dev.tributary.standalone.command.UpCommand;
import dev.tributary.standalone.platform.PlatformException;
import dev.tributary.standalone.replay.TraceFileException;
import dev.tributary.standalone.text.Complaint;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/** The command-line tool. */
@Command(
    name = "tributary",
    description = "An accountable, live ledger of what LLM applications do and cost.",
    mixinStandardHelpOptions = true,
    version = "0.1.0-SNAPSHOT",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      UpCommand.class,
      DemoCommand.class,
      ReplayCommand.class,
      SqlCommand.class,
      StatusCommand.class,
      ReferenceCommand.class,
      EraseCommand.class,
      NormalizeCommand.class,
      LintCommand.class,
      PriceCommand.class,
      PricesCommand.class,
      ExportCommand.class,
      ReviewCommand.class,
      ReviewQueueCommand.class,
      LabelCommand.class,
      JudgeCheckCommand.class,
      BacktestCommand.class,
      CorrectCommand.class,
      AllocateCommand.class,
      CompareCommand.class,
      GateCommand.class,
      ExplainCommand.class,
      AlertsCommand.class,
      DriftCommand.class,
      ReprocessCommand.class,
      HelpCommand.class
    })
public final class TributaryMain {
  private TributaryMain() {}

  /** Runs a command and exits with its code: 0 done, 1 failed, 2 wrongly called. */
  public static void main(String[] args) {
    System.exit(run(args));
  }

  static int run(String... args) {
    CommandLine command =
        new CommandLine(new TributaryMain())
            .setExecutionExceptionHandler(TributaryMain::complain)
            .setCaseInsensitiveEnumValuesAllowed(true)
            // Programs read the lines: no locale may cost them a letter.
            .setOut(
                new PrintWriter(new OutputStreamWriter(System.out, StandardCharsets.UTF_8), true));
    int code = command.execute(args);
    command.getOut().flush();
    if (code == CommandLine.ExitCode.OK && System.out.checkError() && !isEnding()) {
      command.getErr().println("tributary: standard output was not written whole");
      return CommandLine.ExitCode.SOFTWARE;
    }
    return code;
  }

  /** Whether the process is asked to end; the JVM says so only to who would have a part in it. */
  private static boolean isEnding() {
    Thread hook = new Thread(() -> {}, "never-started");
    try {
      Runtime.getRuntime().addShutdownHook(hook);
      Runtime.getRuntime().removeShutdownHook(hook);
      return false;
    } catch (IllegalStateException e) {
      return true;
    }
  }

  /**
   * Expected failures are one line; anything else is a bug and shows where it happened. What fails
   * because Ctrl-C has closed it is neither: the signal says how the command ends.
   */
  private static int complain(
      Exception failure, CommandLine command, CommandLine.ParseResult parsed) throws Exception {
    if (isEnding()) {
      return CommandLine.ExitCode.SOFTWARE;
    }
    boolean isExpected =
        failure instanceof PlatformException
            || failure instanceof ConfigException
            || failure instanceof CatalogueException
            || failure instanceof TraceFileException
            || failure instanceof TopicException
            || failure instanceof KafkaException
            || failure instanceof IOException
            || failure instanceof UncheckedIOException;
    if (!isExpected) {
      throw failure;
    }
    String from = failure instanceof KafkaException ? "Kafka: " : "";
    command.getErr().println("tributary: " + from + Complaint.of(failure));
    return CommandLine.ExitCode.SOFTWARE;
  }
}
