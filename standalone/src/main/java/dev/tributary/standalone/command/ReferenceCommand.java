package dev.tributary.standalone.command;

import dev.tributary.runtime.config.Settings;
import dev.tributary.schemas.Keys;
import dev.tributary.standalone.reference.PromptRegistry;
import dev.tributary.standalone.reference.ReferencePublisher;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tributary reference}: prices, ownership, budgets and policies, for streams to read. */
@Command(
    name = "reference",
    description =
        "Publish prices, ownership, budgets, prompts and policies of anomalies and evaluations; list"
            + " versions of prompts.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "publish|prompts")
public final class ReferenceCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getErr());
  }

  /** Publishes the curated prices and, where given, ownership tables and budgets. */
  @Command(
      name = "publish",
      description =
          "Publish the curated prices and your own, ownership tables, budgets, versions of prompts and"
              + " policies of anomalies and evaluations, as a new version where they differ.",
      mixinStandardHelpOptions = true)
  int publish(
      @Mixin ClusterOption cluster,
      @Option(
              names = "--ownership",
              paramLabel = "FILE",
              description = "Ownership table (YAML); may be given several times.")
          @Nullable List<Path> ownership,
      @Option(
              names = "--prices",
              paramLabel = "FILE",
              description =
                  "Your own prices and names of models (YAML; layers contract, tenant, imported);"
                      + " may be given several times. What no file states any more is withdrawn.")
          @Nullable List<Path> prices,
      @Option(
              names = "--budgets",
              paramLabel = "FILE",
              description =
                  "Budgets (YAML); may be given several times. Budgets that no file states any more"
                      + " are withdrawn.")
          @Nullable List<Path> budgets,
      @Option(
              names = "--prompts",
              paramLabel = "FILE",
              description =
                  "Versions of prompts (YAML); may be given several times. Versions that no file"
                      + " states any more are withdrawn.")
          @Nullable List<Path> prompts,
      @Option(
              names = "--policies",
              paramLabel = "FILE",
              description =
                  "Policies of anomalies (YAML); may be given several times. Policies that no file"
                      + " states any more are withdrawn.")
          @Nullable List<Path> policies,
      @Option(
              names = "--alerting",
              paramLabel = "FILE",
              description =
                  "Silences, maintenance windows and wishes of teams (YAML); may be given several"
                      + " times. Those that no file states any more are withdrawn.")
          @Nullable List<Path> alerting,
      @Option(
              names = "--eval-policies",
              paramLabel = "FILE",
              description =
                  "Evaluation policies (YAML); may be given several times. Policies that no file"
                      + " states any more are withdrawn.")
          @Nullable List<Path> evalPolicies,
      @Option(
              names = "--tenant",
              defaultValue = Keys.DEFAULT_TENANT,
              description = "Tenant (default: ${DEFAULT-VALUE}).")
          String tenant) {
    Settings settings = cluster.settings();
    long version =
        ReferencePublisher.publish(settings, tenant, ownership == null ? List.of() : ownership);
    if (prices != null && !prices.isEmpty()) {
      version = ReferencePublisher.publishPrices(settings, tenant, prices);
    }
    if (budgets != null && !budgets.isEmpty()) {
      version = ReferencePublisher.publishBudgets(settings, tenant, budgets);
    }
    if (prompts != null && !prompts.isEmpty()) {
      version = ReferencePublisher.publishPrompts(settings, tenant, prompts);
    }
    if (policies != null && !policies.isEmpty()) {
      version = ReferencePublisher.publishPolicies(settings, tenant, policies);
    }
    if (alerting != null && !alerting.isEmpty()) {
      version = ReferencePublisher.publishAlerting(settings, tenant, alerting);
    }
    if (evalPolicies != null && !evalPolicies.isEmpty()) {
      version = ReferencePublisher.publishEvalPolicies(settings, tenant, evalPolicies);
    }
    spec.commandLine()
        .getOut()
        .printf("reference version %d is in force for %s%n", version, tenant);
    return 0;
  }

  /** Lists the versions of prompts, registered and seen. */
  @Command(
      name = "prompts",
      description =
          "List versions of prompts: registered, discovered on spans, unused, or changed (another"
              + " hash than the registered one, or several).",
      mixinStandardHelpOptions = true)
  int prompts(
      @Mixin ClusterOption cluster,
      @Option(
              names = "--tenant",
              defaultValue = Keys.DEFAULT_TENANT,
              description = "Tenant (default: ${DEFAULT-VALUE}).")
          String tenant)
      throws IOException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    String row = "%-24s %-16s %-12s %-16s %-28s %10s  %s%n";
    out.printf(row, "prompt", "version", "state", "author", "first seen", "spans", "hashes");
    for (PromptRegistry.Version version :
        PromptRegistry.read(cluster.settings(), cluster.sql(), tenant)) {
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
