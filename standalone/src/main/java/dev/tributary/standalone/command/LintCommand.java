package dev.tributary.standalone.command;

import dev.tributary.standalone.lint.FileSource;
import dev.tributary.standalone.lint.LintJson;
import dev.tributary.standalone.lint.LintReport;
import dev.tributary.standalone.lint.LintText;
import dev.tributary.standalone.lint.ServiceSource;
import dev.tributary.standalone.platform.PlatformException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tributary lint}: what a producer team's telemetry lacks, and how to fix it. */
@Command(
    name = "lint",
    description = "Say what telemetry lacks, and how to fix it.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:nothing wrong that costs money or owners",
      "1:findings of severity error",
      "2:something could not be read"
    })
public final class LintCommand implements Callable<Integer> {
  private static final int UNREADABLE = 2;

  /** What to read: files, all of them or one service, or a service of the running instance. */
  static final class Source {
    @Parameters(
        paramLabel = "FILE",
        arity = "0..*",
        description = "OTLP trace requests, protobuf or JSON; or one JSON request a line.")
    private List<Path> files = List.of();

    @Option(
        names = "--service",
        paramLabel = "NAME",
        description = "A service by its service.name: of the files, or of the running instance.")
    private String service = "";
  }

  @ArgGroup(exclusive = false, multiplicity = "1")
  private Source source = new Source();

  @Option(names = "--json", description = "As JSON.")
  private boolean json;

  @Option(
      names = "--limit",
      converter = PositiveOption.class,
      paramLabel = "N",
      defaultValue = "10000",
      description = "With --service: most spans read, the newest (default: ${DEFAULT-VALUE}).")
  private int limit;

  @Mixin private TenantOption tenant = new TenantOption();

  @Mixin private ClusterOption cluster = new ClusterOption();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter errors = spec.commandLine().getErr();
    LintReport report;
    try {
      report = source.files.isEmpty() ? ofService() : ofFiles();
    } catch (IOException | PlatformException e) {
      errors.println("tributary: " + e.getMessage());
      return UNREADABLE;
    }
    if (json) {
      LintJson.print(report, spec.commandLine().getOut());
    } else {
      LintText.print(report, spec.commandLine().getOut());
    }
    return report.exitCode();
  }

  private LintReport ofFiles() throws IOException {
    String service = source.service.isEmpty() ? null : source.service;
    LintReport report = FileSource.read(source.files, service);
    List<String> services =
        service == null || !report.isEmpty() ? List.of() : FileSource.read(source.files).services();
    if (!services.isEmpty()) {
      throw new IOException(
          "no span of service " + service + " is in the files; services there are: " + services);
    }
    return report;
  }

  private LintReport ofService() throws IOException, InterruptedException {
    ServiceSource spans = new ServiceSource(cluster.sql(), tenant.name());
    LintReport report = spans.read(source.service, limit);
    if (report.isEmpty()) {
      throw new IOException(
          "no span of service "
              + source.service
              + " has come; services there are: "
              + spans.services());
    }
    return report;
  }
}
