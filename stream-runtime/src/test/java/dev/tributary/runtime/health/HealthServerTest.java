package dev.tributary.runtime.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.runtime.config.ConfigException;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class HealthServerTest {
  private final PrometheusMeterRegistry meters =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final HealthServer server = HealthServer.start("127.0.0.1", 0, meters);
  private final HttpClient client = HttpClient.newHttpClient();

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void noChecks_liveButNotReady() throws Exception {
    assertThat(get("/live").statusCode()).isEqualTo(200);
    assertThat(get("/ready").statusCode()).isEqualTo(503);
  }

  @Test
  void ready_oneOfTwoStarting_isNotReadyAndSaysWhich() throws Exception {
    server.register("normalize", () -> Health.up("state RUNNING"));
    server.register("cost", () -> Health.starting("state REBALANCING"));

    HttpResponse<String> ready = get("/ready");

    assertThat(ready.statusCode()).isEqualTo(503);
    assertThat(ready.body())
        .isEqualTo("cost: NOT OK, state REBALANCING\nnormalize: ok, state RUNNING\n");
    assertThat(get("/live").statusCode()).isEqualTo(200);
    server.unregister("cost");
    assertThat(get("/ready").statusCode()).isEqualTo(200);
  }

  @Test
  void live_deadCheck_isNotLive() throws Exception {
    server.register("cost", () -> Health.dead("state ERROR"));

    assertThat(get("/live").statusCode()).isEqualTo(503);
  }

  @Test
  void metrics_isPrometheusText() throws Exception {
    meters.counter("tributary.received").increment();

    HttpResponse<String> metrics = get("/metrics");

    assertThat(metrics.statusCode()).isEqualTo(200);
    assertThat(metrics.headers().firstValue("Content-Type").orElse("")).startsWith("text/plain");
    assertThat(metrics.body()).contains("tributary_received_total 1.0");
  }

  /**
   * As many clients as there are threads stop in the middle of asking; the timeout ends a failure.
   */
  @Test
  @Timeout(60)
  void stalledClients_areClosed_andTheNextIsAnswered() throws Exception {
    try (HealthServer impatient =
            HealthServer.start("127.0.0.1", 0, meters, Duration.ofMillis(100));
        Socket first = stalled(impatient.port());
        Socket second = stalled(impatient.port())) {
      HttpResponse<String> live =
          client.send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + impatient.port() + "/live"))
                  .build(),
              HttpResponse.BodyHandlers.ofString());

      assertThat(live.statusCode()).isEqualTo(200);
      assertThat(first.getInputStream().readAllBytes()).isEmpty();
      assertThat(second.getInputStream().readAllBytes()).isEmpty();
    }
  }

  private static Socket stalled(int port) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.getOutputStream().write("GET /li".getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  @Test
  void otherPath_isNotFound() throws Exception {
    assertThat(get("/live/else").statusCode()).isEqualTo(404);
    assertThat(get("/nothing").statusCode()).isEqualTo(404);
  }

  @Test
  void start_portInUse_namesKeyAndPort() {
    assertThatThrownBy(() -> HealthServer.start("127.0.0.1", server.port(), meters))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("tributary.health.port = " + server.port());
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + server.port() + path);
    return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
  }
}
