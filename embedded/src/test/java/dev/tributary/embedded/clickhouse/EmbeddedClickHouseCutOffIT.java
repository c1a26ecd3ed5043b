package dev.tributary.embedded.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A client that dies in the middle of an INSERT: what it sent must not count as the whole. */
class EmbeddedClickHouseCutOffIT {

  @TempDir static Path directory;

  private static EmbeddedClickHouse clickHouse;

  @BeforeAll
  static void start() {
    String reason = ChdbLibrary.unsupportedReason().orElse("");
    assumeTrue(reason.isEmpty(), reason);
    clickHouse = EmbeddedClickHouse.start(EmbeddedClickHouse.Options.at(directory));
  }

  @AfterAll
  static void stop() {
    if (clickHouse != null) {
      clickHouse.close();
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "whole, the control | Content-Length: 6       | 1~2~3~                      | 3",
        "whole, chunked     | Transfer-Encoding: chunked | 6%1~2~3~%0%%             | 3",
        "cut in the length  | Content-Length: 100     | 1~2~3~                      | 0",
        "cut in a chunk     | Transfer-Encoding: chunked | 64%1~2~3~                | 0",
        "cut between chunks | Transfer-Encoding: chunked | 6%1~2~3~%                | 0",
        "cut in the last    | Transfer-Encoding: chunked | 6%1~2~3~%64%4~5~         | 0"
      })
  void insert_cutOff_insertsNothing(String name, String header, String body, int rows)
      throws Exception {
    sql("DROP TABLE IF EXISTS t");
    sql("CREATE TABLE t (n Int64) ENGINE = MergeTree ORDER BY n");
    String request =
        "POST /?query=INSERT+INTO+t+FORMAT+TabSeparated HTTP/1.1\r\nHost: localhost\r\n"
            + header
            + "\r\n\r\n"
            + body.replace("~", "\n").replace("%", "\r\n");
    sendAndHangUp(request);
    assertThat(sql("SELECT count() FROM t")).isEqualTo(Integer.toString(rows));
  }

  /** More than is handed to the engine at a time: what it already has must go, too. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void largeInsert_cutOff_insertsNothing(int missing) throws Exception {
    sql("DROP TABLE IF EXISTS t");
    sql("CREATE TABLE t (n Int64) ENGINE = MergeTree ORDER BY n");
    String rows = "1234567\n".repeat(200_000);

    sendAndHangUp(
        "POST /?query=INSERT+INTO+t+FORMAT+TabSeparated HTTP/1.1\r\nHost: localhost\r\n"
            + "Content-Length: "
            + (rows.length() + missing)
            + "\r\n\r\n"
            + rows);

    assertThat(sql("SELECT count() FROM t")).isEqualTo(missing == 0 ? "200000" : "0");
  }

  /** Returns when the server has closed its side, so when it has made up its mind. */
  private static void sendAndHangUp(String request) throws IOException {
    URI url = clickHouse.httpUrl();
    try (Socket socket = new Socket(url.getHost(), url.getPort())) {
      socket.setSoTimeout(30_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
      socket.shutdownOutput();
      socket.getInputStream().readAllBytes();
    }
  }

  private static String sql(String statement) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(clickHouse.httpUrl())
            .timeout(Duration.ofSeconds(60))
            .POST(HttpRequest.BodyPublishers.ofString(statement))
            .build();
    HttpResponse<String> response =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return response.body().strip();
  }
}
