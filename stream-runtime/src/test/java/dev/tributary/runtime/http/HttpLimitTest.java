package dev.tributary.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Exchanges that break off in the middle of the answer. */
@Timeout(30)
final class HttpLimitTest {
  private ServerSocket server;

  @BeforeEach
  void start() throws IOException {
    server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  private HttpResponse<String> send(Duration limit) throws Exception {
    return HttpLimit.send(
        HttpClient.newHttpClient(),
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.getLocalPort())).build(),
        HttpResponse.BodyHandlers.ofString(),
        limit);
  }

  /** Says this to whoever connects; completes when the other side has closed the connection. */
  private CompletableFuture<Void> replies(String text) {
    return CompletableFuture.runAsync(
        () -> {
          try (Socket socket = server.accept()) {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().flush();
            socket.getInputStream().readAllBytes();
          } catch (IOException e) {
            // a reset is an end, too
          }
        });
  }

  @Test
  void send_bodyThatNeverEnds_failsInTime_connectionIsClosed() {
    CompletableFuture<Void> closed = replies("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n1");

    assertThatThrownBy(() -> send(Duration.ofMillis(200)))
        .isInstanceOf(HttpTimeoutException.class)
        .hasMessageContaining("PT0.2S");
    closed.join();
  }

  @Test
  void send_wholeAnswer_isIt() throws Exception {
    replies("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");

    assertThat(send(Duration.ofSeconds(20)).body()).isEqualTo("ok");
  }

  @Test
  void send_nobodyListens_saysSo() throws Exception {
    server.close();

    assertThatThrownBy(() -> send(Duration.ofSeconds(20))).isInstanceOf(ConnectException.class);
  }
}
