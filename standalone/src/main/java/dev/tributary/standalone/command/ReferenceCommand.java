package dev.tributary.standalone.command;

import dev.tributary.standalone.reference.PromptRegistry;
import dev.tributary.standalone.reference.ReferencePublisher;
import java.io.IOException;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code tributary reference}: prices, ownership, budgets and policies, for streams to read. */
@Command(
    name = "reference",
    description =
        "Publish prices, ownership, budgets, prompts and policies of anomalies and evaluations; list"
            + " versions of prompts.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "publish|prompts")
public final class ReferenceCommand {
  @Spec private CommandSpec spec = CommandSpec.create();

  /** Publishes the curated prices and what files state. */
  @Command(
      name = "publish",
      description =
          "Publish the curated prices and what files state, as a new version where it differs. An"
              + " option may be given several times; what its files no longer state is withdrawn, and"
              + " what it is not given for stays.",
      mixinStandardHelpOptions = true)
  int publish(
      @Mixin ClusterOption cluster, @Mixin ReferenceFileOptions files, @Mixin TenantOption tenant) {
    long version =
        ReferencePublisher.publish(
            cluster.settings(),
            tenant.name(),
            files.bySource(),
            doubt -> spec.commandLine().getErr().println("tributary: " + doubt));
    spec.commandLine()
        .getOut()
        .printf("reference version %d is in force for %s%n", version, tenant.name());
    return 0;
  }

  /** Lists the versions of prompts, registered and seen. */
  @Command(
      name = "prompts",
      description =
          "List versions of prompts: registered, discovered on spans, unused, or changed (another"
              + " hash than the registered one, or several).",
      mixinStandardHelpOptions = true)
  int prompts(@Mixin ClusterOption cluster, @Mixin TenantOption tenant)
      throws IOException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    String row = "%-24s %-16s %-12s %-16s %-28s %10s  %s%n";
    out.printf(row, "prompt", "version", "state", "author", "first seen", "spans", "hashes");
    for (PromptRegistry.Version version :
        PromptRegistry.read(cluster.settings(), cluster.sql(), tenant.name())) {
      out.printf(
          row,
          version.name(),
          version.version(),
          version.state(),
          version.author() == null ? "-" : version.author(),
          version.firstSeen() == null ? "-" : version.firstSeen(),
          version.spans(),
          version.hashes());
    }
    out.flush();
    return 0;
  }
}
