package dev.tributary.evalworker;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An OpenAI-compatible API on a free port of this machine that misbehaves as a case asks: the
 * judged text says {@code case <id> <behaviour>}. Counts the calls per case.
 */
final class FakeJudge implements AutoCloseable {
  private static final Pattern CASE = Pattern.compile("case (\\S+) ([a-z_0-9]+)");

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Map<String, AtomicInteger> calls = new ConcurrentHashMap<>();
  private final CountDownLatch closing = new CountDownLatch(1);

  FakeJudge() {
    try {
      server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/v1/chat/completions", this::answer);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
  }

  /** Calls about a case. */
  int calls(String id) {
    AtomicInteger count = calls.get(id);
    return count == null ? 0 : count.get();
  }

  int calls() {
    return calls.values().stream().mapToInt(AtomicInteger::get).sum();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    Matcher matcher = CASE.matcher(body);
    String id = matcher.find() ? matcher.group(1) : "unknown";
    String behaviour = "unknown".equals(id) ? "ok" : matcher.group(2);
    int call = calls.computeIfAbsent(id, any -> new AtomicInteger()).incrementAndGet();
    boolean isFirst = call == 1;
    if (behaviour.endsWith("_once")) {
      behaviour = isFirst ? behaviour.substring(0, behaviour.length() - 5) : "ok";
    }
    if (behaviour.equals("slow_after_3")) {
      behaviour = call > 3 ? "slow" : "ok";
    }
    switch (behaviour) {
      case "rate_limited" -> {
        exchange.getResponseHeaders().add("Retry-After", "0");
        send(exchange, 429, "{\"error\":{}}");
      }
      case "broken" -> send(exchange, 500, "oops");
      case "forbidden" -> send(exchange, 401, "{\"error\":{}}");
      case "slow" -> {
        awaitClose();
        exchange.close();
      }
      case "stuck" -> {
        exchange.sendResponseHeaders(200, 100);
        exchange.getResponseBody().flush();
        awaitClose();
        exchange.close();
      }
      case "no_json" -> send(exchange, 200, "<html>");
      case "prose" -> send(exchange, 200, message("\"It looks fine to me.\"", "stop"));
      case "out_of_range" -> send(exchange, 200, message(score("7"), "stop"));
      case "cut" -> send(exchange, 200, message("\"{\\\"reasoning\\\":\\\"\"", "length"));
      case "refuses" -> send(exchange, 200, message("null,\"refusal\":\"no\"", "stop"));
      default -> send(exchange, 200, message(score("0.75"), "stop"));
    }
  }

  private void awaitClose() {
    try {
      closing.await(30, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String score(String value) {
    return "\"{\\\"reasoning\\\":\\\"because\\\",\\\"judgeable\\\":true,\\\"score\\\":"
        + value
        + "}\"";
  }

  private static String message(String content, String finish) {
    return """
        {"id":"r-1","model":"judge-1-0101","choices":[{"index":0,"finish_reason":"%s",
        "message":{"role":"assistant","content":%s}}],
        "usage":{"prompt_tokens":1000,"completion_tokens":100,"total_tokens":1100}}"""
        .formatted(finish, content);
  }

  private static void send(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Override
  public void close() {
    closing.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
