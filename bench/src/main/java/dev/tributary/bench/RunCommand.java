package dev.tributary.bench;

import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bench run}: scenarios in turn, round by round, over the same bytes. */
@Command(
    name = "run",
    description = "Measure scenarios: 00 raw copy, 00s raw copy span by span, 02 the whole chain.",
    mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {
  private static final Duration BETWEEN_ROUNDS = Duration.ofHours(12);
  private static final List<String> ALL =
      List.of(CopyScenario.REQUESTS, CopyScenario.SINGLE, ChainScenario.NUMBER);

  @Parameters(arity = "0..1", split = ",", description = "Scenarios; default 00,00s,02.")
  private List<String> scenarios = ALL;

  @Option(names = "--spans", description = "Spans per round, about. Default: ${DEFAULT-VALUE}")
  private long spans = 300_000;

  @Option(names = "--rounds", description = "Measured rounds. Default: ${DEFAULT-VALUE}")
  private int rounds = 3;

  @Option(names = "--warm-up", description = "Rounds before them. Default: ${DEFAULT-VALUE}")
  private int warmUp = 1;

  @Option(names = "--seed", description = "Decides the traffic. Default: ${DEFAULT-VALUE}")
  private long seed = 1;

  @Option(names = "--one-jvm", description = "All stages of the chain in one JVM.")
  private boolean oneJvm;

  @Option(names = "--set", paramLabel = "KEY=VALUE", description = "A setting of the chain.")
  private Map<String, String> settings = new LinkedHashMap<>();

  @Option(names = "--jvm", paramLabel = "OPTION", description = "An option of the chain's JVMs.")
  private List<String> jvmOptions = new ArrayList<>();

  @Option(names = "--jfr", paramLabel = "DIR", description = "Record samples of the chain's JVMs.")
  private @Nullable Path recordings;

  @Option(names = "--json", paramLabel = "FILE", description = "Where the rounds go as JSON.")
  private Path json = Path.of("bench/target/bench.json");

  @Option(names = "--dir", paramLabel = "DIR", description = "Parent of the working folder.")
  private Path folder = Path.of("bench/target");

  @Option(names = "--keep", description = "Leave the working folder with all data and logs.")
  private boolean keep;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    Allowed.among(spec, "scenario", scenarios, ALL);
    Allowed.atLeast(spec, "--spans", spans, 1);
    Allowed.atLeast(spec, "--rounds", rounds, 1);
    Allowed.atLeast(spec, "--warm-up", warmUp, 0);
    PrintWriter out = spec.commandLine().getOut();
    if (recordings != null) {
      Files.createDirectories(recordings);
    }
    double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    Report report = new Report(load);
    Map<String, Scenario> running = new LinkedHashMap<>();
    try (Lab lab = Lab.start(folder, keep)) {
      try {
        for (String number : scenarios) {
          running.put(number, start(lab, number));
        }
        measure(running, report, out);
        report.print(out);
        report.write(json);
      } finally {
        running.values().forEach(Scenario::close);
      }
    }
    return 0;
  }

  private Scenario start(Lab lab, String number) throws Exception {
    return switch (number) {
      case CopyScenario.REQUESTS, CopyScenario.SINGLE -> new CopyScenario(lab, number);
      case ChainScenario.NUMBER ->
          new ChainScenario(
              lab, new ChainScenario.Options(oneJvm, jvmOptions, settings, recordings));
      default -> throw new IllegalStateException("scenarios are checked first: " + number);
    };
  }

  private void measure(Map<String, Scenario> running, Report report, PrintWriter out)
      throws Exception {
    int all = warmUp + rounds;
    Instant end = Instant.now();
    for (int i = 0; i < all; i++) {
      // Later rounds carry later times, as traffic does.
      Instant from = end.minus(BETWEEN_ROUNDS.multipliedBy(all - i));
      Workload work = Workload.of(seed + i, spans, from);
      for (Map.Entry<String, Scenario> scenario : running.entrySet()) {
        Measurement measured = scenario.getValue().run(work, i - warmUp + 1);
        out.printf(
            "%s %s: %.2f us/span, %,.0f spans/s%n",
            i < warmUp ? "warm-up" : "round " + measured.round(),
            scenario.getKey(),
            measured.ourMicrosPerSpan(),
            measured.spansPerSecond());
        out.flush();
        if (i >= warmUp) {
          report.add(measured);
        }
      }
    }
  }
}
