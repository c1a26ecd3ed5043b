package dev.tributary.console;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.tributary.console.core.Query;
import dev.tributary.console.core.Questions;
import dev.tributary.console.core.RefusedException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers browsers: the page and its files, and questions below {@code /api/}. */
final class ConsoleHandler implements HttpHandler {
  private static final Logger LOGGER = LoggerFactory.getLogger(ConsoleHandler.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String API = "/api/";
  private static final String JSON_TYPE = "application/json; charset=utf-8";

  private final ConsoleConfig config;
  private final ClickHouse clickHouse;
  private final Assets assets = new Assets();
  private final Gate gate;

  ConsoleHandler(ConsoleConfig config, ClickHouse clickHouse) {
    this.config = config;
    this.clickHouse = clickHouse;
    this.gate = new Gate(config);
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Gate.secure(exchange.getResponseHeaders());
      String refusal = refusal(exchange);
      if (refusal == null) {
        route(exchange);
      } else {
        fail(exchange, exchange.getResponseHeaders().containsKey("Allow") ? 405 : 403, refusal);
      }
    }
  }

  /** Why this request is not looked at; null: it is. */
  private @Nullable String refusal(HttpExchange exchange) {
    String method = exchange.getRequestMethod();
    if (!method.equals("GET") && !method.equals("HEAD")) {
      exchange.getResponseHeaders().set("Allow", "GET, HEAD");
      return "method " + method + " is not allowed; allowed: GET, HEAD";
    }
    String host = exchange.getRequestHeaders().getFirst("Host");
    if (!gate.knowsHost(host)) {
      return "Host \""
          + host
          + "\" is not allowed; allowed: "
          + String.join(", ", config.hosts())
          + " ("
          + ConsoleConfig.HOSTS.key()
          + ")";
    }
    return null;
  }

  private void route(HttpExchange exchange) throws IOException {
    if (!gate.admits(exchange.getRequestHeaders().getFirst("Authorization"))) {
      exchange
          .getResponseHeaders()
          .set("WWW-Authenticate", "Basic realm=\"Tributary\", charset=\"UTF-8\"");
      fail(exchange, 401, "user or password is missing or wrong");
      return;
    }
    String path = exchange.getRequestURI().getPath();
    if (path.startsWith(API)) {
      ask(exchange, path.substring(API.length()));
      return;
    }
    Assets.Asset asset = assets.at(path);
    if (asset == null) {
      fail(exchange, 404, "there is no page " + path + "; pages: " + Assets.PAGES);
      return;
    }
    exchange.getResponseHeaders().set("ETag", asset.tag());
    // Asked for again each time, and answered with nothing where it is the same.
    exchange.getResponseHeaders().set("Cache-Control", "no-cache");
    if (asset.tag().equals(exchange.getRequestHeaders().getFirst("If-None-Match"))) {
      exchange.sendResponseHeaders(304, -1);
      return;
    }
    answer(exchange, 200, asset.type(), asset.body());
  }

  private void ask(HttpExchange exchange, String name) throws IOException {
    exchange.getResponseHeaders().set("Cache-Control", "no-store");
    try {
      if (name.equals("about")) {
        answer(exchange, 200, JSON_TYPE, JSON.writeValueAsBytes(about()));
        return;
      }
      Query query =
          Questions.query(
              name, parameters(exchange.getRequestURI().getRawQuery()), config.tenants());
      answer(exchange, 200, JSON_TYPE, answer(query));
    } catch (RefusedException e) {
      fail(exchange, 400, String.valueOf(e.getMessage()));
    } catch (ClickHouseException e) {
      LOGGER.warn("question {} is not answered: {}", name, e.getMessage());
      fail(exchange, e.status(), String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      fail(exchange, 503, "the console is shutting down");
    }
  }

  /** What pages have to know before they ask. */
  private Map<String, Object> about() {
    String otlp = config.otlpUrl();
    return Map.of("tenants", config.tenants(), "otlp_url", otlp == null ? "" : otlp);
  }

  private byte[] answer(Query query)
      throws ClickHouseException, InterruptedException, JsonProcessingException {
    byte[] result = clickHouse.run(query);
    ByteArrayOutputStream body = new ByteArrayOutputStream(result.length + 100);
    body.writeBytes("{\"facts\":".getBytes(StandardCharsets.UTF_8));
    body.writeBytes(JSON.writeValueAsBytes(query.facts()));
    body.writeBytes(",\"result\":".getBytes(StandardCharsets.UTF_8));
    body.writeBytes(result);
    body.write('}');
    return body.toByteArray();
  }

  /** Values by name, in their order. */
  static Map<String, List<String>> parameters(@Nullable String rawQuery) {
    Map<String, List<String>> parameters = new TreeMap<>();
    if (rawQuery == null || rawQuery.isEmpty()) {
      return parameters;
    }
    for (String pair : rawQuery.split("&", -1)) {
      int equals = pair.indexOf('=');
      String name = decode(equals < 0 ? pair : pair.substring(0, equals));
      String value = equals < 0 ? "" : decode(pair.substring(equals + 1));
      parameters.computeIfAbsent(name, key -> new ArrayList<>()).add(value);
    }
    return parameters;
  }

  private static String decode(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new RefusedException("query string", text, "percent-encoded UTF-8");
    }
  }

  private static void fail(HttpExchange exchange, int status, String message) throws IOException {
    answer(exchange, status, JSON_TYPE, JSON.writeValueAsBytes(Map.of("error", message)));
  }

  private static void answer(HttpExchange exchange, int status, String type, byte[] body)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", type);
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.sendResponseHeaders(status, -1);
      return;
    }
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }
}
