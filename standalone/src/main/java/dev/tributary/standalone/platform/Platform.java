package dev.tributary.standalone.platform;

import static java.util.Objects.requireNonNull;

import dev.tributary.alertrouter.AlertRouter;
import dev.tributary.anomaly.AnomalyMain;
import dev.tributary.attribution.AttributionMain;
import dev.tributary.console.Console;
import dev.tributary.cost.CostMain;
import dev.tributary.embedded.clickhouse.EmbeddedClickHouse;
import dev.tributary.embedded.clickhouse.EmbeddedClickHouseException;
import dev.tributary.embedded.kafka.EmbeddedBroker;
import dev.tributary.embedded.kafka.EmbeddedBrokerException;
import dev.tributary.embedded.registry.EmbeddedRegistry;
import dev.tributary.evaldispatch.DispatchMain;
import dev.tributary.evalworker.EvalWorker;
import dev.tributary.normalize.NormalizeConfig;
import dev.tributary.normalize.NormalizeMain;
import dev.tributary.runtime.config.CommonSettings;
import dev.tributary.runtime.config.Settings;
import dev.tributary.runtime.health.HealthServer;
import dev.tributary.runtime.run.DamagedStateException;
import dev.tributary.runtime.run.RunOptions;
import dev.tributary.runtime.run.RunningApp;
import dev.tributary.runtime.run.StreamsApp;
import dev.tributary.runtime.run.StreamsRunner;
import dev.tributary.schemas.Keys;
import dev.tributary.schemas.Topic;
import dev.tributary.schemas.TopicNames;
import dev.tributary.schemas.Topics;
import dev.tributary.sink.clickhouse.ClickHouseSink;
import dev.tributary.sink.clickhouse.SinkConfig;
import dev.tributary.sink.clickhouse.SinkStatus;
import dev.tributary.standalone.compare.ComparisonWatch;
import dev.tributary.standalone.otlp.OtlpReceiver;
import dev.tributary.standalone.reference.ReferencePublisher;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.jspecify.annotations.Nullable;

/**
 * One instance: broker, registry, ClickHouse, all applications and the receiver in this process.
 */
public final class Platform implements AutoCloseable {
  private static final Duration APP_START = Duration.ofSeconds(60);

  /** What a Collector takes, too. As objects a body of JSON is eight times that, or more. */
  private static final int MAX_BODY_BYTES = 20 << 20;

  private static final int MAX_IN_FLIGHT_BYTES = 64 << 20;

  /** With a client of the receiver; an SDK gives up after ten seconds. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** The applications, in the order of the chain. */
  static final List<StreamsApp> APPLICATIONS =
      List.of(
          NormalizeMain.APP, AttributionMain.APP, CostMain.APP, AnomalyMain.APP, DispatchMain.APP);

  private final PlatformOptions options;
  private final Startup parts;
  private final Addresses addresses;
  private final Settings settings;
  private final RunOptions runOptions;
  private final List<RunningApp> apps;
  private final ClickHouseSink sink;
  private final AlertRouter router;
  private final EvalWorker worker;
  private final @Nullable EmbeddedClickHouse clickHouse;
  private final List<Path> readyFiles;
  private final PartsWatch watch;
  private final Map<String, Runnable> beforeEndAskedFor = new HashMap<>();

  private Platform(
      PlatformOptions options,
      Startup parts,
      Addresses addresses,
      Settings settings,
      RunOptions runOptions,
      List<RunningApp> apps,
      ClickHouseSink sink,
      AlertRouter router,
      EvalWorker worker,
      @Nullable EmbeddedClickHouse clickHouse,
      List<Path> readyFiles) {
    this.options = options;
    this.parts = parts;
    this.addresses = addresses;
    this.settings = settings;
    this.runOptions = runOptions;
    this.apps = new ArrayList<>(apps);
    this.sink = sink;
    this.router = router;
    this.worker = worker;
    this.clickHouse = clickHouse;
    this.readyFiles = readyFiles;
    this.watch = new PartsWatch(parts::say);
  }

  /**
   * Starts everything and returns when telemetry can be sent.
   *
   * @param progress gets a line for every part that has started
   * @throws PlatformException when a part cannot start; the others are closed again
   */
  public static Platform start(PlatformOptions options, Consumer<String> progress) {
    return start(options, progress, null);
  }

