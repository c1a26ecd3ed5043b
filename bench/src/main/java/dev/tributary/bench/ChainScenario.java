package dev.tributary.bench;

import dev.tributary.embedded.clickhouse.EmbeddedClickHouse;
import dev.tributary.embedded.registry.EmbeddedRegistry;
import dev.tributary.schemas.TopicNames;
import dev.tributary.schemas.Topics;
import dev.tributary.sink.clickhouse.SinkConfig;
import dev.tributary.standalone.demo.Demo;
import dev.tributary.standalone.platform.SqlClient;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * 02: the whole chain from OTLP requests on a topic to ledger lines in ClickHouse, the same
 * applications and migrations as everywhere, in JVMs of their own.
 */
final class ChainScenario implements Scenario {
  static final String NUMBER = "02";

  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration STUCK = Duration.ofMinutes(2);
  private static final Duration QUIET_STEP = Duration.ofSeconds(1);
  private static final int QUIET_STEPS_MAX = 20;

  /** Less CPU than this in a second, all our JVMs together, is idling. */
  private static final Duration IDLE = Duration.ofMillis(150);

  /**
   * How to run it.
   *
   * @param oneJvm all stages in one JVM; otherwise each in its own, so that their CPU is told apart
   * @param jvmOptions added to every stage's JVM
   * @param settings over the throughput profile
   * @param flightRecordings record each JVM's samples to this folder; null: none
   */
  record Options(
      boolean oneJvm,
      List<String> jvmOptions,
      Map<String, String> settings,
      @Nullable Path flightRecordings) {}

  private final Lab lab;
  private final EmbeddedRegistry registry;
  private final EmbeddedClickHouse clickHouse;
  private final AtEnd atEnd;
  private final SqlClient sql;
  private final Map<String, ChildJvm> stages = new LinkedHashMap<>();
  private long spansBefore;
  private long tracesBefore;

  ChainScenario(Lab lab, Options options) throws IOException {
    this.lab = lab;
    this.registry =
        EmbeddedRegistry.start(new EmbeddedRegistry.Options(lab.folder().resolve("registry"), 0));
    this.clickHouse =
        EmbeddedClickHouse.start(EmbeddedClickHouse.Options.at(lab.folder().resolve("clickhouse")));
    this.atEnd = AtEnd.hold(clickHouse::close);
    this.sql = new SqlClient(clickHouse.httpUrl(), "tributary");
    Path config = StageSetup.prepare(lab, settings(options));
    List<String> names = options.oneJvm() ? List.of("chain") : StageMain.NAMES;
    for (String name : names) {
      String which = options.oneJvm() ? String.join(",", StageMain.NAMES) : name;
      stages.put(name, startStage(name, which, config, options));
    }
    stages.values().forEach(ChildJvm::awaitReady);
  }

  private Map<String, String> settings(Options options) {
    Map<String, String> values = StageSetup.settings(lab, registry);
    values.put(SinkConfig.URL.key(), clickHouse.httpUrl().toString());
    values.put("tributary.attribution.speed", Long.toString(Demo.speed(Duration.ofMinutes(1))));
    values.putAll(options.settings());
    return values;
  }

  private ChildJvm startStage(String name, String which, Path config, Options options) {
    List<String> jvm = new ArrayList<>();
    Path recordings = options.flightRecordings();
    if (recordings != null) {
      jvm.add("-XX:+UnlockDiagnosticVMOptions");
      jvm.add("-XX:+DebugNonSafepoints");
      jvm.add(
          "-XX:StartFlightRecording=settings=profile,dumponexit=true,filename="
              + recordings.resolve(name + ".jfr").toAbsolutePath());
    }
    jvm.addAll(options.jvmOptions());
    return StageSetup.start(lab, name, which, config, jvm);
  }

  @Override
  public Measurement run(Workload work, int round) throws Exception {
    String topic = TopicNames.PLAIN.of(Topics.OTLP_SPANS);
    CpuMeter ours = new CpuMeter(uses());
    Map<String, Supplier<ProcessUse>> others = new LinkedHashMap<>();
    others.put("broker", lab::brokerUse);
    others.put("clickhouse", () -> ProcessUse.of(clickHouse.pid()));
    CpuMeter beside = new CpuMeter(others);

    long start = System.nanoTime();
    lab.produce(topic, work.bodies());
    double mostlySeconds = await("spans", work, start, spansBefore + work.spans());
    lab.produce(topic, ClockMark.bodies(work.endUs() + TimeUnit.HOURS.toMicros(6)));
    mostlySeconds = Math.max(mostlySeconds, awaitLines(work, start));
    double allSeconds = (System.nanoTime() - start) / 1e9;
    awaitQuiet();

    spansBefore += work.spans();
    tracesBefore += work.traces();
    Map<String, String> notes = notes();
    notes.put("seconds_until_all_lines", "%.2f".formatted(allSeconds));
    return new Measurement(
        NUMBER,
        round,
        work.spans(),
        work.bytes(),
        Duration.ofNanos((long) (mostlySeconds * 1e9)),
        ours.read(),
        beside.read(),
        notes);
  }

