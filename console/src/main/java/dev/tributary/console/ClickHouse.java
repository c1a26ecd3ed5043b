package dev.tributary.console;

import dev.tributary.console.core.Query;
import dev.tributary.runtime.http.HttpLimit;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * ClickHouse over HTTP. Statements go by GET, which the server takes as read-only; whatever a
 * browser sent goes in typed parameters.
 */
final class ClickHouse {
  private static final Duration CONNECT = Duration.ofSeconds(5);

  /** ClickHouse ends a statement itself; its answer to that still has to come. */
  private static final Duration BEYOND_LIMIT = Duration.ofSeconds(5);

  private static final Duration PING = Duration.ofSeconds(2);

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT).build();
  private final ConsoleConfig config;

  ClickHouse(ConsoleConfig config) {
    this.config = config;
  }

  /**
   * Runs a query.
   *
   * @return ClickHouse's {@code FORMAT JSON}; decimals are texts, counts are numbers
   * @throws ClickHouseException when it refuses, does not answer, or takes too long
   */
  byte[] run(Query query) throws ClickHouseException, InterruptedException {
    Map<String, String> url = new LinkedHashMap<>();
    url.put("database", config.database());
    url.put("query", query.sql() + "\nFORMAT JSON");
    url.put("max_execution_time", Long.toString(config.queryTimeout().toSeconds()));
    // An error after the first rows would otherwise come in the middle of them.
    url.put("wait_end_of_query", "1");
    url.put("cancel_http_readonly_queries_on_client_close", "1");
    url.put("exact_rows_before_limit", "1");
    url.put("output_format_json_quote_decimals", "1");
    url.put("output_format_json_quote_64bit_integers", "0");
    query.parameters().forEach((name, value) -> url.put("param_" + name, escaped(value)));
    HttpResponse<byte[]> answer;
    try {
      answer =
          HttpLimit.send(
              http,
              request(url),
              HttpResponse.BodyHandlers.ofByteArray(),
              config.queryTimeout().plus(BEYOND_LIMIT));
    } catch (HttpTimeoutException e) {
      throw ClickHouseException.tooSlow(config.queryTimeout(), e);
    } catch (ConnectException e) {
      throw ClickHouseException.away(config.clickHouse(), e);
    } catch (IOException e) {
      throw ClickHouseException.broken(config.clickHouse(), e);
    }
    if (answer.statusCode() != 200) {
      throw ClickHouseException.refused(new String(answer.body(), StandardCharsets.UTF_8), config);
    }
    return answer.body();
  }

  /** Whether something answers there. */
  boolean isAnswering() throws InterruptedException {
    HttpRequest ping =
        HttpRequest.newBuilder(config.clickHouse().resolve("/ping")).timeout(PING).build();
    try {
      return HttpLimit.send(http, ping, HttpResponse.BodyHandlers.discarding(), PING).statusCode()
          == 200;
    } catch (IOException e) {
      return false;
    }
  }

  private HttpRequest request(Map<String, String> url) {
    String base = config.clickHouse().toString();
    StringBuilder address = new StringBuilder(base).append(base.endsWith("/") ? "" : "/");
    char separator = '?';
    for (Map.Entry<String, String> entry : url.entrySet()) {
      address.append(separator).append(entry.getKey()).append('=');
      address.append(URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8));
      separator = '&';
    }
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(address.toString()))
            .header("X-ClickHouse-User", config.user());
    if (!config.password().isEmpty()) {
      request.header("X-ClickHouse-Key", config.password());
    }
    return request.build();
  }

  /** ClickHouse reads the value of a parameter as a field of TSV. */
  static String escaped(String value) {
    return value
        .replace("\\", "\\\\")
        .replace("\t", "\\t")
        .replace("\n", "\\n")
        .replace("\r", "\\r")
        .replace("\0", "\\0");
  }
}
