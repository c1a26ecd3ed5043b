package dev.tributary.runtime.run;

import dev.tributary.runtime.config.ConfigException;
import dev.tributary.runtime.config.ProcessEnvironment;
import dev.tributary.runtime.config.Setting;
import dev.tributary.runtime.config.Settings;
import dev.tributary.runtime.health.HealthServer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The whole life of a process that runs one plain client of Kafka; see {@link StreamsRunner}. */
public final class ClientProcess {
  private static final Logger LOGGER = LoggerFactory.getLogger(ClientProcess.class);

  private ClientProcess() {}

  /** Starts a client and returns at once. */
  @FunctionalInterface
  public interface Start {
    /**
     * The client at work.
     *
     * @throws ConfigException when the settings cannot be used
     */
    RunningClient start(Settings settings, RunOptions options);
  }

  /**
   * Resolves the settings, logs them once, starts health endpoints and the client, and waits for
   * the end. A signal ends it cleanly.
   *
   * @param name of the application, as in metrics and health checks
   * @param known all settings of the process
   * @param args none, or {@code --config FILE}
   * @return the exit code, see {@link ExitCode}; the caller hands it to {@code System.exit}
   */
  public static int run(String name, List<Setting<?>> known, Start start, String[] args) {
    try {
      Settings settings = ProcessEnvironment.current().settings(args, known);
      LOGGER
          .atInfo()
          .addKeyValue("app", name)
          .log("effective configuration:\n{}", settings.effective());
      return run(name, settings, start).code();
    } catch (ConfigException e) {
      System.err.println(name + ": " + e.getMessage());
      return ExitCode.CONFIGURATION.code();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      System.err.println(name + ": interrupted");
      return ExitCode.FAILED.code();
    }
  }

  private static ExitCode run(String name, Settings settings, Start start)
      throws InterruptedException {
    PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    try (JvmMeters jvm = new JvmMeters();
        HealthServer health = HealthServer.start(settings, meters);
        RunningClient client = start.start(settings, RunOptions.of(meters).withHealth(health))) {
      jvm.bindTo(meters);
      Runtime.getRuntime().addShutdownHook(new Thread(client::close, "shutdown-" + name));
      return client.awaitEnd() ? ExitCode.STOPPED : ExitCode.FAILED;
    }
  }
}
