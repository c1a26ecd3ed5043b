package dev.tributary.standalone.command;

import dev.tributary.standalone.platform.Platform;
import dev.tributary.standalone.platform.PlatformOptions;
import dev.tributary.standalone.reference.ReferenceSource;
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

/** {@code tributary up}: one instance of everything, until Ctrl-C. */
@Command(
    name = "up",
    description = "Run everything in one process until Ctrl-C.",
    mixinStandardHelpOptions = true)
public final class UpCommand implements Callable<Integer> {
  @Mixin private InstanceOptions instance = new InstanceOptions();

  @Option(
      names = "--ownership",
      paramLabel = "FILE",
      description = "Ownership table (YAML) to publish at start.")
  private List<Path> ownership = List.of();

  @Option(
      names = "--ready-file",
      paramLabel = "F",
      description = "Has the addresses as JSON while the instance is ready.")
  private @Nullable Path readyFile;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    Screen screen = new Screen(spec.commandLine().getErr());
    PlatformOptions options = instance.platform(1, Map.of(ReferenceSource.OWNERSHIP, ownership));
    try (Platform platform = Platform.start(options, screen::line, readyFile)) {
      Runtime.getRuntime().addShutdownHook(new Thread(platform::close, "shutdown"));
      spec.commandLine()
          .getOut()
          .printf("Tributary is ready%n%n%s%n", platform.addresses().table());
      spec.commandLine().getOut().println("Ctrl-C ends it; --data keeps everything.");
      spec.commandLine().getOut().flush();
      return platform.awaitEnd();
    }
  }
}
