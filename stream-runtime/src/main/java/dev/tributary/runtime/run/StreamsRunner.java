package dev.tributary.runtime.run;

import dev.tributary.runtime.config.CommonSettings;
import dev.tributary.runtime.config.ConfigException;
import dev.tributary.runtime.config.Guarantee;
import dev.tributary.runtime.config.ProcessEnvironment;
import dev.tributary.runtime.config.Settings;
import dev.tributary.runtime.errors.DeadLetters;
import dev.tributary.runtime.errors.ErrorRoutes;
import dev.tributary.runtime.errors.FaultThreshold;
import dev.tributary.runtime.health.HealthServer;
import dev.tributary.runtime.metrics.MetricNames;
import dev.tributary.runtime.metrics.ModuleMetrics;
import dev.tributary.runtime.serde.TopicSerdes;
import dev.tributary.schemas.Topic;
import dev.tributary.schemas.TopicNames;
import dev.tributary.schemas.Topics;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.Topology;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts applications, alone in a process or several in one. */
public final class StreamsRunner {
  private static final Logger LOGGER = LoggerFactory.getLogger(StreamsRunner.class);

  /** A transient fault that goes on longer than this is for an operator. */
  private static final int TRANSIENT_FAULTS = 10;

  private static final Duration TRANSIENT_INTERVAL = Duration.ofMinutes(10);

  private StreamsRunner() {}

  /**
   * The whole life of a process with one application: resolves the settings, logs them once, starts
   * health endpoints and streams, and waits for the end. A signal ends it cleanly.
   *
   * @param args none, or {@code --config FILE}
   * @return the exit code, see {@link ExitCode}; the caller hands it to {@code System.exit}
   */
  public static int run(StreamsApp app, String[] args) {
    try {
      Settings settings = ProcessEnvironment.current().settings(args, app.allSettings());
      LOGGER
          .atInfo()
          .addKeyValue("app", app.name())
          .log("effective configuration:\n{}", settings.effective());
      return run(app, settings).code();
    } catch (ConfigException e) {
      return complain(app, e, ExitCode.CONFIGURATION);
    } catch (TopicException e) {
      return complain(app, e, ExitCode.TOPICS);
    } catch (DamagedStateException e) {
      return complain(app, e, ExitCode.FAILED);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return complain(app, e, ExitCode.FAILED);
    }
  }

  private static ExitCode run(StreamsApp app, Settings settings) throws InterruptedException {
    PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    try (JvmMeters jvm = new JvmMeters();
        HealthServer health = HealthServer.start(settings, meters)) {
      jvm.bindTo(meters);
      RunOptions options = RunOptions.of(meters).withHealth(health);
      RunningApp running = start(app, settings, options);
      LOGGER
          .atInfo()
          .addKeyValue("app", app.name())
          .addKeyValue("port", health.port())
          .log("health endpoints are up");
      Thread hook = new Thread(running::close, "shutdown-" + app.name());
      Runtime.getRuntime().addShutdownHook(hook);
      ExitCode code = running.awaitEnd();
      if (code == ExitCode.FAILED) {
        // On a signal the hook closes it; here nobody has.
        running.close();
      }
      return code;
    }
  }

  private static int complain(StreamsApp app, Exception e, ExitCode code) {
    System.err.println(app.name() + ": " + e.getMessage());
    return code.code();
  }

  /**
   * Starts an application and returns at once.
   *
   * @throws ConfigException when the settings cannot be used
   * @throws TopicException when topics are missing or do not fit
   * @throws DamagedStateException when its local state was damaged; it is deleted
   */
  public static RunningApp start(StreamsApp app, Settings settings, RunOptions options) {
    TopicNames names = new TopicNames(settings.get(CommonSettings.TOPIC_PREFIX));
    List<AutoCloseable> resources = new ArrayList<>();
    TopicSerdes serdes = options.serdes();
    if (serdes == null) {
      serdes = SettingsSerdes.of(settings);
      resources.add(serdes);
    }
    Topology topology =
        app.topology()
            .apply(new AppContext(settings, serdes, names, options.meters(), options.clock()));
    refuseGeneratedNames(app, topology);
    checkTopics(settings, topology, names);

    Properties properties = StreamsProperties.of(app.name(), settings);
    StreamsProperties.addErrorRoutes(properties, routes(app, settings, names, options));
    KafkaStreams streams = client(topology, properties);
    KafkaStreamsMetrics binder =
        new KafkaStreamsMetrics(streams, List.of(Tag.of(MetricNames.MODULE, app.name())));
    binder.bindTo(options.meters());
    resources.add(binder);

    String applicationId = StreamsProperties.applicationId(app.name(), settings);
    FaultThreshold threshold =
        new FaultThreshold(TRANSIENT_FAULTS, TRANSIENT_INTERVAL, options.clock());
    HealthServer health = options.health();
    if (health != null) {
      resources.add(() -> health.unregister(app.name()));
    }
    RunningApp running = new RunningApp(app.name(), applicationId, streams, resources, threshold);
    if (health != null) {
      health.register(app.name(), running::health);
    }
    running.start();
    return running;
  }

  private static KafkaStreams client(Topology topology, Properties properties) {
    try {
      return new KafkaStreams(topology, properties);
    } catch (org.apache.kafka.common.config.ConfigException e) {
      throw new ConfigException("Kafka refuses the configuration: " + e.getMessage(), e);
    }
  }

  private static void refuseGeneratedNames(StreamsApp app, Topology topology) {
    Set<String> generated = TopologyTopics.generatedNames(topology);
    if (!generated.isEmpty()) {
      throw new IllegalStateException(app.name() + " has nodes without a name: " + generated);
    }
  }

  private static void checkTopics(Settings settings, Topology topology, TopicNames names) {
    List<Topic<?, ?>> needed = new ArrayList<>(TopologyTopics.catalogued(topology, names));
    if (!needed.contains(Topics.DLQ)) {
      needed.add(Topics.DLQ);
    }
    try (TopicAdmin admin = TopicAdmin.of(settings)) {
      if (settings.get(CommonSettings.CREATE_TOPICS)) {
        admin.create(needed);
      }
      admin.check(needed, Topics.all());
    } catch (KafkaException e) {
      throw new ConfigException(
          CommonSettings.BOOTSTRAP_SERVERS.key()
              + " = \""
              + settings.get(CommonSettings.BOOTSTRAP_SERVERS)
              + "\": "
              + e.getMessage(),
          e);
    }
  }

  private static ErrorRoutes routes(
      StreamsApp app, Settings settings, TopicNames names, RunOptions options) {
    long largest = SettingsSerdes.maxValueBytes(settings);
    return new ErrorRoutes(
        new DeadLetters(names.of(Topics.DLQ), app.name(), largest),
        new ModuleMetrics(options.meters(), app.name()),
        settings.get(CommonSettings.GUARANTEE) == Guarantee.EXACTLY_ONCE_V2);
  }
}
