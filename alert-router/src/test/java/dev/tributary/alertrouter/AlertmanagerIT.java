package dev.tributary.alertrouter;

import static dev.tributary.alertrouter.RouterFixture.alert;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tributary.runtime.config.ProcessEnvironment;
import dev.tributary.schemas.Alert;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real Alertmanager receives an episode, tells its own receiver, and resolves it. */
final class AlertmanagerIT {
  private static final String PROGRAM = "prometheus-alertmanager";
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final String CONFIG =
      """
      route:
        receiver: hook
        group_by: [episode]
        group_wait: 0s
        group_interval: 1s
        repeat_interval: 1h
      receivers:
        - name: hook
          webhook_configs:
            - url: %s
              send_resolved: true
      """;

  @TempDir Path folder;

  @Test
  void episode_isReceived_told_andResolved_andAgainWhereItComesBack() throws Exception {
    Optional<Path> program = program();
    assumeTrue(program.isPresent(), PROGRAM + " is not here; .ci/run fetches it");
    int port = freePort();
    Process process = null;
    try (Receiver receiver = Receiver.start();
        RouterFixture fixture = RouterFixture.start()) {
      // Given
      Files.writeString(folder.resolve("am.yml"), CONFIG.formatted(receiver.url()));
      process = start(program.orElseThrow(), port);
      String url = "http://127.0.0.1:" + port;
      Process started = process;
      await("Alertmanager is ready")
          .atMost(TIMEOUT)
          .until(() -> !started.isAlive() || isReady(url));
      assumeTrue(started.isAlive(), () -> "Alertmanager cannot start here: " + log());
      try (AlertRouter router =
          fixture.router(fixture.settings("am", "alertmanager", url), new SimpleMeterRegistry())) {
        // When
        fixture.write(alert("episode1", "OPENED", "am"));
        await("it stands there").atMost(TIMEOUT).until(() -> alerts(url).size() == 1);
        JsonNode firing = alerts(url).get(0);
        fixture.write(alert("episode1", "RESOLVED", "am"));
        await("it is gone").atMost(TIMEOUT).until(() -> alerts(url).isEmpty());
        fixture.write(again(alert("episode1", "OPENED", "am")));
        await("it stands there again").atMost(TIMEOUT).until(() -> alerts(url).size() == 1);
        fixture.write(again(alert("episode1", "RESOLVED", "am")));
        await("it is gone again").atMost(TIMEOUT).until(() -> alerts(url).isEmpty());

        // Then
        assertThat(firing.path("labels").path("episode").asText()).isEqualTo("episode1");
        assertThat(firing.path("labels").path("feature").asText()).isEqualTo("support-answer");
        assertThat(firing.path("annotations").path("description").asText()).contains("2.7x");
        assertThat(firing.path("status").path("state").asText()).isEqualTo("active");
        await("its receiver was told of both ends")
            .atMost(TIMEOUT)
            .untilAsserted(
                () ->
                    assertThat(receiver.requests())
                        .extracting(Receiver.Request::text)
                        .anyMatch(text -> text.contains("\"status\":\"firing\""))
                        .anyMatch(
                            text ->
                                text.contains("\"status\":\"resolved\"")
                                    && !text.contains("\"status\":\"firing\"")));
        assertThat(router.status().state()).isEqualTo(RouterStatus.State.RUNNING);
      }
    } finally {
      if (process != null) {
        process.destroyForcibly().waitFor(20, TimeUnit.SECONDS);
      }
    }
  }

  private static Alert again(Alert alert) {
    return Alert.newBuilder(alert).setAlertId(alert.getAlertId() + ":9").build();
  }

  private Process start(Path program, int port) throws IOException {
    // Debian's build reads a template from /usr/share, where an unpacked package has put nothing.
    Path share = program.resolveSibling("../share").normalize();
    return new ProcessBuilder(
            "unshare",
            "-rm",
            "sh",
            "-c",
            "mount --bind \"$0\" /usr/share && exec \"$@\"",
            share.toString(),
            program.toString(),
            "--config.file=" + folder.resolve("am.yml"),
            "--storage.path=" + folder.resolve("am"),
            "--web.listen-address=127.0.0.1:" + port,
            "--cluster.listen-address=")
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("am.log").toFile())
        .start();
  }

  private String log() {
    try {
      return Files.readString(folder.resolve("am.log"));
    } catch (IOException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private static Optional<Path> program() {
    ProcessEnvironment environment = ProcessEnvironment.current();
    String path = Objects.requireNonNullElse(environment.variable("PATH"), "");
    String root = Objects.requireNonNullElse(environment.property("tributary.root"), "");
    return Stream.concat(
            Stream.of(path.split(File.pathSeparator)),
            Stream.of(root + "/target/alertmanager/usr/bin"))
        .filter(found -> !found.isEmpty())
        .map(found -> Path.of(found, PROGRAM))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static boolean isReady(String url) throws InterruptedException {
    try {
      return get(url + "/-/ready").statusCode() == 200;
    } catch (IOException e) {
      return false; // does not listen yet
    }
  }

  private static List<JsonNode> alerts(String url) throws IOException, InterruptedException {
    JsonNode alerts = new ObjectMapper().readTree(get(url + "/api/v2/alerts").body());
    return Stream.iterate(0, i -> i < alerts.size(), i -> i + 1).map(alerts::get).toList();
  }

  private static HttpResponse<String> get(String url) throws IOException, InterruptedException {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(10)).build(),
            HttpResponse.BodyHandlers.ofString());
  }
}
