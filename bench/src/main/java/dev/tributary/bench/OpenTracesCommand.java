package dev.tributary.bench;

import dev.tributary.attribution.AttributionMain;
import dev.tributary.embedded.registry.EmbeddedRegistry;
import dev.tributary.normalize.NormalizeMain;
import dev.tributary.schemas.TopicNames;
import dev.tributary.schemas.Topics;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code bench open-traces}: what traces cost while they are open, and what closing all of them at
 * once costs. Through the real applications and a broker: spans whose root never comes, while the
 * clock of event time stands; then one span a partition that moves it on.
 */
@Command(
    name = "open-traces",
    description = "Bytes per open trace, and the close of all of them at once.",
    mixinStandardHelpOptions = true)
final class OpenTracesCommand implements Callable<Integer> {
  private static final int TRACES_PER_BODY = 200;
  private static final int BODIES_PER_STEP = 100;

  /** Beyond the quiet time after which any trace closes. */
  private static final Duration UNTIL_CLOSE = Duration.ofMinutes(2);

  @Option(names = "--traces", description = "Open traces. Default: ${DEFAULT-VALUE}")
  private long traces = 1_000_000;

  @Option(names = "--spans", description = "Spans of each trace. Default: ${DEFAULT-VALUE}")
  private int spans = 2;

  @Option(names = "--set", paramLabel = "KEY=VALUE", description = "A setting of the stages.")
  private Map<String, String> settings = new LinkedHashMap<>();

  @Option(names = "--dir", paramLabel = "DIR", description = "Parent of the working folder.")
  private Path folder = Path.of("bench/target");

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    Allowed.atLeast(spec, "--traces", traces, 1);
    Allowed.atLeast(spec, "--spans", spans, 1);
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        "load average before: %.1f%n",
        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    try (Lab lab = Lab.start(folder, false);
        EmbeddedRegistry registry =
            EmbeddedRegistry.start(
                new EmbeddedRegistry.Options(lab.folder().resolve("registry"), 0))) {
      Map<String, String> values = StageSetup.settings(lab, registry);
      // Only spans move the clock, and those stand still until the end.
      values.put("tributary.attribution.clock-idle", "6h");
      values.putAll(settings);
      Path config = StageSetup.prepare(lab, values);
      try (ChildJvm normalize = start(lab, NormalizeMain.APP.name(), config);
          ChildJvm attribution = start(lab, AttributionMain.APP.name(), config)) {
        normalize.awaitReady();
        attribution.awaitReady();
        measure(lab, attribution, out);
      }
    }
    return 0;
  }

  private static ChildJvm start(Lab lab, String stage, Path config) {
    return StageSetup.start(lab, stage, stage, config, List.of());
  }

  private void measure(Lab lab, ChildJvm attribution, PrintWriter out) throws Exception {
    long endUs = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now().minus(2, ChronoUnit.HOURS));
    String spansTopic = TopicNames.PLAIN.of(Topics.SPANS);
    Path state = StageSetup.stateFolder(lab).resolve("tributary-" + AttributionMain.APP.name());
    ProcessUse idle = attribution.use();
    long stateBefore = Folders.bytes(state);

    long start = System.nanoTime();
    feed(lab, endUs, out);
    String group = "tributary-" + AttributionMain.APP.name();
    TopicReader.awaitTaken(lab.bootstrap(), group, spansTopic, traces * spans, attribution);
    ProcessUse open = attribution.use();
    out.printf(
        "open      %,d traces of %d spans after %.0f s; %.0f us CPU a span%n",
        traces,
        spans,
        (System.nanoTime() - start) / 1e9,
        micros(open.cpu().minus(idle.cpu())) / (traces * spans));
    out.printf(
        "          %,.0f bytes on disk a trace; resident %d MiB, %d MiB before%n",
        (Folders.bytes(state) - stateBefore) / (double) traces,
        open.residentBytes() >> 20,
        idle.residentBytes() >> 20);
    out.flush();

    long mark = System.nanoTime();
    lab.produce(
        TopicNames.PLAIN.of(Topics.OTLP_SPANS),
        ClockMark.bodies(endUs + TimeUnit.MILLISECONDS.toMicros(UNTIL_CLOSE.toMillis())));
    TopicReader.awaitRecords(
        lab.bootstrap(), TopicNames.PLAIN.of(Topics.TRACES), traces, attribution);
    ProcessUse closed = attribution.use();
    out.printf(
        "closed    all after %.0f s; %.0f us CPU a trace; resident %d MiB%n",
        (System.nanoTime() - mark) / 1e9,
        micros(closed.cpu().minus(open.cpu())) / traces,
        closed.residentBytes() >> 20);
    out.flush();
  }

  private void feed(Lab lab, long endUs, PrintWriter out) throws Exception {
    OpenTraces source = new OpenTraces(spans, endUs);
    long step = (long) TRACES_PER_BODY * BODIES_PER_STEP;
    for (long first = 0; first < traces; first += step) {
      List<byte[]> bodies = new ArrayList<>();
      for (long next = first; next < Math.min(traces, first + step); next += TRACES_PER_BODY) {
        bodies.add(source.body(next, (int) Math.min(TRACES_PER_BODY, traces - next)));
      }
      lab.produce(TopicNames.PLAIN.of(Topics.OTLP_SPANS), bodies);
      out.printf("sent      %,d traces%n", Math.min(traces, first + step));
      out.flush();
    }
  }

  private static double micros(Duration duration) {
    return duration.toNanos() / 1e3;
  }
}