  /**
   * As {@link #start(PlatformOptions, Consumer)}.
   *
   * @param readyFile has the addresses as long as the instance is ready, and is absent before and
   *     after; null: none
   */
  public static Platform start(
      PlatformOptions options, Consumer<String> progress, @Nullable Path readyFile) {
    Startup parts = new Startup(progress);
    List<Path> readyFiles = new ArrayList<>(List.of(DataFolder.readyFile(options.data())));
    if (readyFile != null) {
      readyFiles.add(readyFile);
    }
    try {
      Settings given = PlatformSettings.load(options, APPLICATIONS);
      PlatformSettings.unused(given, options.clickHouse()).forEach(progress);
      return start(options, given, parts, readyFiles);
    } catch (EmbeddedBrokerException | EmbeddedClickHouseException e) {
      parts.close();
      throw new PlatformException(String.valueOf(e.getMessage()), e);
    } catch (RuntimeException e) {
      parts.close();
      throw e;
    }
  }

  private static Platform start(
      PlatformOptions options, Settings given, Startup parts, List<Path> readyFiles) {
    Ports ports = options.ports();
    DataFolder data = parts.start("data folder", () -> DataFolder.open(options.data()));
    // Whom an instance that was killed left behind says that this one is ready.
    readyFiles.forEach(Platform::delete);
    LogFile.open(data.log());
    ports.checkFree(options.clickHouse() == null);

    CompletableFuture<@Nullable EmbeddedClickHouse> clickHouse =
        ClickHousePart.start(options, parts, data);
    CompletableFuture<EmbeddedRegistry> registry = startRegistry(parts, data, ports);
    EmbeddedBroker broker = parts.start("Kafka", () -> KafkaPart.broker(data, ports.kafka()));
    Settings settings =
        PlatformSettings.withAddresses(
            given,
            data,
            broker.bootstrapServers(),
            URI.create(Startup.join(registry).url()),
            ClickHousePart.url(options),
            ports);
    SilentMembers.remove(settings);
    KafkaPart.createTopics(settings);
    ReferencePublisher.publish(settings, Keys.DEFAULT_TENANT, options.reference());

    PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    HealthServer health = parts.start("health", () -> HealthServer.start(settings, meters));
    RunOptions runOptions = RunOptions.of(meters).withHealth(health);
    List<CompletableFuture<RunningApp>> starting = startApps(parts, settings, runOptions);
    EmbeddedClickHouse child = Startup.join(clickHouse);
    if (child != null) {
      health.register("clickhouse", () -> ClickHousePart.health(child));
    }
    ClickHouseSink sink = parts.start("sink", () -> sink(settings, runOptions));
    AlertRouter router = parts.start("alert router", () -> AlertRouter.start(settings, runOptions));
    EvalWorker worker = parts.start("eval worker", () -> EvalWorker.start(settings, runOptions));
    parts.start("comparisons", () -> ComparisonWatch.start(settings, runOptions));
    Console console = parts.start("console", () -> Console.start(settings, runOptions));
    OtlpReceiver receiver = startReceiver(parts, ports, settings, meters);
    List<RunningApp> apps = starting.stream().map(Startup::join).toList();

    Addresses addresses =
        addresses(options, settings, broker, Startup.join(registry), health, receiver, console);
    readyFiles.forEach(addresses::write);
    Platform platform =
        new Platform(
            options,
            parts,
            addresses,
            settings,
            runOptions,
            apps,
            sink,
            router,
            worker,
            child,
            readyFiles);
    platform.watchParts();
    return platform;
  }

  private static Addresses addresses(
      PlatformOptions options,
      Settings settings,
      EmbeddedBroker broker,
      EmbeddedRegistry registry,
      HealthServer health,
      OtlpReceiver receiver,
      Console console) {
    return new Addresses(
        "http://127.0.0.1:" + receiver.port(),
        ClickHousePart.url(options).toString(),
        settings.get(SinkConfig.DATABASE),
        broker.bootstrapServers(),
        registry.url(),
        "http://127.0.0.1:" + health.port(),
        "http://127.0.0.1:" + console.port());
  }

  private static CompletableFuture<EmbeddedRegistry> startRegistry(
      Startup parts, DataFolder data, Ports ports) {
    return parts.startAside(
        "schema registry",
        () ->
            EmbeddedRegistry.start(
                new EmbeddedRegistry.Options(data.registry(), ports.registry())));
  }

  private static List<CompletableFuture<RunningApp>> startApps(
      Startup parts, Settings settings, RunOptions runOptions) {
    List<CompletableFuture<RunningApp>> starting = new ArrayList<>();
    for (StreamsApp app : APPLICATIONS) {
      starting.add(parts.startAside(app.name(), () -> run(app, settings, runOptions)));
    }
    return starting;
  }

  private static void delete(Path readyFile) {
    try {
      Files.deleteIfExists(readyFile);
    } catch (IOException e) {
      // A stale file only makes the next command say that nothing answers there.
      System.err.println("tributary: cannot delete " + e.getMessage());
    }
  }

