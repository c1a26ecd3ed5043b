package dev.tributary.embedded.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a request must not do to the next one or to the engine, and who may send one. */
class EmbeddedClickHouseRequestsIT extends ClickHouseHttpContract {

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

  @Override
  Endpoint endpoint() {
    return new Endpoint(clickHouse.httpUrl(), "default", "");
  }

  /** Else it hides the table of its name from whoever gets the connection next. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE TEMPORARY TABLE t ENGINE = Memory AS SELECT 99 AS n",
        "CREATE OR REPLACE TEMPORARY TABLE t (n Int64) ENGINE = Memory",
        "CREATE TEMPORARY VIEW t AS SELECT 99 AS n"
      })
  void temporaryTable_withoutASession_isGoneWithItsRequest(String create) throws Exception {
    sql("CREATE TABLE contract.t (n Int64) ENGINE = MergeTree ORDER BY n");
    sql("INSERT INTO contract.t VALUES (1)");
    Map<String, String> database = Map.of("database", DATABASE);
    for (int i = 0; i < 10; i++) {
      post(database, bytes(create));

      assertThat(text(post(database, bytes("SELECT n FROM t")))).isEqualTo("1\n");
    }
  }

  /** Two settings under which the engine refuses to change others. */
  @ParameterizedTest
  @ValueSource(strings = {"readonly", "allow_ddl"})
  void lockingSetting_doesNotReachTheNextRequest(String name) throws Exception {
    Map<String, String> locked = Map.of(name, name.equals("readonly") ? "1" : "0");
    Map<String, String> other =
        Map.of(
            name,
            name.equals("readonly") ? "2" : "1",
            "max_threads",
            "3",
            "session_timezone",
            "UTC");
    for (int i = 0; i < 10; i++) {
      HttpResponse<byte[]> first = post(locked, bytes("SELECT 1"));
      HttpResponse<byte[]> second = post(other, bytes("SELECT getSetting('max_threads')"));

      assertThat(text(first)).isEqualTo("1\n");
      assertThat(text(second)).isEqualTo("3\n");
      sql("CREATE OR REPLACE TABLE contract.t (n Int64) ENGINE = MergeTree ORDER BY n");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "HEAD, /?query=DROP+TABLE+contract.t, 405",
    "OPTIONS, /?query=DROP+TABLE+contract.t, 405",
    "DELETE, /?query=DROP+TABLE+contract.t, 405",
    "PATCH, /?query=DROP+TABLE+contract.t, 405",
    "HEAD, /ping, 200",
    "HEAD, /, 200",
    "PUT, /?query=SELECT+1, 200"
  })
  void method_thatIsNoQuery_runsNothing(String method, String target, int status) throws Exception {
    sql("CREATE TABLE contract.t (n Int64) ENGINE = MergeTree ORDER BY n");

    assertThat(status(method, target, "")).isEqualTo(status);

    assertThat(sql("EXISTS TABLE contract.t")).isEqualTo("1");
  }

  /** Also those that the engine's parser counts with SET: a GET may be repeated and prefetched. */
  @ParameterizedTest
  @CsvSource({
    "DETACH TABLE contract.t, 500",
    "SYSTEM SHUTDOWN, 500",
    "SYSTEM STOP MERGES, 500",
    "KILL QUERY WHERE 0, 500",
    "ATTACH TABLE contract.t, 500",
    "SET max_threads = 1, 200",
    "USE contract, 200"
  })
  void get_mayChangeItsConnectionOnly(String statement, int status) throws Exception {
    sql("CREATE TABLE contract.t (n Int64) ENGINE = MergeTree ORDER BY n");
    long pid = clickHouse.pid();
    String target = uri(Map.of("query", statement)).getRawQuery();

    assertThat(status("GET", "/?" + target, "")).isEqualTo(status);

    assertThat(sql("EXISTS TABLE contract.t")).isEqualTo("1");
    assertThat(clickHouse.pid()).isEqualTo(pid);
  }