  private Map<String, Supplier<ProcessUse>> uses() {
    Map<String, Supplier<ProcessUse>> uses = new LinkedHashMap<>();
    stages.forEach((name, stage) -> uses.put(name, stage::use));
    return uses;
  }

  /**
   * Seconds for all, from those until most were there. Rows come in blocks, so that the first look
   * that finds nine tenths may find nearly all: it is scaled by what it found.
   */
  static double scaledToAll(double seconds, long found, long all) {
    return seconds * all / Math.min(found, all);
  }

  /** Waits for rows of the table of spans; seconds until nine tenths of them, scaled to all. */
  private double await(String table, Workload work, long startNanos, long wanted)
      throws IOException, InterruptedException {
    return awaitCount(
        "SELECT count() FROM "
            + table
            + " WHERE ifNull(service_name, '') != '"
            + ClockMark.SERVICE
            + "'",
        wanted - work.spans(),
        wanted,
        startNanos);
  }

  private double awaitLines(Workload work, long startNanos)
      throws IOException, InterruptedException {
    String lines =
        "FROM calls WHERE kind = 'USAGE' AND ifNull(service_name, '') != '"
            + ClockMark.SERVICE
            + "'";
    double mostly =
        awaitCount(
            "SELECT sumIf(sign, item != 'trace') " + lines,
            spansBefore,
            spansBefore + work.spans(),
            startNanos);
    awaitCount(
        "SELECT sumIf(sign, item = 'trace') " + lines,
        tracesBefore,
        tracesBefore + work.traces(),
        startNanos);
    return mostly;
  }

  private double awaitCount(String query, long from, long to, long startNanos)
      throws IOException, InterruptedException {
    double mostly = 0;
    long last = -1;
    long lastChange = System.nanoTime();
    while (true) {
      long count = count(query);
      double seconds = (System.nanoTime() - startNanos) / 1e9;
      if (mostly == 0 && count - from >= (to - from) * 9 / 10) {
        mostly = scaledToAll(seconds, count - from, to - from);
      }
      if (count >= to) {
        return mostly;
      }
      stages.values().forEach(ChildJvm::checkAlive);
      if (count != last) {
        last = count;
        lastChange = System.nanoTime();
      } else if (System.nanoTime() - lastChange > STUCK.toNanos()) {
        throw new BenchException(
            "nothing moved for %s: %d of %d by %s".formatted(STUCK, count, to, query));
      }
      pause(POLL);
    }
  }

  /** ClickHouse's answer; 0 while the sink has not made the tables. */
  private long count(String query) throws IOException, InterruptedException {
    try {
      return Long.parseLong(sql.rows(query).get(0).get(0));
    } catch (IOException e) {
      String message = String.valueOf(e.getMessage());
      if (message.contains("UNKNOWN_TABLE") || message.contains("UNKNOWN_DATABASE")) {
        return 0;
      }
      throw e;
    }
  }

  /** The windows follow the lines: their CPU belongs to the round too. */
  private void awaitQuiet() throws InterruptedException {
    for (int i = 0; i < QUIET_STEPS_MAX; i++) {
      CpuMeter meter = new CpuMeter(uses());
      pause(QUIET_STEP);
      Duration used = meter.read().values().stream().reduce(Duration.ZERO, Duration::plus);
      if (used.compareTo(IDLE) < 0) {
        return;
      }
    }
  }

  private static void pause(Duration duration) throws InterruptedException {
    LockSupport.parkNanos(duration.toNanos());
    if (Thread.interrupted()) {
      throw new InterruptedException("stopped while waiting");
    }
  }

  private Map<String, String> notes() throws IOException, InterruptedException {
    Map<String, String> notes = new LinkedHashMap<>();
    List<String> row =
        sql.rows("SELECT count(), sum(sign), round(count() / sum(sign), 4) FROM ledger").get(0);
    notes.put("ledger_entries", row.get(0));
    notes.put("ledger_lines", row.get(1));
    notes.put("entries_per_line", row.get(2));
    notes.put(
        "priced_cost",
        sql.rows("SELECT toString(sum(sign * ifNull(cost, toDecimal128(0, 18)))) FROM calls")
            .get(0)
            .get(0));
    stages.forEach(
        (name, stage) ->
            notes.put("rss_mib_" + name, Long.toString(stage.use().residentBytes() >> 20)));
    notes.put(
        "rss_mib_clickhouse", Long.toString(ProcessUse.of(clickHouse.pid()).residentBytes() >> 20));
    notes.put("rss_mib_broker", Long.toString(lab.brokerUse().residentBytes() >> 20));
    return notes;
  }

  /** Address of ClickHouse, for whoever looks at the result. */
  URI clickHouseUrl() {
    return clickHouse.httpUrl();
  }

  @Override
  public void close() {
    // The last stage first: nothing then waits for an answer from one that has gone.
    List<ChildJvm> reversed = new ArrayList<>(stages.values());
    Collections.reverse(reversed);
    reversed.forEach(ChildJvm::close);
    clickHouse.close();
    atEnd.close();
    registry.close();
  }
}