  private static RunningApp run(StreamsApp app, Settings settings, RunOptions options)
      throws InterruptedException {
    RunningApp running;
    try {
      running = StreamsRunner.start(app, settings, options);
    } catch (DamagedStateException e) {
      throw new PlatformException(String.valueOf(e.getMessage()), e);
    }
    try {
      running.awaitRunning(APP_START);
      return running;
    } catch (IllegalStateException e) {
      running.close();
      throw new PlatformException(String.valueOf(e.getMessage()), e);
    }
  }

  /** A sink that loads: its tables are there, so that whoever is told of the instance can query. */
  private static ClickHouseSink sink(Settings settings, RunOptions options)
      throws InterruptedException {
    ClickHouseSink sink = ClickHouseSink.start(settings, options);
    long deadline = System.nanoTime() + APP_START.toNanos();
    SinkStatus status = sink.status();
    while (status.state() == SinkStatus.State.STARTING && System.nanoTime() < deadline) {
      TimeUnit.MILLISECONDS.sleep(50);
      status = sink.status();
    }
    if (status.state() != SinkStatus.State.RUNNING) {
      sink.close();
      throw new PlatformException("the sink does not load: " + status);
    }
    return sink;
  }

  private static OtlpReceiver startReceiver(
      Startup parts, Ports ports, Settings settings, PrometheusMeterRegistry meters) {
    KafkaProducer<byte[], byte[]> producer =
        parts.start("producer", () -> KafkaPart.producer(settings));
    NormalizeConfig normalize = NormalizeConfig.from(settings);
    TopicNames names = new TopicNames(settings.get(CommonSettings.TOPIC_PREFIX));
    Map<String, Topic<byte[], byte[]>> signals =
        Map.of(
            "traces", Topics.OTLP_SPANS, "logs", Topics.OTLP_LOGS, "metrics", Topics.OTLP_METRICS);
    Map<String, String> topics = new TreeMap<>();
    signals.forEach((signal, topic) -> topics.put(signal, names.of(topic)));
    return parts.start(
        "OTLP receiver",
        () ->
            OtlpReceiver.start(
                new OtlpReceiver.Options(
                    ports.otlp(),
                    topics,
                    MAX_BODY_BYTES,
                    KafkaPart.MAX_RECORD_BYTES,
                    MAX_IN_FLIGHT_BYTES,
                    PATIENCE,
                    normalize.encodingHeader(),
                    normalize.tenantHeader()),
                producer,
                meters));
  }

  /** Where it listens. */
  public Addresses addresses() {
    return addresses;
  }

  /** What it runs with: addresses, topics, registry. */
  public Settings settings() {
    return settings;
  }

  /** SQL on its ClickHouse. */
  public SqlClient sql() {
    return SqlClient.of(settings);
  }

  /**
   * Goes on at another speed: what depends on it, attribution and cost, is started again on its
   * state with the times of that speed.
   */
  public void restartAtSpeed(long speed) throws InterruptedException {
    Settings changed = PlatformSettings.atSpeed(settings, options.speed(), speed);
    for (StreamsApp app : List.of(AttributionMain.APP, CostMain.APP)) {
      for (int i = 0; i < apps.size(); i++) {
        if (apps.get(i).name().equals(app.name())) {
          requireNonNull(beforeEndAskedFor.get(app.name())).run();
          apps.get(i).close();
          apps.set(i, parts.start(app.name(), () -> run(app, changed, runOptions)));
          watch(apps.get(i));
        }
      }
    }
  }

  private void watchParts() {
    apps.forEach(this::watch);
    watch.watch("sink", sink::awaitEnd, () -> sink.status().trouble());
    watch.watch("alert router", router::awaitEnd, () -> router.status().trouble());
    watch.watch("eval worker", worker::awaitEnd, worker::trouble);
    if (clickHouse != null) {
      watch.watch("ClickHouse", clickHouse::awaitEnd, () -> "its process keeps dying; see the log");
    }
  }

  private void watch(RunningApp app) {
    beforeEndAskedFor.put(app.name(), watch.watch(app.name(), app::awaitEnd, app::failure));
  }

  /**
   * Does something that needs all parts, until one of them ends by itself or all are closed.
   *
   * @param work runs on a thread of its own, which is interrupted then
   * @return what the work has answered; empty: {@link #awaitEnd} says which end came before
   * @throws Exception what the work has thrown
   */
  public <T> Optional<T> whileWhole(Callable<T> work) throws Exception {
    return watch.whileWhole(work);
  }

  /**
   * Waits until it is closed or a part ends by itself that it cannot do without.
   *
   * @return 0 after a close, 1 when a part ended
   */
  public int awaitEnd() throws InterruptedException {
    return watch.awaitEnd() ? 0 : 1;
  }

  @Override
  public void close() {
    if (!watch.closing()) {
      return;
    }
    readyFiles.forEach(Platform::delete);
    parts.close();
    watch.closed();
  }
}