  /** The engine reads and writes files of the host: no web page may send it statements. */
  @ParameterizedTest
  @CsvSource({
    "Host: localhost, 200",
    "Host: 127.0.0.1:8123, 200",
    "Host: [::1]:8123, 200",
    "Host: evil.example, 403",
    "Host: evil.example:8123, 403",
    "Host: localhost.evil.example, 403",
    "Host: 127.0.0.1.evil.example, 403",
    "Host: localhost~Origin: http://localhost:3000, 200",
    "Host: localhost~Origin: http://127.0.0.1:3000, 200",
    "Host: localhost~Origin: https://evil.example, 403",
    "Host: localhost~Origin: http://localhost.evil.example, 403",
    "Host: localhost~Origin: http://192.0.2.1, 403",
    "Host: localhost~Origin: null, 403",
    "Host: localhost~Origin: http://, 403"
  })
  void webPage_fromElsewhere_isRefused(String headers, int status) throws Exception {
    assertThat(status("POST", "/?query=SELECT+1", headers.replace("~", "\r\n") + "\r\n"))
        .isEqualTo(status);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\nb", "a\r\nX-Other: 1", "a\u0000b"})
  void queryId_withALineBreak_isAnsweredWithAnError(String id) throws Exception {
    HttpResponse<byte[]> response = post(Map.of("query_id", id), bytes("SELECT 1"));

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.headers().firstValue("X-ClickHouse-Exception-Code")).hasValue("36");
    assertThat(response.headers().firstValue("X-Other")).isEmpty();
  }

  /** The engine hands a large result out in chunks; what is said once must come once. */
  @ParameterizedTest
  @CsvSource({
    "'', SELECT number FROM numbers(300000) SETTINGS output_format_json_array_of_rows = 1",
    "output_format_json_array_of_rows, SELECT number FROM numbers(300000)"
  })
  void arrayOfRows_isOneArray(String setting, String query) throws Exception {
    Map<String, String> parameters =
        setting.isEmpty()
            ? Map.of("max_block_size", "65409")
            : Map.of("max_block_size", "65409", setting, "1");

    byte[] body = post(parameters, bytes(query + " FORMAT JSONEachRow")).body();

    assertThat(new ObjectMapper().readTree(body)).hasSize(300_000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "SELECT * FROM contract.v"})
  void totals_comeOnceAndLast(String fromView) throws Exception {
    String query =
        "SELECT number % 100000 AS k, count() AS c FROM numbers(300000) GROUP BY k WITH TOTALS";
    sql("CREATE VIEW contract.v AS " + query);

    String text =
        text(
            post(
                Map.of("max_block_size", "65409"),
                bytes((fromView.isEmpty() ? query : fromView) + " FORMAT TabSeparated")));

    assertThat(text.lines()).hasSize(100_002);
    assertThat(text).endsWith("\n\n0\t300000\n");
  }

  /** Wherever the first 256 KiB end, also within the name of the format: all rows, or an error. */
  @Test
  void insert_whoseHeadIsLong_insertsAllOrFails() throws Exception {
    String insert = "INSERT INTO contract.t FORMAT TabSeparatedWithNames\n";
    String rows = "n\n" + "7\n".repeat(1000);
    for (int behind = 0; behind <= insert.length() + 2; behind++) {
      sql("CREATE OR REPLACE TABLE contract.t (n Int64) ENGINE = MergeTree ORDER BY n");
      String comment = "/*" + "x".repeat((256 << 10) - behind - 4) + "*/";

      HttpResponse<byte[]> response =
          post(Map.of("max_query_size", "999999"), bytes(comment + insert + rows));

      assertThat(sql("SELECT count(), sum(n) FROM contract.t"))
          .as("%d bytes behind the comment: %s", behind, text(response))
          .isEqualTo(response.statusCode() == 200 ? "1000\t7000" : "0\t0");
      assertThat(response.statusCode()).as(text(response)).isEqualTo(200);
    }
  }

  /** They are held on a heap that is small: more of them at once wait, and nobody dies. */
  @Test
  void largeStatements_atOnce_leaveTheEngineAlive() throws Exception {
    long pid = clickHouse.pid();
    String query = "SELECT length('" + "x".repeat(15 << 20) + "')";
    ExecutorService clients = Executors.newFixedThreadPool(8);
    try {
      for (Future<Integer> status :
          IntStream.range(0, 8)
              .mapToObj(
                  i ->
                      clients.submit(
                          () ->
                              post(Map.of("max_query_size", "99999999"), bytes(query))
                                  .statusCode()))
              .toList()) {
        assertThat(status.get()).isEqualTo(200);
      }
    } finally {
      clients.shutdownNow();
    }
    assertThat(clickHouse.pid()).isEqualTo(pid);
  }

  /** Over a plain socket, since Java's client lets nobody set Host and Origin. */
  private static int status(String method, String target, String headers) throws IOException {
    URI url = clickHouse.httpUrl();
    String host = headers.contains("Host:") ? "" : "Host: localhost\r\n";
    String request =
        method
            + " "
            + target
            + " HTTP/1.1\r\n"
            + host
            + headers
            + "Content-Length: 0\r\nConnection: close\r\n\r\n";
    try (Socket socket = new Socket(url.getHost(), url.getPort())) {
      socket.setSoTimeout(30_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return Integer.parseInt(answer.split(" ")[1]);
    }
  }
}
