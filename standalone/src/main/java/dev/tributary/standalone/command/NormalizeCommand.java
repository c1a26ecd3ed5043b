package dev.tributary.standalone.command;

import dev.tributary.standalone.offline.OfflineNormalizer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tributary normalize}: what Tributary makes of a payload, offline. */
@Command(
    name = "normalize",
    description = "Print what Tributary makes of OTLP bodies: a JSON line for each span.",
    mixinStandardHelpOptions = true)
public final class NormalizeCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "FILE",
      arity = "1..*",
      description = "OTLP trace requests, protobuf or JSON.")
  private List<Path> files = List.of();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    int unreadable =
        OfflineNormalizer.run(files, spec.commandLine().getOut(), spec.commandLine().getErr());
    return unreadable == 0 ? 0 : 1;
  }
}
