package dev.tributary.standalone.command;

import dev.tributary.pricing.reconcile.Bill;
import dev.tributary.pricing.reconcile.Reconciliation;
import dev.tributary.standalone.price.CatalogueFile;
import dev.tributary.standalone.reconcile.ReconcileReport;
import dev.tributary.standalone.reconcile.Reconciling;
import dev.tributary.standalone.text.TextFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tributary reconcile}: what providers billed against what was estimated. */
@Command(
    name = "reconcile",
    description = {
      "Compare what providers billed with what the ledger estimated, and split the difference by"
          + " cause: repeated telemetry, unpriced and untracked usage, other prices, service tiers,"
          + " cut-off, discount, credit, tax. The parts add up to the difference.",
      "Exits 0 where every check holds, 1 where one does not."
    },
    mixinStandardHelpOptions = true)
public final class ReconcileCommand implements Callable<Integer> {
  @Mixin private ClusterOption cluster = new ClusterOption();

  @Option(
      names = "--openai",
      paramLabel = "FILE",
      arity = "1..*",
      description =
          "Pages of OpenAI's GET /organization/costs, with bucket_width=1d and"
              + " group_by=project_id,line_item.")
  private List<Path> openAi = List.of();

  @Option(
      names = "--anthropic",
      paramLabel = "FILE",
      arity = "1..*",
      description =
          "Pages of Anthropic's /v1/organizations/cost_report, with group_by[]=workspace_id and"
              + " group_by[]=description.")
  private List<Path> anthropic = List.of();

  @Option(
      names = "--focus",
      paramLabel = "SURFACE=FILE",
      description =
          "FOCUS rows as CSV, by who billed as the ledger calls it: aws.bedrock=bedrock.csv.")
  private Map<String, Path> focus = Map.of();

  @Option(
      names = "--ledger",
      paramLabel = "FILE",
      description =
          "Calls as JSON lines {response_id, ts, provider, model, project, tokens, batch,"
              + " estimated_cost_usd} instead of the ledger of an instance.")
  private @Nullable Path ledger;

  @Option(
      names = "--catalog",
      paramLabel = "CATALOG",
      description =
          "What models are called and cost: genai-prices:FILE, litellm:FILE or FILE.yaml; without"
              + " it the curated prices.")
  private @Nullable String catalog;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description =
          "Also write the parts as JSON: provider, day, cause, amount_usd, model, bucket.")
  private @Nullable Path json;

  @Mixin private TenantOption tenant = new TenantOption();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    if (json != null) {
      TextFile.requireWritable(json);
    }
    Reconciling reconciling =
        new Reconciling(CatalogueFile.read(catalog), spec.commandLine().getErr());
    List<Bill> bills = reconciling.bills(new Reconciling.Files(openAi, anthropic, focus));
    List<Reconciliation> results =
        ledger == null
            ? reconciling.withLedger(bills, cluster.sql(), tenant.name())
            : reconciling.withLog(bills, ledger);
    spec.commandLine().getOut().print(ReconcileReport.text(results));
    spec.commandLine().getOut().flush();
    if (json != null) {
      ReconcileReport.write(json, results);
    }
    return ReconcileReport.isPassed(results) ? 0 : 1;
  }
}
