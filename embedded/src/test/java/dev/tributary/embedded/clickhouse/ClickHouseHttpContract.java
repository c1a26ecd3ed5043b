package dev.tributary.embedded.clickhouse;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * What Tributary needs from ClickHouse's HTTP interface, whoever serves it. The suites extend this
 * class; {@link EmbeddedClickHouseContractIT} runs them against the embedded engine, {@link
 * RealClickHouseContractIT} against a server.
 */
abstract class ClickHouseHttpContract {

  /** Where a ClickHouse is reached; the password may be empty. */
  record Endpoint(URI url, String user, String password) {}

  static final HttpClient HTTP =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  static final String DATABASE = "contract";

  abstract Endpoint endpoint();

  @BeforeEach
  void createDatabase() throws Exception {
    sql("DROP DATABASE IF EXISTS " + DATABASE);
    sql("CREATE DATABASE " + DATABASE);
  }

  @AfterEach
  void dropDatabase() throws Exception {
    sql("DROP DATABASE IF EXISTS " + DATABASE);
  }

  /** Runs a statement over plain HTTP and returns its body; fails on any other status than 200. */
  String sql(String statement) throws IOException, InterruptedException {
    HttpResponse<byte[]> response = post(Map.of(), bytes(statement));
    String body = text(response);
    if (response.statusCode() != 200) {
      throw new AssertionError(response.statusCode() + " for " + statement + ": " + body);
    }
    return body.strip();
  }

  HttpResponse<byte[]> post(Map<String, String> parameters, byte[] body, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri(parameters))
            .timeout(Duration.ofSeconds(60))
            .header("X-ClickHouse-User", endpoint().user())
            .header("X-ClickHouse-Key", endpoint().password())
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  URI uri(Map<String, String> parameters) {
    String query =
        parameters.entrySet().stream()
            .map(e -> encode(e.getKey()) + "=" + encode(e.getValue()))
            .collect(Collectors.joining("&"));
    return endpoint().url().resolve("/?" + query);
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static String text(HttpResponse<byte[]> response) {
    return new String(response.body(), StandardCharsets.UTF_8);
  }
}
