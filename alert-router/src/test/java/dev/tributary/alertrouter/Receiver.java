package dev.tributary.alertrouter;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** A receiver on this machine that answers as it is told, and keeps what it gets. */
final class Receiver implements AutoCloseable {
  /**
   * What came.
   *
   * @param key the idempotency key; empty: none
   */
  record Request(String key, String timestamp, String signature, byte[] body) {
    String text() {
      return new String(body, StandardCharsets.UTF_8);
    }
  }

  /**
   * How a request is answered.
   *
   * @param status 0: not within the sender's patience
   * @param retryAfter header; empty: none
   */
  record Reply(int status, String retryAfter) {}

  private final HttpServer server;
  private final ExecutorService executor = Executors.newCachedThreadPool();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final List<Request> requests = new ArrayList<>();
  private final Deque<Reply> replies = new ArrayDeque<>();

  private Receiver(HttpServer server) {
    this.server = server;
    server.createContext("/", this::take);
    server.setExecutor(executor);
    server.start();
  }

  static Receiver start() throws IOException {
    return start(0);
  }

  static Receiver start(int port) throws IOException {
    return new Receiver(HttpServer.create(new InetSocketAddress("127.0.0.1", port), 0));
  }

  int port() {
    return server.getAddress().getPort();
  }

  String url() {
    return "http://127.0.0.1:" + port() + "/hook";
  }

  synchronized void willReply(int status, String retryAfter) {
    replies.add(new Reply(status, retryAfter));
  }

  private void take(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      Reply reply;
      synchronized (this) {
        requests.add(
            new Request(
                header(exchange, "Idempotency-Key"),
                header(exchange, "X-Tributary-Timestamp"),
                header(exchange, "X-Tributary-Signature"),
                body));
        reply = replies.isEmpty() ? new Reply(200, "") : replies.remove();
        notifyAll();
      }
      if (reply.status() == 0) {
        if (closed.await(5, TimeUnit.SECONDS)) {
          return;
        }
        exchange.sendResponseHeaders(200, -1);
        return;
      }
      if (!reply.retryAfter().isEmpty()) {
        exchange.getResponseHeaders().set("Retry-After", reply.retryAfter());
      }
      exchange.sendResponseHeaders(reply.status(), -1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String header(HttpExchange exchange, String name) {
    String value = exchange.getRequestHeaders().getFirst(name);
    return value == null ? "" : value;
  }

  synchronized List<Request> requests() {
    return List.copyOf(requests);
  }

  /** Keys of requests: what a receiver that honours them has. */
  synchronized Set<String> keys() {
    Set<String> keys = new LinkedHashSet<>();
    requests.forEach(request -> keys.add(request.key()));
    return keys;
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    executor.shutdownNow();
  }
}
