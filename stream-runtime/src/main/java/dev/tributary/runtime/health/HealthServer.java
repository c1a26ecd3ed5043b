package dev.tributary.runtime.health;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tributary.runtime.config.CommonSettings;
import dev.tributary.runtime.config.ConfigException;
import dev.tributary.runtime.config.Settings;
import dev.tributary.runtime.http.ClientPatience;
import dev.tributary.runtime.http.DaemonThreads;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;

/**
 * Serves {@code /live}, {@code /ready} and {@code /metrics}; one server for all applications of a
 * process. {@code /live} and {@code /ready} answer 200 or 503 with one line per check; without any
 * check a process is live and not ready.
 */
public final class HealthServer implements AutoCloseable {
  private static final String TEXT = "text/plain; charset=utf-8";

  /** The format that Prometheus 2 and 3 scrape by default. */
  private static final String PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8";

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Map<String, HealthCheck> checks = new ConcurrentSkipListMap<>();
  private final PrometheusMeterRegistry meters;
  private final HttpServer server;
  private final ExecutorService executor;
  private final ClientPatience patience;

  private HealthServer(HttpServer server, PrometheusMeterRegistry meters, Duration limit) {
    this.server = server;
    this.meters = meters;
    this.executor = Executors.newFixedThreadPool(2, new DaemonThreads("health"));
    this.patience = new ClientPatience("health", limit, () -> {});
    // Two clients that stall would hide for ever how the process is.
    server.setExecutor(task -> executor.execute(patience.with(task)));
    server.createContext("/live", exchange -> status(exchange, "/live", Health::live));
    server.createContext("/ready", exchange -> status(exchange, "/ready", Health::ready));
    server.createContext(
        "/metrics",
        exchange -> answer(exchange, "/metrics", 200, PROMETHEUS_TEXT, this.meters.scrape()));
  }

  /**
   * Starts listening.
   *
   * @param port 0: any free port, see {@link #port()}
   * @throws ConfigException when the address cannot be listened on
   */
  public static HealthServer start(String host, int port, PrometheusMeterRegistry meters) {
    return start(host, port, meters, PATIENCE);
  }

  /**
   * As {@link #start(String, int, PrometheusMeterRegistry)}.
   *
   * @param patience how long a client may take to ask and to take its answer
   */
  static HealthServer start(
      String host, int port, PrometheusMeterRegistry meters, Duration patience) {
    try {
      HealthServer health =
          new HealthServer(
              HttpServer.create(new InetSocketAddress(host, port), 0), meters, patience);
      health.server.start();
      return health;
    } catch (IOException e) {
      throw new ConfigException(
          CommonSettings.HEALTH_PORT.key()
              + " = "
              + port
              + ": cannot listen on "
              + host
              + ":"
              + port
              + ": "
              + e.getMessage(),
          e);
    }
  }

  /** Starts listening where the settings say. */
  public static HealthServer start(Settings settings, PrometheusMeterRegistry meters) {
    return start(
        settings.get(CommonSettings.HEALTH_HOST), settings.get(CommonSettings.HEALTH_PORT), meters);
  }

  /** Adds a check, or replaces the one of the same name. */
  public void register(String name, HealthCheck check) {
    checks.put(name, check);
  }

  /** Removes a check; for a component that stopped on purpose. */
  public void unregister(String name) {
    checks.remove(name);
  }

  /** The port it listens on. */
  public int port() {
    return server.getAddress().getPort();
  }

  private void status(HttpExchange exchange, String path, Predicate<Health> good)
      throws IOException {
    StringBuilder text = new StringBuilder();
    boolean ok = !checks.isEmpty() || "/live".equals(path);
    for (Map.Entry<String, HealthCheck> entry : checks.entrySet()) {
      Health health = entry.getValue().check();
      ok &= good.test(health);
      text.append(entry.getKey()).append(": ").append(good.test(health) ? "ok" : "NOT OK");
      text.append(", ").append(health.detail()).append('\n');
    }
    answer(exchange, path, ok ? 200 : 503, TEXT, text.toString());
  }

  private static void answer(
      HttpExchange exchange, String path, int status, String contentType, String text)
      throws IOException {
    try (exchange) {
      if (!exchange.getRequestURI().getPath().equals(path)) {
        exchange.sendResponseHeaders(404, -1);
        return;
      }
      byte[] body = text.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", contentType);
      if ("HEAD".equals(exchange.getRequestMethod())) {
        exchange.sendResponseHeaders(status, -1);
        return;
      }
      exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
      if (body.length > 0) {
        try (OutputStream out = exchange.getResponseBody()) {
          out.write(body);
        }
      }
    }
  }

  @Override
  public void close() {
    server.stop(0);
    executor.shutdown();
    patience.close();
  }
}
