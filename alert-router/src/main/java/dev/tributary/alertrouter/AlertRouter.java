package dev.tributary.alertrouter;

import dev.tributary.alertrouter.RouterStatus.State;
import dev.tributary.runtime.config.Settings;
import dev.tributary.runtime.health.Health;
import dev.tributary.runtime.health.HealthServer;
import dev.tributary.runtime.run.RunOptions;
import dev.tributary.runtime.run.RunningClient;
import dev.tributary.runtime.run.SettingsSerdes;
import dev.tributary.runtime.serde.TopicSerdes;
import org.jspecify.annotations.Nullable;

/** A running router. Safe for use by several threads; closing twice does nothing more. */
public final class AlertRouter implements RunningClient {
  private final RouterThread thread;
  private final @Nullable HealthServer health;
  private final @Nullable TopicSerdes ownSerdes;

  private AlertRouter(
      RouterThread thread, @Nullable HealthServer health, @Nullable TopicSerdes ownSerdes) {
    this.thread = thread;
    this.health = health;
    this.ownSerdes = ownSerdes;
  }

  /**
   * Starts and returns at once. Without any route it does nothing, and says so.
   *
   * @throws dev.tributary.runtime.config.ConfigException when the settings cannot be used
   */
  public static AlertRouter start(Settings settings, RunOptions options) {
    return start(settings, options, FaultPoints.NONE);
  }

  static AlertRouter start(Settings settings, RunOptions options, FaultPoints faults) {
    AlertRouterConfig config = AlertRouterConfig.from(settings);
    TopicSerdes given = options.serdes();
    TopicSerdes serdes = given == null ? SettingsSerdes.of(settings) : given;
    RouterThread thread =
        new RouterThread(
            config,
            settings,
            serdes,
            new AlertRouterMetrics(options.meters()),
            faults,
            options.clock());
    AlertRouter router = new AlertRouter(thread, options.health(), given == null ? serdes : null);
    HealthServer health = options.health();
    if (health != null) {
      health.register(AlertRouterConfig.NAME, router::health);
    }
    thread.start();
    return router;
  }

  /** What it is doing now. */
  public RouterStatus status() {
    return thread.status();
  }

  /** What the health endpoints say of it. */
  Health health() {
    RouterStatus status = status();
    String detail = "state " + status.state() + ", pending " + status.pending();
    if (status.trouble() != null) {
      detail += ", " + status.trouble();
    }
    return switch (status.state()) {
      case FAILED -> Health.dead(detail);
      case RUNNING, IDLE -> Health.up(detail);
      case STARTING, STOPPED -> Health.starting(detail);
    };
  }

  @Override
  public boolean awaitEnd() throws InterruptedException {
    thread.awaitEnd();
    return status().state() == State.STOPPED;
  }

  /** Stops. What is under way is waited for; what is not settled comes again at the next start. */
  @Override
  public void close() {
    thread.close();
    if (health != null) {
      health.unregister(AlertRouterConfig.NAME);
    }
    if (ownSerdes != null) {
      ownSerdes.close();
    }
  }
}
