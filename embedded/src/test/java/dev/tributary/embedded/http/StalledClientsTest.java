package dev.tributary.embedded.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server of two threads. The timeouts end a failure. */
@Timeout(60)
class StalledClientsTest {
  private static final int THREADS = 2;

  private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
  private final StalledClients stalled = new StalledClients("stalled", Duration.ofMillis(200));
  private final List<Socket> clients = new ArrayList<>();
  private final CountDownLatch isWorking = new CountDownLatch(1);
  private final CountDownLatch mayEnd = new CountDownLatch(1);
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(task -> threads.execute(stalled.with(task)));
    server.createContext("/", this::handle).getFilters().add(StalledClients.filter());
    server.start();
  }

  @AfterEach
  void stop() throws IOException {
    mayEnd.countDown();
    for (Socket client : clients) {
      client.close();
    }
    server.stop(0);
    threads.shutdownNow();
    stalled.close();
  }

  private void handle(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    if (path.equals("/work")) {
      isWorking.countDown();
      try {
        mayEnd.await();
      } catch (InterruptedException e) {
        throw new IOException("nobody may interrupt work", e);
      }
    }
    if (!path.equals("/unread")) {
      exchange.getRequestBody().readAllBytes();
    }
    byte[] answer = new byte[path.equals("/large") ? 64 << 20 : 2];
    StalledClients.await(() -> exchange.sendResponseHeaders(200, answer.length));
    exchange.getResponseBody().write(answer);
    StalledClients.await(exchange::close);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HT",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc",
        // Answered, and then its body is read to the end all the same.
        "POST /unread HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc"
      })
  void whoSendsNoMore_isClosed_andTheNextIsServed(String start) throws Exception {
    for (int i = 0; i < THREADS; i++) {
      send(start);
    }

    assertThat(get("/").statusCode()).isEqualTo(200);
    for (Socket client : clients) {
      client.getInputStream().readAllBytes();
    }
  }

  @Test
  void whoDoesNotReadItsAnswer_isClosed_andTheNextIsServed() throws Exception {
    for (int i = 0; i < THREADS; i++) {
      send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n");
    }

    assertThat(get("/").statusCode()).isEqualTo(200);
  }

  @Test
  void answersThatFit_untilNobodyReadsThem_areClosed() throws Exception {
    Socket client = send("");
    OutputStream out = client.getOutputStream();
    byte[] requests =
        "GET / HTTP/1.1\r\nHost: a\r\n\r\n".repeat(100).getBytes(StandardCharsets.US_ASCII);
    boolean isOpen = true;
    while (isOpen) {
      try {
        out.write(requests);
      } catch (IOException e) {
        isOpen = false;
      }
    }

    assertThat(get("/").statusCode()).isEqualTo(200);
  }

  /** What takes longer than the limit, as the stalled client beside it shows, is not ended. */
  @Test
  void handlerThatWorks_isNotEnded() throws Exception {
    CompletableFuture<HttpResponse<byte[]>> working =
        HttpClient.newHttpClient().sendAsync(request("/work"), BodyHandlers.ofByteArray());
    isWorking.await();
    Socket client = send("GET / HT");

    assertThat(client.getInputStream().readAllBytes()).isEmpty();
    mayEnd.countDown();

    assertThat(working.get().body()).hasSize(2);
  }

  private Socket send(String text) throws IOException {
    Socket socket = new Socket();
    clients.add(socket);
    socket.setReceiveBufferSize(4_096);
    socket.connect(server.getAddress());
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    return socket;
  }

  private HttpRequest request(String path) {
    return HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path))
        .build();
  }

  private HttpResponse<byte[]> get(String path) throws IOException, InterruptedException {
    return HttpClient.newHttpClient().send(request(path), BodyHandlers.ofByteArray());
  }
}
