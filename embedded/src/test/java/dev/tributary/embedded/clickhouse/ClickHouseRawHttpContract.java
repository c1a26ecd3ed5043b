package dev.tributary.embedded.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The bytes on the wire: encodings, framing, where SQL and data meet, errors, and leakage. */
abstract class ClickHouseRawHttpContract extends ClickHouseHttpContract {

  private static final String TABLE =
      "CREATE TABLE contract.t (n Int64) ENGINE = MergeTree ORDER BY n";
  private static final String TEXTS =
      "CREATE TABLE contract.s (n Int64, s String) ENGINE = MergeTree ORDER BY n";

  @Test
  void ping_needsNothing() throws Exception {
    HttpRequest request = HttpRequest.newBuilder(endpoint().url().resolve("/ping")).build();
    HttpResponse<byte[]> response = HTTP.send(request, HttpResponse.BodyHandlers.ofByteArray());
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(text(response)).isEqualTo("Ok.\n");
  }

  @Test
  void statement_inUrlInBodyAndAcross() throws Exception {
    assertThat(text(post(Map.of("query", "SELECT 1"), new byte[0]))).isEqualTo("1\n");
    assertThat(text(post(Map.of(), bytes("SELECT 2 -- the end")))).isEqualTo("2\n");
    assertThat(text(post(Map.of("query", "SELECT"), bytes("3")))).isEqualTo("3\n");
  }

  @Test
  void get_mayOnlyRead() throws Exception {
    sql(TABLE);
    assertThat(get("SELECT count() FROM contract.t").statusCode()).isEqualTo(200);
    HttpResponse<byte[]> refused = get("INSERT INTO contract.t VALUES (1)");
    assertThat(refused.statusCode()).isEqualTo(500);
    assertThat(code(refused)).isEqualTo("164");
    assertThat(sql("SELECT count() FROM contract.t")).isEqualTo("0");
  }

