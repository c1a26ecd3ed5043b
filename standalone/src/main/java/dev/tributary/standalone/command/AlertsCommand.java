package dev.tributary.standalone.command;

import dev.tributary.standalone.episode.AlertList;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tributary alerts}: what teams were told, and what became of it. */
@Command(
    name = "alerts",
    description = "Alerts of the running instance, oldest first, with the routes that took them.",
    mixinStandardHelpOptions = true)
public final class AlertsCommand implements Callable<Integer> {
  @Mixin private ClusterOption cluster = new ClusterOption();

  @Option(names = "--team", paramLabel = "TEAM", description = "Only alerts of this team.")
  private @Nullable String team;

  @Option(names = "--follow", description = "Go on until Ctrl-C.")
  private boolean follow;

  @Option(
      names = "--limit",
      converter = PositiveOption.class,
      paramLabel = "N",
      defaultValue = "20",
      description = "Newest alerts to begin with (default: ${DEFAULT-VALUE}).")
  private int limit;

  @Mixin private TenantOption tenant = new TenantOption();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    AlertList alerts = new AlertList(cluster.sql(), tenant.name(), team, limit);
    int printed = alerts.print(out);
    if (printed == 0 && !follow) {
      out.println("no alerts");
      out.flush();
    }
    Clock clock = Clock.systemUTC();
    alerts.adviseWithoutRoutes(out, clock);
    while (follow) {
      TimeUnit.SECONDS.sleep(1);
      alerts.print(out);
      alerts.adviseWithoutRoutes(out, clock);
    }
    return 0;
  }
}
