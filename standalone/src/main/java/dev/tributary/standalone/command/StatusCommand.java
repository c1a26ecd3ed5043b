package dev.tributary.standalone.command;

import dev.tributary.runtime.config.Settings;
import dev.tributary.standalone.correct.OlderPrices;
import dev.tributary.standalone.platform.SqlClient;
import dev.tributary.standalone.platform.Status;
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
  @Mixin private ClusterOption cluster = new ClusterOption();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    Settings settings = cluster.settings();
    SqlClient sql = cluster.sql();
    Status.print(settings, sql, spec.commandLine().getOut());
    new OlderPrices(settings, sql).print(spec.commandLine().getOut());
    return 0;
  }
}
