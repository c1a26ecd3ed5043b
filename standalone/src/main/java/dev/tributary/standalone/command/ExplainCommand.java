package dev.tributary.standalone.command;

import dev.tributary.anomaly.core.explain.CellTable;
import dev.tributary.anomaly.core.explain.SliceSearch;
import dev.tributary.standalone.episode.EpisodeReport;
import dev.tributary.standalone.explain.CellFiles;
import dev.tributary.standalone.explain.SliceJson;
import dev.tributary.standalone.text.Complaint;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tributary explain}: an episode, or offline which slices carry a change. */
@Command(
    name = "explain",
    description = {
      "Explain an episode of the running instance: its sentence, the split of the change, the slices"
          + " that carry it, what changed before, traces to open and the money. Or, with --cells,"
          + " say which slices carry the change between two files.",
      "Each file has a header and a row per combination of dimension values; a combination that one"
          + " file lacks is zero there. Standard output gets a JSON list, best first: the slices"
          + " with \"cause\": true together explain the change; an empty list where nothing changed"
          + " beyond chance."
    },
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:done, with or without a cause",
      "1:no such episode, or no instance",
      "2:wrongly called, or a file is unreadable"
    })
public final class ExplainCommand implements Callable<Integer> {
  private static final int UNREADABLE = 2;

  @Mixin private ClusterOption cluster = new ClusterOption();

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "EPISODE",
      description = "Id of an episode, or what it begins with.")
  private @Nullable String episode;

  @Mixin private TenantOption tenant = new TenantOption();

  @Option(
      names = "--cells",
      arity = "2",
      paramLabel = "BEFORE.csv AFTER.csv",
      hideParamSyntax = true,
      description = "Cells as expected or before, and as they are.")
  private List<Path> cells = List.of();

  @Option(names = "--value", paramLabel = "COLUMN", description = "The amount: what is summed.")
  private String value = "";

  @Option(
      names = "--count",
      paramLabel = "COLUMN",
      description = "Explain the ratio value over count.")
  private @Nullable String count;

  @Option(
      names = "--dims",
      split = ",",
      paramLabel = "A,B,C",
      hideParamSyntax = true,
      description = "Columns to combine, at most 8.")
  private List<String> dimensions = List.of();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    if (episode != null && cells.isEmpty()) {
      new EpisodeReport(cluster.sql(), tenant.name()).print(episode, spec.commandLine().getOut());
      return 0;
    }
    if (episode != null || cells.isEmpty() || value.isEmpty() || dimensions.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(),
          "either EPISODE, or --cells BEFORE.csv AFTER.csv with --value and --dims");
    }
    return explainCells();
  }

  private int explainCells() {
    PrintWriter errors = spec.commandLine().getErr();
    List<String> dims = dimensions.stream().map(String::trim).toList();
    if (value.equals(count)) {
      throw new ParameterException(
          spec.commandLine(), "--count is " + count + "; allowed: a column other than the value");
    }
    if (dims.size() > CellTable.MOST_DIMENSIONS
        || new HashSet<>(dims).size() < dims.size()
        || dims.contains("")
        || dims.contains(value)
        || (count != null && dims.contains(count))) {
      throw new ParameterException(
          spec.commandLine(),
          "--dims is "
              + dims
              + "; allowed: 1 to "
              + CellTable.MOST_DIMENSIONS
              + " different columns other than those of --value and --count");
    }
    try {
      CellTable table = CellFiles.read(cells.get(0), cells.get(1), dims, value, count, errors);
      SliceJson.print(SliceSearch.search(table), spec.commandLine().getOut());
      return 0;
    } catch (IOException e) {
      errors.println("tributary: " + Complaint.of(e));
      return UNREADABLE;
    }
  }
}
