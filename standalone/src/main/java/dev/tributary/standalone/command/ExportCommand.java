package dev.tributary.standalone.command;

import dev.tributary.standalone.export.FocusExport;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tributary export}: the ledger in the form of other tools. */
@Command(
    name = "export",
    description = "Export the ledger.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "focus")
public final class ExportCommand {
  @Spec private CommandSpec spec = CommandSpec.create();

  /** Writes FOCUS 1.2 rows. */
  @Command(
      name = "focus",
      description =
          "Write FOCUS 1.2 rows as CSV, custom columns x_ last; says what has no price and is not"
              + " in them.",
      mixinStandardHelpOptions = true)
  int focus(
      @Mixin ClusterOption cluster,
      @Option(
              names = "--from",
              required = true,
              paramLabel = "TIME",
              description = "First day or full hour (UTC), such as 2026-01-01.")
          String from,
      @Option(
              names = "--to",
              required = true,
              paramLabel = "TIME",
              description = "Day or full hour after the last (UTC).")
          String to,
      @Option(
              names = "--out",
              paramLabel = "FILE",
              description = "File to write; without it standard output.")
          @Nullable Path out,
      @Mixin TenantOption tenant)
      throws IOException, InterruptedException {
    FocusExport.Range range =
        new FocusExport.Range(
            tenant.name(), FocusExport.time("--from", from), FocusExport.time("--to", to));
    FocusExport export = new FocusExport(cluster.sql());
    long rows;
    if (out == null) {
      rows = export.write(range, spec.commandLine().getOut());
    } else {
      try (Writer file = Files.newBufferedWriter(out)) {
        rows = export.write(range, file);
      }
    }
    List<String> unpriced = export.withoutPrice(range);
    spec.commandLine()
        .getErr()
        .printf(
            "%d rows; without a price and not in them: %s calls, %s tokens%n",
            rows, unpriced.get(0), unpriced.get(1));
    return 0;
  }
}
