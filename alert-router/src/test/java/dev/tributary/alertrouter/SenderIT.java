package dev.tributary.alertrouter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tributary.alertrouter.core.AlertDesk;
import dev.tributary.alertrouter.core.Answer;
import dev.tributary.alertrouter.core.DeliveryMemory;
import dev.tributary.alertrouter.core.Notification;
import dev.tributary.runtime.config.Settings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Receivers that are none, or that break off: what comes of it is an answer, and nothing stays. */
final class SenderIT {
  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  private ServerSocket server;
  private Sender sender;

  @BeforeEach
  void start() throws IOException {
    server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    sender = new Sender(config(), Clock.systemUTC());
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  private AlertRouterConfig config() {
    return AlertRouterConfig.from(
        Settings.of(
            Map.of(
                "tributary.alerts.route.hook.kind", "webhook",
                "tributary.alerts.route.hook.url", "http://127.0.0.1:" + server.getLocalPort(),
                "tributary.alerts.default-routes", "hook",
                "tributary.alerts.request-timeout", "300ms"),
            AlertRouterConfig.allSettings()));
  }

  private Notification notification() {
    AlertRouterConfig config = config();
    AlertDesk desk =
        new AlertDesk(
            config.rules(),
            config.kinds(),
            new DeliveryMemory(),
            new AlertRouterMetrics(new SimpleMeterRegistry()));
    Instant now = Instant.now();
    desk.accept(AlertMapper.notice(RouterFixture.alert("e1", "OPENED", "hook")), now);
    return desk.due(now, 1).get(0);
  }

  /** Takes a request and says this; the connection stays open. */
  private Socket replies(String text) throws IOException {
    Socket socket = server.accept();
    socket.setSoTimeout((int) TIMEOUT.toMillis());
    InputStream in = socket.getInputStream();
    in.readNBytes(1);
    while (in.available() > 0) {
      in.readNBytes(in.available());
    }
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    socket.getOutputStream().flush();
    return socket;
  }

  private Answer answer() {
    List<Courier.Answered> found = new ArrayList<>();
    await("the answer")
        .atMost(TIMEOUT)
        .until(
            () -> {
              found.addAll(sender.answers());
              return !found.isEmpty();
            });
    return found.get(0).answer();
  }

  /** Every attempt would leave a connection behind, for as long as the receiver likes. */
  @Test
  void send_bodyThatNeverEnds_isTriedAgain_theConnectionIsClosed() throws Exception {
    sender.send(notification());

    try (Socket socket = replies("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n1")) {
      assertThat(answer()).isEqualTo(new Answer.NotNow("TIMEOUT", null));
      byte[] rest = socket.getInputStream().readAllBytes();
      assertThat(rest.length).isGreaterThanOrEqualTo(0);
    }
  }

  @ParameterizedTest
  @CsvSource({"garbage", "HTTP/1.1 OK", "SSH-2.0-x"})
  void send_noHttp_isTriedAgain(String line) throws Exception {
    sender.send(notification());

    try (Socket socket = replies(line + "\r\n\r\n")) {
      assertThat(answer()).isEqualTo(new Answer.NotNow("IO", null));
      assertThat(socket.isConnected()).isTrue();
    }
  }

  @Test
  void send_redirected_isRefused_notFollowed() throws Exception {
    sender.send(notification());

    String here = "http://127.0.0.1:" + server.getLocalPort() + "/elsewhere";
    try (Socket socket =
        replies("HTTP/1.1 307 X\r\nLocation: " + here + "\r\nContent-Length: 0\r\n\r\n")) {
      assertThat(answer()).isEqualTo(new Answer.Refused("HTTP_307"));
      assertThat(socket.isConnected()).isTrue();
    }
  }
}