  private HttpResponse<byte[]> get(String query) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(uri(Map.of("query", query)))
            .timeout(Duration.ofSeconds(60))
            .header("X-ClickHouse-User", endpoint().user())
            .header("X-ClickHouse-Key", endpoint().password())
            .build();
    return HTTP.send(request, HttpResponse.BodyHandlers.ofByteArray());
  }

  @ParameterizedTest
  @EnumSource(HttpEncoding.class)
  void requestEncoding_isDecoded(HttpEncoding encoding) throws Exception {
    sql(TABLE);
    ByteArrayOutputStream encoded = new ByteArrayOutputStream();
    try (OutputStream out = encoding.encode(encoded)) {
      out.write(NativeBlock.ofInt64("n", 0, 50_000));
    }
    HttpResponse<byte[]> response =
        post(
            Map.of("query", "INSERT INTO contract.t FORMAT Native"),
            encoded.toByteArray(),
            "Content-Encoding",
            encoding.token());
    assertThat(response.statusCode()).as(text(response)).isEqualTo(200);
    assertThat(sql("SELECT count(), max(n) FROM contract.t")).isEqualTo("50000\t49999");
  }

  @ParameterizedTest
  @EnumSource(HttpEncoding.class)
  void responseEncoding_onlyWhenEnabled(HttpEncoding encoding) throws Exception {
    byte[] query = bytes("SELECT number FROM numbers(200000) FORMAT TabSeparated");
    HttpResponse<byte[]> plain = post(Map.of(), query, "Accept-Encoding", encoding.token());
    HttpResponse<byte[]> encoded =
        post(Map.of("enable_http_compression", "1"), query, "Accept-Encoding", encoding.token());
    assertThat(plain.headers().firstValue("Content-Encoding")).isEmpty();
    assertThat(encoded.headers().firstValue("Content-Encoding")).hasValue(encoding.token());
    byte[] decoded = encoding.decode(new ByteArrayInputStream(encoded.body())).readAllBytes();
    assertThat(decoded).isEqualTo(plain.body());
    assertThat(new String(decoded, StandardCharsets.UTF_8).lines()).hasSize(200_000);
  }

  @Test
  void compressedBlocks_bothWays() throws Exception {
    sql(TABLE);
    ByteArrayOutputStream framed = new ByteArrayOutputStream();
    try (OutputStream out = BlockFrames.writer(framed)) {
      out.write(NativeBlock.ofInt64("n", 0, 300_000));
    }
    HttpResponse<byte[]> inserted =
        post(
            Map.of("query", "INSERT INTO contract.t FORMAT Native", "decompress", "1"),
            framed.toByteArray());
    assertThat(inserted.statusCode()).as(text(inserted)).isEqualTo(200);
    HttpResponse<byte[]> read =
        post(Map.of("compress", "1"), bytes("SELECT count(), max(n) FROM contract.t"));
    byte[] body = BlockFrames.reader(new ByteArrayInputStream(read.body())).readAllBytes();
    assertThat(new String(body, StandardCharsets.UTF_8)).isEqualTo("300000\t299999\n");
  }

  @Test
  void compressedBlock_withAFlippedBit_insertsNothing() throws Exception {
    sql(TABLE);
    ByteArrayOutputStream framed = new ByteArrayOutputStream();
    try (OutputStream out = BlockFrames.writer(framed)) {
      out.write(NativeBlock.ofInt64("n", 0, 1000));
    }
    byte[] corrupt = framed.toByteArray();
    corrupt[corrupt.length / 2] ^= 0x10;
    HttpResponse<byte[]> response =
        post(Map.of("query", "INSERT INTO contract.t FORMAT Native", "decompress", "1"), corrupt);
    assertThat(response.statusCode()).isGreaterThanOrEqualTo(400);
    assertThat(sql("SELECT count() FROM contract.t")).isEqualTo("0");
  }

  /** Trap: text and binary data in one call are cut at the first blank line. */
  @Test
  void insertData_withBlankLines_isWhole() throws Exception {
    sql(TEXTS);
    String rows = "{\"n\":1,\"s\":\"a\"}\n\n\n{\"n\":2,\"s\":\"; DROP TABLE contract.s\"}\n";
    for (byte[] body :
        new byte[][] {
          bytes("INSERT INTO contract.s FORMAT JSONEachRow\n" + rows),
          bytes("INSERT INTO contract.s (n, s) VALUES (3, 'x\n\ny;z'), (4, upper('q'));"),
          bytes("INSERT INTO contract.s FORMAT TabSeparated\n5\tfive\n6\tsix\n")
        }) {
      HttpResponse<byte[]> response = post(Map.of(), body);
      assertThat(response.statusCode()).as(text(response)).isEqualTo(200);
    }
    assertThat(
            sql("SELECT groupArray(n), max(length(s)) FROM (SELECT * FROM contract.s ORDER BY n)"))
        .isEqualTo("[1,2,3,4,5,6]\t23");
    // 0x0A0A is also 2570, as binary data in the body behind its statement.
    byte[] head = bytes("INSERT INTO contract.s (n) FORMAT Native\n");
    byte[] block = NativeBlock.ofInt64("n", 0x0A0A0A0A0A0A0A0AL, 1);
    byte[] body = new byte[head.length + block.length];
    System.arraycopy(head, 0, body, 0, head.length);
    System.arraycopy(block, 0, body, head.length, block.length);
    assertThat(post(Map.of(), body).statusCode()).isEqualTo(200);
    assertThat(sql("SELECT max(n) FROM contract.s")).isEqualTo("723401728380766730");
  }

  @Test
  void insertData_startsInTheUrl() throws Exception {
    sql(TEXTS);
    HttpResponse<byte[]> response =
        post(
            Map.of("query", "INSERT INTO contract.s FORMAT TabSeparated\n1\tone"),
            bytes("2\ttwo\n"));
    assertThat(response.statusCode()).as(text(response)).isEqualTo(200);
    assertThat(sql("SELECT groupArray(s) FROM (SELECT s FROM contract.s ORDER BY n)"))
        .isEqualTo("['one','two']");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT 1; SELECT 2",
        "SELECT 1; DROP TABLE contract.t",
        "DROP TABLE contract.t; SELECT 1",
        "SELECT ';' ; /* x */ DROP TABLE contract.t",
        "INSERT INTO contract.t VALUES (1); DROP TABLE contract.t",
        "INSERT INTO contract.t SELECT 1; DROP TABLE contract.t"
      })
  void twoStatements_areRefused(String statements) throws Exception {
    sql(TABLE);
    HttpResponse<byte[]> response = post(Map.of(), bytes(statements));
    assertThat(response.statusCode()).as(text(response)).isEqualTo(400);
    assertThat(sql("EXISTS TABLE contract.t")).isEqualTo("1");
  }

  @Test
  void trailingSemicolon_isAllowed() throws Exception {
    assertThat(sql("SELECT ';', 1 ; -- done")).isEqualTo(";\t1");
  }

  @Test
  void settings_doNotLeak() throws Exception {
    String query = "SELECT getSetting('max_threads') = 7, getSetting('log_comment')";
    HttpResponse<byte[]> with =
        post(Map.of("max_threads", "7", "log_comment", "it's"), bytes(query));
    assertThat(text(with)).isEqualTo("1\tit\\'s\n");
    for (int i = 0; i < 20; i++) {
      assertThat(text(post(Map.of(), bytes(query)))).isEqualTo("0\t\n");
    }
  }

  @Test
  void setAndUse_doNotLeak() throws Exception {
    for (int i = 0; i < 20; i++) {
      sql("SET max_threads = 7");
      sql("USE contract");
      assertThat(sql("SELECT getSetting('max_threads') = 7, currentDatabase()"))
          .isEqualTo("0\tdefault");
    }
  }

  @Test
  void wrongSetting_isRefusedAndHarmless() throws Exception {
    HttpResponse<byte[]> unknown =
        post(Map.of("max_threads", "7", "no_such_setting", "1"), bytes("SELECT 1"));
    assertThat(code(unknown)).isEqualTo("115");
    HttpResponse<byte[]> wrongValue = post(Map.of("max_threads", "many"), bytes("SELECT 1"));
    assertThat(wrongValue.statusCode()).isEqualTo(400);
    for (int i = 0; i < 10; i++) {
      assertThat(sql("SELECT getSetting('max_threads') = 7")).isEqualTo("0");
    }
  }

  @Test
  void database_perRequest() throws Exception {
    sql(TABLE);
    assertThat(text(post(Map.of("database", DATABASE), bytes("SHOW TABLES")))).isEqualTo("t\n");
    assertThat(sql("SELECT currentDatabase()")).isEqualTo("default");
    HttpResponse<byte[]> missing = post(Map.of("database", "nowhere"), bytes("SELECT 1"));
    assertThat(missing.statusCode()).isEqualTo(404);
    assertThat(code(missing)).isEqualTo("81");
  }

  @Test
  void parameters_areValuesNotText() throws Exception {
    HttpResponse<byte[]> response =
        post(
            Map.of("param_a", "'; DROP TABLE x; --", "param_n", "5"),
            bytes("SELECT {a:String}, {n:UInt8} + 1 FORMAT TabSeparatedRaw"));
    assertThat(text(response)).isEqualTo("'; DROP TABLE x; --\t6\n");
    sql(TABLE);
    HttpResponse<byte[]> insert =
        post(Map.of("param_n", "8"), bytes("INSERT INTO contract.t VALUES ({n:Int64})"));
    assertThat(insert.statusCode()).as(text(insert)).isEqualTo(200);
    assertThat(sql("SELECT n FROM contract.t")).isEqualTo("8");
  }

  @Test
  void session_keepsItsTemporaryTable() throws Exception {
    Map<String, String> session = Map.of("session_id", UUID.randomUUID().toString());
    assertThat(
            post(session, bytes("CREATE TEMPORARY TABLE mine (a Int32) ENGINE = Memory"))
                .statusCode())
        .isEqualTo(200);
    assertThat(post(session, bytes("INSERT INTO mine VALUES (5)")).statusCode()).isEqualTo(200);
    assertThat(text(post(session, bytes("SELECT a FROM mine")))).isEqualTo("5\n");
    assertThat(code(post(Map.of(), bytes("SELECT a FROM mine")))).isEqualTo("60");
    Map<String, String> unknown =
        Map.of("session_id", UUID.randomUUID().toString(), "session_check", "1");
    assertThat(code(post(unknown, bytes("SELECT 1")))).isEqualTo("372");
  }

  /** Who has the whole response may send the next request of the session at once. */
  @Test
  void session_isFreeBeforeItsResponseEnds() throws Exception {
    Map<String, String> session = Map.of("session_id", UUID.randomUUID().toString());
    post(session, bytes("CREATE TEMPORARY TABLE mine (a Int32) ENGINE = Memory"));
    List<String> statements =
        List.of(
            "SET max_threads = 1",
            "SELECT 1",
            "SHOW DATABASES",
            "INSERT INTO mine VALUES (5)",
            "SELECT number FROM numbers(100000)");
    for (int round = 0; round < 200; round++) {
      for (String statement : statements) {
        HttpResponse<byte[]> response = post(session, bytes(statement));
        assertThat(response.statusCode()).as(text(response)).isEqualTo(200);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "404, 60, SELECT * FROM nowhere",
    "404, 81, SELECT * FROM nowhere.t",
    "404, 46, SELECT noSuchFunction(1)",
    "404, 47, SELECT no_such_column",
    "400, 62, SELECT FROM WHERE",
    "400, 62, ''",
    "400, 43, SELECT 1 + 'a' + [1]"
  })
  void error_hasStatusCodeAndText(int status, String code, String query) throws Exception {
    HttpResponse<byte[]> response = post(Map.of(), bytes(query));
    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(code(response)).isEqualTo(code);
    assertThat(text(response)).startsWith("Code: " + code + ". DB::Exception: ");
    assertThat(text(response).strip()).matches("(?s).*\\(version [0-9.]+ \\(official build\\)\\)");
  }

  @Test
  void headers_describeTheResult() throws Exception {
    sql(TABLE);
    HttpResponse<byte[]> insert =
        post(Map.of("query_id", "q-1"), bytes("INSERT INTO contract.t VALUES (1), (2), (3)"));
    assertThat(insert.headers().firstValue("X-ClickHouse-Query-Id")).hasValue("q-1");
    assertThat(insert.headers().firstValue("X-ClickHouse-Summary").orElse(""))
        .contains("\"written_rows\":\"3\"");
    HttpResponse<byte[]> select =
        post(Map.of(), bytes("SELECT n FROM contract.t"), "X-ClickHouse-Format", "JSONEachRow");
    assertThat(select.headers().firstValue("X-ClickHouse-Format")).hasValue("JSONEachRow");
    assertThat(select.headers().firstValue("X-ClickHouse-Summary").orElse(""))
        .contains("\"read_rows\":\"3\"");
    assertThat(select.headers().firstValue("X-ClickHouse-Timezone")).isPresent();
    assertThat(text(select)).startsWith("{\"n\":");
    HttpResponse<byte[]> byDefault = post(Map.of("default_format", "CSV"), bytes("SELECT 'a', 1"));
    assertThat(text(byDefault)).isEqualTo("\"a\",1\n");
  }

  /** Trap: libchdb repeats header and footer of a format in every chunk. */
  @ParameterizedTest
  @CsvSource({
    "TabSeparated, 300000",
    "TabSeparatedWithNames, 300001",
    "TabSeparatedWithNamesAndTypes, 300002",
    "CSV, 300000",
    "CSVWithNames, 300001",
    "JSONEachRow, 300000",
    "JSONCompactEachRowWithNamesAndTypes, 300002"
  })
  void largeResult_isOneDocument(String format, long lines) throws Exception {
    HttpResponse<byte[]> response = largeResult(format);
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(text(response).lines().count()).isEqualTo(lines);
  }

  @Test
  void largeResult_inJson_isOneDocument() throws Exception {
    JsonNode document = new ObjectMapper().readTree(largeResult("JSONCompact").body());
    assertThat(document.get("rows").asLong()).isEqualTo(300_000);
    assertThat(document.get("data")).hasSize(300_000);
  }

  private HttpResponse<byte[]> largeResult(String format) throws Exception {
    return post(
        Map.of("max_block_size", "65409"),
        bytes("SELECT number AS n, 'x' AS s FROM numbers(300000) FORMAT " + format));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Native", "RowBinaryWithNamesAndTypes", "Parquet", "ArrowStream"})
  void binaryResult_insertsBackWhole(String format) throws Exception {
    sql("CREATE TABLE contract.t (n UInt64, s String) ENGINE = MergeTree ORDER BY n");
    byte[] result =
        post(
                Map.of("max_block_size", "65409"),
                bytes("SELECT number AS n, toString(n) AS s FROM numbers(300000) FORMAT " + format))
            .body();
    HttpResponse<byte[]> insert =
        post(Map.of("query", "INSERT INTO contract.t FORMAT " + format), result);
    assertThat(insert.statusCode()).as(text(insert)).isEqualTo(200);
    assertThat(sql("SELECT count(), sum(n), sum(length(s)) FROM contract.t"))
        .isEqualTo("300000\t44999850000\t1688890");
  }

  private static String code(HttpResponse<byte[]> response) throws IOException {
    return response.headers().firstValue("X-ClickHouse-Exception-Code").orElse("none");
  }
}
