package dev.tributary.standalone.command;

import dev.tributary.standalone.correct.OlderPrices;
import dev.tributary.standalone.platform.Addresses;
import dev.tributary.standalone.platform.SqlClient;
import dev.tributary.standalone.platform.Status;
import dev.tributary.standalone.platform.ToolSettings;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code tributary status}: is it keeping up, and what does it not know. */
@Command(
    name = "status",
    description = "Lag, coverage, rejected and dead letters of the running instance.",
    mixinStandardHelpOptions = true)
public final class StatusCommand implements Callable<Integer> {
  @Mixin private DataOption data = new DataOption();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    Addresses addresses = Addresses.of(data.folder());
    Status.print(addresses, spec.commandLine().getOut());
    new OlderPrices(ToolSettings.load(data.folder(), null), SqlClient.of(addresses))
        .print(spec.commandLine().getOut());
    return 0;
  }
}
