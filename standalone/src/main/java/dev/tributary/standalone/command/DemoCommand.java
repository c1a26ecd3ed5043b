package dev.tributary.standalone.command;

import dev.tributary.standalone.demo.Demo;
import dev.tributary.standalone.platform.Platform;
import dev.tributary.standalone.platform.PlatformOptions;
import dev.tributary.standalone.reference.ReferenceSource;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code tributary demo}: an instance and a simulated company that sends it two hours of traffic.
 */
@Command(
    name = "demo",
    description =
        "Run everything, preload three weeks of a simulated company's windows, send two hours of its"
            + " traffic in about a minute, and compare what ClickHouse has with what was sent.",
    mixinStandardHelpOptions = true)
public final class DemoCommand implements Callable<Integer> {
  @Mixin private InstanceOptions instance = new InstanceOptions();

  @Option(names = "--exit", description = "End after the summary; 0: expected = found.")
  private boolean exit;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Decides the traffic (default: ${DEFAULT-VALUE}).")
  private long seed = 1;

  @Option(
      names = "--traces",
      converter = PositiveOption.class,
      paramLabel = "N",
      defaultValue = "150000",
      description = "Traces to send, about four spans each (default: ${DEFAULT-VALUE}).")
  private int traces = 150_000;

  @Option(
      names = "--seconds",
      converter = PositiveOption.class,
      paramLabel = "N",
      defaultValue = "60",
      description = "Time to send them in, if the machine keeps up (default: ${DEFAULT-VALUE}).")
  private int seconds = 60;

  @Option(
      names = "--ready-file",
      paramLabel = "F",
      description = "Has the addresses as JSON while the instance is ready.")
  private @Nullable Path readyFile;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    Screen screen = new Screen(spec.commandLine().getErr());
    Duration wallTime = Duration.ofSeconds(seconds);
    PlatformOptions options =
        instance.platform(
            Demo.speed(wallTime),
            Map.of(
                ReferenceSource.OWNERSHIP, List.of(Demo.ownershipFile(instance.folder())),
                ReferenceSource.POLICIES, List.of(Demo.policyFile(instance.folder()))));
    try (Platform platform = Platform.start(options, screen::line, readyFile)) {
      Runtime.getRuntime().addShutdownHook(new Thread(platform::close, "shutdown"));
      Demo demo =
          new Demo(
              new Demo.Options(URI.create(platform.addresses().otlp()), seed, traces, wallTime),
              platform.settings(),
              platform.sql());
      Optional<Boolean> asExpected =
          platform.whileWhole(
              () -> demo.run(screen::progress, screen::line, spec.commandLine().getOut()));
      if (asExpected.isEmpty()) {
        return platform.awaitEnd();
      }
      if (exit) {
        return asExpected.get() ? 0 : 1;
      }
      platform.restartAtSpeed(1);
      spec.commandLine().getOut().printf("%n%s%n", platform.addresses().table());
      spec.commandLine().getOut().println("Ctrl-C ends it; --data keeps everything.");
      spec.commandLine().getOut().flush();
      return platform.awaitEnd();
    }
  }
}
