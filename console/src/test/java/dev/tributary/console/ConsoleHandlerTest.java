package dev.tributary.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tributary.runtime.config.Settings;
import dev.tributary.runtime.run.RunOptions;
import dev.tributary.runtime.testing.LocalServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The console over HTTP, before a ClickHouse that answers what a test says. */
final class ConsoleHandlerTest {
  private static final String DAY = "from=2026-03-04T00:00:00Z&to=2026-03-05T00:00:00Z";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http = HttpClient.newHttpClient();
  private final ConcurrentLinkedQueue<String> asked = new ConcurrentLinkedQueue<>();
  private LocalServer clickHouse;
  private Console console;
  private volatile int status = 200;
  private volatile String body = "{\"data\":[],\"rows\":0}";

  @BeforeEach
  void start() throws IOException {
    clickHouse =
        LocalServer.start(
            "/",
            exchange -> {
              asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
              LocalServer.answer(exchange, status, body.getBytes(StandardCharsets.UTF_8));
            });
    console = console(Map.of());
  }

  @AfterEach
  void stop() {
    console.close();
    clickHouse.close();
  }

  private Console console(Map<String, String> more) {
    Map<String, String> given = new HashMap<>(more);
    given.put(ConsoleConfig.PORT.key(), "0");
    given.putIfAbsent(ConsoleConfig.CLICKHOUSE_URL.key(), clickHouse.base().toString());
    return Console.start(
        Settings.of(given, ConsoleConfig.allSettings()), RunOptions.of(new SimpleMeterRegistry()));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + console.port() + path));
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return send(request(path));
  }

  private static String error(HttpResponse<String> answer) throws IOException {
    return JSON.readTree(answer.body()).path("error").asText();
  }

  @Test
  void question_isAskedReadOnly_withValuesInParameters() throws Exception {
    HttpResponse<String> answer =
        get("/api/spend-total?" + DAY + "&team=a%27b%5C%09c%0Ad&feature=%3Cb%3E");

    assertThat(answer.statusCode()).isEqualTo(200);
    JsonNode json = JSON.readTree(answer.body());
    assertThat(json.path("result").path("rows").asInt(-1)).isZero();
    String url = URLDecoder.decode(asked.remove(), StandardCharsets.UTF_8);
    assertThat(url)
        .startsWith("GET ")
        .contains("&max_execution_time=30")
        .contains("&param_is_team=a'b\\\\\\tc\\nd")
        .contains("&param_is_feature=<b>")
        .contains("&param_tenant=default");
    assertThat(url.substring(0, url.indexOf("&max_execution_time"))).doesNotContain("<b>");
  }

  @Test
  void answers_always_tellTheBrowserWhatItMayNotDo() throws Exception {
    for (String path : List.of("/", "/assets/main.js", "/api/about", "/api/nothing", "/nowhere")) {
      HttpResponse<String> answer = get(path);

      assertThat(answer.headers().firstValue("Content-Security-Policy").orElse(""))
          .as(path)
          .contains("default-src 'none'")
          .contains("script-src 'self'")
          .contains("frame-ancestors 'none'")
          .contains("require-trusted-types-for 'script'")
          .doesNotContain("unsafe");
      assertThat(answer.headers().firstValue("X-Content-Type-Options"))
          .as(path)
          .hasValue("nosniff");
      assertThat(answer.headers().firstValue("X-Frame-Options")).as(path).hasValue("DENY");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH", "OPTIONS"})
  void otherMethods_areRefused(String method) throws Exception {
    HttpResponse<String> answer =
        send(
            request("/api/spend-total?" + DAY)
                .method(method, HttpRequest.BodyPublishers.ofString("x")));

    assertThat(answer.statusCode()).isEqualTo(405);
    assertThat(answer.headers().firstValue("Allow")).hasValue("GET, HEAD");
    assertThat(error(answer)).contains(method).contains("GET");
    assertThat(asked).isEmpty();
  }

  @Test
  void refusedQuestions_areTheBrowsersFault_andReachNobody() throws Exception {
    for (String question :
        List.of(
            "spend-table?" + DAY + "&by=secret",
            "spend-table?" + DAY + "&nonsense=1",
            "spend-table?" + DAY + "&tenant=other",
            "spend-table?from=now&to=then",
            "spend-table?" + DAY + "&team=%zz",
            "no-such-question?" + DAY)) {
      HttpResponse<String> answer = get("/api/" + question.replace("%zz", "%25zz&team=%ff%fe"));

      assertThat(answer.statusCode()).as(question).isEqualTo(400);
      assertThat(error(answer)).as(question).containsAnyOf("allowed", "there are");
    }
    assertThat(asked).isEmpty();
  }

  @Test
  void refusals_ofClickHouse_comeWithAdvice() throws Exception {
    status = 404;
    body = "Code: 60. DB::Exception: Unknown table expression identifier 'calls'. (UNKNOWN_TABLE)";
    HttpResponse<String> noTable = get("/api/freshness");
    assertThat(noTable.statusCode()).isEqualTo(502);
    assertThat(error(noTable)).contains("the sink makes them").contains("Code: 60");

    status = 500;
    body = "Code: 159. DB::Exception: Timeout exceeded: elapsed 30 seconds. (TIMEOUT_EXCEEDED)";
    HttpResponse<String> slow = get("/api/freshness");
    assertThat(slow.statusCode()).isEqualTo(504);
    assertThat(error(slow)).contains("shorter range");
  }

  @Test
  void clickHouseAway_isSaidWithItsAddress() throws Exception {
    clickHouse.close();

    HttpResponse<String> answer = get("/api/freshness");

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(error(answer)).contains(clickHouse.base().toString());
    assertThat(console.health().ready()).isFalse();
    assertThat(console.health().live()).isTrue();
  }

  @Test
  void foreignHost_isRefused() throws Exception {
    assertThat(raw("GET /api/freshness HTTP/1.1\r\nHost: evil.example:8080\r\n"))
        .startsWith("HTTP/1.1 403")
        .contains("evil.example")
        .contains("tributary.console.hosts");
    assertThat(raw("GET /api/freshness HTTP/1.1\r\nHost: localhost:1\r\n"))
        .startsWith("HTTP/1.1 200");
    assertThat(raw("GET /api/freshness HTTP/1.1\r\nHost: [::1]:8080\r\n"))
        .startsWith("HTTP/1.1 200");
  }

  private String raw(String head) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), console.port())) {
      OutputStream out = socket.getOutputStream();
      out.write((head + "Connection: close\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
      out.flush();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void access_whereConfigured_isNeededForEverything() throws Exception {
    console.close();
    console =
        console(
            Map.of(
                ConsoleConfig.ACCESS_USER.key(), "ops",
                ConsoleConfig.ACCESS_PASSWORD.key(), "s3cret"));
    String right = "Basic b3BzOnMzY3JldA==";

    for (String path : List.of("/", "/assets/main.js", "/api/about", "/api/freshness")) {
      assertThat(get(path).statusCode()).as(path).isEqualTo(401);
      assertThat(send(request(path).header("Authorization", "Basic b3BzOnMzY3JldB==")).statusCode())
          .isEqualTo(401);
      assertThat(send(request(path).header("Authorization", right)).statusCode()).isEqualTo(200);
    }
    assertThat(get("/").headers().firstValue("WWW-Authenticate").orElse("")).startsWith("Basic");
  }

  @Test
  void pages_areOnePage_andAnsweredWithNothingWhereUnchanged() throws Exception {
    HttpResponse<String> page = get("/");
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.headers().firstValue("Content-Type")).hasValue("text/html; charset=utf-8");
    for (String path : Assets.PAGES) {
      assertThat(get(path).body()).isEqualTo(page.body());
    }
    String tag = page.headers().firstValue("ETag").orElse("");

    assertThat(send(request("/").header("If-None-Match", tag)).statusCode()).isEqualTo(304);
    assertThat(get("/../pom.xml").statusCode()).isEqualTo(404);
    assertThat(get("/assets/").statusCode()).isEqualTo(404);
  }

  @Test
  void head_hasNoBody() throws Exception {
    HttpResponse<String> answer =
        send(request("/").method("HEAD", HttpRequest.BodyPublishers.noBody()));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEmpty();
  }
}
