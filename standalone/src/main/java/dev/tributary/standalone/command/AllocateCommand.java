package dev.tributary.standalone.command;

import dev.tributary.pricing.allocation.PoolFile;
import dev.tributary.standalone.correct.AllocationDesk;
import dev.tributary.standalone.text.TextFile;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tributary allocate}: spreads the cost of capacity that is paid by the hour. */
@Command(
    name = "allocate",
    description =
        "Spread what pools of provisioned or own capacity cost by the hour over those who used"
            + " them, by share of tokens; shows the lines first, then books what differs. Hours"
            + " that are not over are left out.",
    mixinStandardHelpOptions = true)
public final class AllocateCommand implements Callable<Integer> {
  @Mixin private CorrectCommand.Desk desk = new CorrectCommand.Desk();

  @Option(
      names = "--pools",
      paramLabel = "FILE",
      required = true,
      description = "Pools as YAML: what they cost, and which calls run on them.")
  private Path pools = Path.of("");

  @Mixin private PeriodOptions period = new PeriodOptions();

  @Option(names = "--dry-run", description = "Only show what would change; nothing is written.")
  private boolean dryRun;

  @Option(
      names = "--take-over",
      description = "Close runs that another allocation left open. Only where none is at work.")
  private boolean takeOver;

  @Option(
      names = "--beside-prices",
      description =
          "Book also where calls on a pool have a price of their own; otherwise that is refused.")
  private boolean besidePrices;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    return new AllocationDesk(
            desk.settings(), desk.patience(), spec.commandLine().getOut(), Clock.systemUTC())
        .allocate(
            desk.tenant(),
            PoolFile.parse(pools.toString(), TextFile.read(pools)),
            time(period.fromUs()),
            time(period.untilUs()),
            new AllocationDesk.Options(dryRun, takeOver, besidePrices));
  }

  private static Instant time(long us) {
    return Instant.EPOCH.plus(us, ChronoUnit.MICROS);
  }
}
