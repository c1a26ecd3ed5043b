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
import dev.tributary.standalone.command.ReconcileCommand;
import dev.tributary.standalone.command.ReferenceCommand;
import dev.tributary.standalone.command.ReplayCommand;
import dev.tributary.standalone.command.ReprocessCommand;
import dev.tributary.standalone.command.ReviewCommand;
import dev.tributary.standalone.command.ReviewQueueCommand;
import dev.tributary.standalone.command.SqlCommand;
import dev.tributary.standalone.command.StatusCommand;
import dev.tributary.standalone.command.UpCommand;
import dev.tributary.standalone.platform.PlatformException;
import dev.tributary.standalone.reconcile.BillException;
import dev.tributary.standalone.replay.TraceFileException;
import dev.tributary.standalone.text.Complaint;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.function.BooleanSupplier;
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
      ReconcileCommand.class,
      CompareCommand.class,
      GateCommand.class,
      ExplainCommand.class,
      AlertsCommand.class,
      DriftCommand.class,
      ReprocessCommand.class,
      HelpCommand.class
    })
public final class TributaryMain {
  private static final int READER_LEFT = 141;
  private static final int BUFFER_BYTES = 1 << 13;

  private TributaryMain() {}

  /**
   * Runs a command and exits with its code: 0 done, 1 failed, 2 wrongly called, 141 where who read
   * the output has left, as {@code | head} does; that is the code of a program that the shell ends
   * for it.
   */
  public static void main(String[] args) {
    ReaderWatch watch = new ReaderWatch(new FileOutputStream(FileDescriptor.out));
    System.setOut(
        new PrintStream(
            new BufferedOutputStream(watch, BUFFER_BYTES), true, StandardCharsets.UTF_8));
    System.exit(run(watch::hasLeft, args));
  }

  static int run(String... args) {
    return run(() -> false, args);
  }

  /**
   * Runs a command.
   *
   * @param hasReaderLeft whether nobody reads standard output any more
   */
  static int run(BooleanSupplier hasReaderLeft, String... args) {
    CommandLine command =
        new CommandLine(new TributaryMain())
            .setExecutionExceptionHandler(
                (failure, failed, parsed) ->
                    hasReaderLeft.getAsBoolean() ? READER_LEFT : complain(failure, failed))
            .setCaseInsensitiveEnumValuesAllowed(true)
            // Programs read the lines: no locale may cost them a letter.
            .setOut(new PrintWriter(System.out, true, StandardCharsets.UTF_8));
    int code = command.execute(args);
    command.getOut().flush();
    if (code != CommandLine.ExitCode.OK || !System.out.checkError() || isEnding()) {
      return code;
    }
    if (hasReaderLeft.getAsBoolean()) {
      return READER_LEFT;
    }
    command.getErr().println("tributary: standard output was not written whole");
    return CommandLine.ExitCode.SOFTWARE;
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
  private static int complain(Exception failure, CommandLine command) throws Exception {
    if (isEnding()) {
      return CommandLine.ExitCode.SOFTWARE;
    }
    boolean isExpected =
        failure instanceof PlatformException
            || failure instanceof ConfigException
            || failure instanceof CatalogueException
            || failure instanceof BillException
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
