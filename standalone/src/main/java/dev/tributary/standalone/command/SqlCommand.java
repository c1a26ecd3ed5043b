package dev.tributary.standalone.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tributary sql}: a statement against the running instance's ClickHouse. */
@Command(
    name = "sql",
    description = "Run a SQL statement on the running instance.",
    mixinStandardHelpOptions = true)
public final class SqlCommand implements Callable<Integer> {
  @Mixin private ClusterOption cluster = new ClusterOption();

  @Option(
      names = "--format",
      paramLabel = "F",
      defaultValue = "PrettyCompactMonoBlock",
      description = "ClickHouse output format (default: ${DEFAULT-VALUE}), such as CSVWithNames.")
  private String format = "PrettyCompactMonoBlock";

  @Parameters(paramLabel = "SQL", description = "The statement.")
  private String sql = "";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    String result = cluster.sql().run(sql, format);
    spec.commandLine().getOut().print(result);
    spec.commandLine().getOut().flush();
    return 0;
  }
}
