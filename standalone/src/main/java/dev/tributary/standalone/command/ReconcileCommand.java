package dev.tributary.standalone.command;

import dev.tributary.pricing.reconcile.Bill;
import dev.tributary.pricing.reconcile.Reconciliation;
import dev.tributary.standalone.correct.TrueUpDesk;
import dev.tributary.standalone.price.CatalogueFile;
import dev.tributary.standalone.reconcile.ReconcileReport;
import dev.tributary.standalone.reconcile.Reconciling;
import dev.tributary.standalone.text.TextFile;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tributary reconcile}: what providers billed against what was estimated. */
@Command(
    name = "reconcile",
    description = {
      "Compare what providers billed with what the ledger estimated, and split the difference by"
          + " cause: repeated telemetry, unpriced and untracked usage, other prices, service tiers,"
          + " cut-off, discount, credit, tax. The parts add up to the difference.",
      "Exits 0 where every check holds, 1 where one does not; with --book 0 where all was booked."
    },
    mixinStandardHelpOptions = true)
public final class ReconcileCommand implements Callable<Integer> {
  @Mixin private CorrectCommand.Desk desk = new CorrectCommand.Desk();

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
          "FOCUS rows as CSV, by who billed as the ledger calls it: aws.bedrock=bedrock.csv. One"
              + " file for each.")
  private List<String> focus = List.of();

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

  @Option(
      names = "--book",
      paramLabel = "INVOICE",
      description =
          "Book the difference as true-ups of the invoice of that id, spread over those who used"
              + " it; again: only what changed.")
  private @Nullable String invoice;

  @Option(names = "--dry-run", description = "With --book: only show what would be booked.")
  private boolean dryRun;

  @Option(
      names = "--take-over",
      description =
          "With --book: close a run of this invoice that was left open. Only where none is at work.")
  private boolean takeOver;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    Map<String, Path> focusFiles = focusFiles();
    checkOptions(focusFiles.size());
    if (json != null) {
      TextFile.requireWritable(json);
    }
    Reconciling reconciling =
        new Reconciling(CatalogueFile.read(catalog), spec.commandLine().getErr());
    List<Bill> bills = reconciling.bills(new Reconciling.Files(openAi, anthropic, focusFiles));
    List<Reconciliation> results =
        ledger == null
            ? reconciling.withLedger(bills, desk.sql(), desk.tenant())
            : reconciling.withLog(bills, ledger);
    spec.commandLine().getOut().print(ReconcileReport.text(results));
    spec.commandLine().getOut().flush();
    if (json != null) {
      ReconcileReport.write(json, results);
    }
    if (invoice != null) {
      return book(invoice, results.get(0));
    }
    return ReconcileReport.isPassed(results) ? 0 : 1;
  }

  /** A map of picocli's own would keep the last of two files of a surface and say nothing. */
  private Map<String, Path> focusFiles() {
    Map<String, Path> files = new LinkedHashMap<>();
    for (String given : focus) {
      int equals = given.indexOf('=');
      if (equals < 1 || equals == given.length() - 1) {
        throw refused("--focus: SURFACE=FILE is expected, as aws.bedrock=bedrock.csv: " + given);
      }
      String surface = given.substring(0, equals);
      Path file = Path.of(given.substring(equals + 1));
      Path other = files.putIfAbsent(surface, file);
      if (other != null) {
        throw refused(
            "--focus: two files of %s: %s and %s; give one".formatted(surface, other, file));
      }
    }
    return files;
  }

  private void checkOptions(int focusFiles) {
    if (invoice == null && (dryRun || takeOver)) {
      throw refused("--dry-run and --take-over belong to --book");
    }
    if (invoice != null && ledger != null) {
      throw refused("--book needs the ledger of an instance, not --ledger");
    }
    if (invoice != null
        && (openAi.isEmpty() ? 0 : 1) + (anthropic.isEmpty() ? 0 : 1) + focusFiles > 1) {
      throw refused("--book: an invoice is of one provider; give one bill");
    }
  }

  private ParameterException refused(String problem) {
    return new ParameterException(spec.commandLine(), problem);
  }

  /** The checks are shown; what is booked is for the person who asked for it to decide. */
  private int book(String id, Reconciliation result) {
    Bill bill = result.bill();
    return new TrueUpDesk(
            desk.settings(), desk.patience(), spec.commandLine().getOut(), Clock.systemUTC())
        .book(
            desk.tenant(),
            id,
            new TrueUpDesk.Period(bill.from(), bill.until().minusDays(1)),
            result.findings(),
            new TrueUpDesk.Options(dryRun, takeOver));
  }
}
