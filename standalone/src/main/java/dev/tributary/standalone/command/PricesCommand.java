package dev.tributary.standalone.command;

import dev.tributary.pricing.importer.GatePolicy;
import dev.tributary.pricing.importer.PriceBook;
import dev.tributary.standalone.price.CatalogueFile;
import dev.tributary.standalone.prices.PriceDiff;
import dev.tributary.standalone.prices.PriceImport;
import dev.tributary.standalone.prices.PriceShow;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tributary prices}: price lists taken over, compared and looked up, offline. */
@Command(
    name = "prices",
    description = {
      "Take over, compare and look up price lists, offline.",
      "A CATALOG is genai-prices:FILE, litellm:FILE, FILE.yaml or 'curated'."
    },
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "(import | diff | show)")
public final class PricesCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "one of import, diff, show is missing");
  }

  /** Reads a public list, holds what looks wrong and writes the rest. */
  @Command(
      name = "import",
      description = {
        "Take over a LiteLLM or genai-prices file that you bring.",
        "What the gates hold goes into a quarantine file, not into the catalogue."
      },
      mixinStandardHelpOptions = true)
  int importList(
      @Parameters(index = "0", paramLabel = "KIND", description = "litellm or genai-prices.")
          String kind,
      @Parameters(index = "1", paramLabel = "FILE", description = "The list, as published (JSON).")
          String file,
      @Option(names = "--dry-run", description = "Write nothing.") boolean isDry,
      @Option(names = "--out", paramLabel = "FILE.yaml", description = "The catalogue to write.")
          @Nullable Path out,
      @Option(
              names = "--quarantine",
              paramLabel = "FILE",
              description = "Where held cards go (default: beside --out, .quarantine.jsonl).")
          @Nullable Path quarantine,
      @Option(
              names = "--against",
              paramLabel = "CATALOG",
              description = "What is in force: for jumps, vanished models and history.")
          @Nullable String against,
      @Option(
              names = "--from",
              paramLabel = "DATE",
              description = "Since when changed prices hold (default: today, 00:00 UTC).")
          @Nullable String from,
      @Option(
              names = "--free",
              paramLabel = "GLOB",
              description = "SURFACE|MODEL that may cost nothing; may be given several times.")
          @Nullable List<String> free,
      @Option(
              names = "--approve",
              paramLabel = "GLOB",
              description = "Card ids that pass whatever the gates say.")
          @Nullable List<String> approved,
      @Option(names = "--json", description = "One JSON object instead of text.") boolean isJson)
      throws IOException {
    if (!kind.equals("litellm") && !kind.equals("genai-prices")) {
      throw new ParameterException(
          spec.commandLine(), "import " + kind + ": allowed are litellm and genai-prices");
    }
    if (!isDry && out == null) {
      throw new ParameterException(spec.commandLine(), "import needs --out FILE or --dry-run");
    }
    LocalDate today = LocalDate.now(ZoneOffset.UTC);
    Instant begin = from == null ? today.atStartOfDay(ZoneOffset.UTC).toInstant() : moment(from);
    GatePolicy policy =
        new GatePolicy(
            free == null ? List.of() : free, approved == null ? List.of() : approved, begin);
    PriceImport prices =
        PriceImport.read(
            new PriceImport.Order(
                kind, file, against, policy, begin, CatalogueFile.lastModified(file)));
    PrintWriter text = spec.commandLine().getOut();
    if (isJson) {
      text.println(prices.json());
    } else {
      prices.print(text);
    }
    if (isDry || out == null) {
      if (!isJson) {
        text.println("dry run: nothing written");
      }
      return 0;
    }
    Path held = quarantine == null ? beside(out) : quarantine;
    prices.write(out, held);
    if (!isJson) {
      text.printf("%d cards in %s, what was held in %s%n", prices.cards().size(), out, held);
    }
    return 0;
  }

  /** Compares two catalogues. */
  @Command(
      name = "diff",
      description = "What two catalogues say differently.",
      mixinStandardHelpOptions = true)
  int diff(
      @Parameters(index = "0", paramLabel = "A", description = "The catalogue before.") String a,
      @Parameters(index = "1", paramLabel = "B", description = "The catalogue after.") String b,
      @Option(names = "--json", description = "A JSON line for each card.") boolean isJson)
      throws IOException {
    PriceBook before = CatalogueFile.read(a);
    PriceBook after = CatalogueFile.read(b);
    PrintWriter out = spec.commandLine().getOut();
    if (isJson) {
      PriceDiff.printJson(before.catalogue(), after.catalogue(), out);
    } else {
      PriceDiff.print(before.catalogue(), after.catalogue(), out);
    }
    return 0;
  }

  /** Shows what a model costs. */
  @Command(
      name = "show",
      description = "What a model costs; exit code 1 where no card is found.",
      mixinStandardHelpOptions = true)
  int show(
      @Parameters(paramLabel = "MODEL", description = "As telemetry names it.") String model,
      @Option(
              names = "--at",
              paramLabel = "TIME",
              description = "Only what holds then: a date or 2026-11-20T12:00:00Z.")
          @Nullable String at,
      @Option(names = "--surface", paramLabel = "NAME", description = "Only that surface.")
          @Nullable String surface,
      @Option(
              names = "--catalog",
              paramLabel = "CATALOG",
              description = "Without it the curated prices.")
          @Nullable String catalog,
      @Option(names = "--json", description = "A JSON line for each card.") boolean isJson)
      throws IOException {
    PriceShow show = new PriceShow(model, surface, at == null ? null : moment(at));
    PriceBook book = CatalogueFile.read(catalog);
    PrintWriter out = spec.commandLine().getOut();
    int found = isJson ? show.printJson(book.catalogue(), out) : show.print(book.catalogue(), out);
    return found == 0 ? 1 : 0;
  }

  private static Path beside(Path out) {
    String name = String.valueOf(out.getFileName()).replaceFirst("\\.ya?ml$", "");
    return out.resolveSibling(name + ".quarantine.jsonl");
  }

  private Instant moment(String text) {
    try {
      return text.length() == 10
          ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
          : OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      throw new ParameterException(
          spec.commandLine(),
          text + " is no time: allowed are 2026-11-20 and 2026-11-20T12:00:00Z");
    }
  }
}
