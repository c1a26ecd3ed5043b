package dev.tributary.evalworker;

import dev.tributary.runtime.config.ConfigException;
import dev.tributary.runtime.config.ProcessEnvironment;
import dev.tributary.runtime.config.Settings;
import dev.tributary.runtime.health.HealthServer;
import dev.tributary.runtime.run.ExitCode;
import dev.tributary.runtime.run.RunOptions;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The worker as a process of its own. */
public final class EvalWorkerMain {
  private static final Logger LOGGER = LoggerFactory.getLogger(EvalWorkerMain.class);

  private EvalWorkerMain() {}

  /** Arguments: none, or {@code --config FILE}. Exit codes: see {@link ExitCode}. */
  public static void main(String[] args) throws InterruptedException {
    ExitCode code;
    try {
      code = run(ProcessEnvironment.current().settings(args, EvalWorkerConfig.allSettings()));
    } catch (ConfigException e) {
      System.err.println(EvalWorkerConfig.NAME + ": " + e.getMessage());
      code = ExitCode.CONFIGURATION;
    }
    System.exit(code.code());
  }

  private static ExitCode run(Settings settings) throws InterruptedException {
    LOGGER.atInfo().log("effective configuration:\n{}", settings.effective());
    PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    new JvmMemoryMetrics().bindTo(meters);
    new ProcessorMetrics().bindTo(meters);
    try (HealthServer health = HealthServer.start(settings, meters);
        EvalWorker worker = EvalWorker.start(settings, RunOptions.of(meters).withHealth(health))) {
      Runtime.getRuntime().addShutdownHook(new Thread(worker::close, "shutdown-worker"));
      return worker.awaitEnd() ? ExitCode.STOPPED : ExitCode.FAILED;
    }
  }
}
