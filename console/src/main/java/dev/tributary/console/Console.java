package dev.tributary.console;

import com.sun.net.httpserver.HttpServer;
import dev.tributary.runtime.config.ConfigException;
import dev.tributary.runtime.config.Settings;
import dev.tributary.runtime.health.Health;
import dev.tributary.runtime.health.HealthServer;
import dev.tributary.runtime.http.ClientPatience;
import dev.tributary.runtime.http.DaemonThreads;
import dev.tributary.runtime.run.RunOptions;
import dev.tributary.runtime.run.RunningClient;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** A running console. Safe for use by several threads; closing twice does nothing more. */
public final class Console implements RunningClient {
  /** A page asks some questions at once, and ClickHouse answers while others wait. */
  private static final int THREADS = 16;

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final HttpServer server;
  private final ExecutorService executor =
      Executors.newFixedThreadPool(THREADS, new DaemonThreads("console"));
  private final ClientPatience patience;
  private final ClickHouse clickHouse;
  private final @Nullable HealthServer health;
  private final CountDownLatch ended = new CountDownLatch(1);

  private Console(HttpServer server, ConsoleConfig config, @Nullable HealthServer health) {
    this.server = server;
    this.clickHouse = new ClickHouse(config);
    this.health = health;
    this.patience = new ClientPatience("console", PATIENCE.plus(config.queryTimeout()), () -> {});
    // Clients that stall would keep everybody else out for ever.
    server.setExecutor(task -> executor.execute(patience.with(task)));
    server.createContext("/", new ConsoleHandler(config, clickHouse));
  }

  /**
   * Starts and returns when it listens; ClickHouse may come later.
   *
   * @throws ConfigException when the settings cannot be used or the port is taken
   */
  public static Console start(Settings settings, RunOptions options) {
    ConsoleConfig config = ConsoleConfig.from(settings);
    Console console = new Console(listen(config), config, options.health());
    HealthServer health = options.health();
    if (health != null) {
      health.register(ConsoleConfig.NAME, console::health);
    }
    console.server.start();
    return console;
  }

  private static HttpServer listen(ConsoleConfig config) {
    try {
      return HttpServer.create(new InetSocketAddress(config.host(), config.port()), 0);
    } catch (IOException e) {
      throw new ConfigException(
          ConsoleConfig.PORT.key()
              + " = "
              + config.port()
              + ": cannot listen on "
              + config.host()
              + ":"
              + config.port()
              + ": "
              + e.getMessage(),
          e);
    }
  }

  /** The port it listens on. */
  public int port() {
    return server.getAddress().getPort();
  }

  /** What the health endpoints say of it. */
  Health health() {
    try {
      return clickHouse.isAnswering()
          ? Health.up("ClickHouse answers")
          : Health.starting("ClickHouse does not answer; pages say so");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Health.starting("interrupted");
    }
  }

  @Override
  public boolean awaitEnd() throws InterruptedException {
    ended.await();
    return true;
  }

  /** Stops at once; a page that is open says that the console is gone. */
  @Override
  public void close() {
    server.stop(0);
    executor.shutdown();
    patience.close();
    if (health != null) {
      health.unregister(ConsoleConfig.NAME);
    }
    ended.countDown();
  }
}
