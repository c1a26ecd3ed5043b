package dev.tributary.embedded.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.clickhouse.client.api.Client;
import com.clickhouse.client.api.ServerException;
import com.clickhouse.client.api.insert.InsertResponse;
import com.clickhouse.client.api.insert.InsertSettings;
import com.clickhouse.client.api.query.GenericRecord;
import com.clickhouse.client.api.query.QueryResponse;
import com.clickhouse.client.api.query.QuerySettings;
import com.clickhouse.data.ClickHouseFormat;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** client-v2 0.11.0 against the HTTP interface, as the sink uses it. */
abstract class ClickHouseClientContract extends ClickHouseHttpContract {

  private Client.Builder client() {
    return new Client.Builder()
        .addEndpoint(endpoint().url().toString())
        .setUsername(endpoint().user())
        .setPassword(endpoint().password())
        .setDefaultDatabase(DATABASE);
  }

  @Test
  void ping_answers() {
    try (Client client = client().build()) {
      assertThat(client.ping()).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource({"false,false,false", "true,true,false", "true,true,true", "false,true,true"})
  void nativeInsert_isReadBack(boolean client, boolean server, boolean http) throws Exception {
    sql("CREATE TABLE contract.t (n Int64) ENGINE = MergeTree ORDER BY n");
    byte[] block = NativeBlock.ofInt64("n", 0, 100_000);
    try (Client it =
        client()
            .compressClientRequest(client)
            .compressServerResponse(server)
            .useHttpCompression(http)
            .build()) {
      try (InsertResponse response =
          it.insert("t", new ByteArrayInputStream(block), ClickHouseFormat.Native)
              .get(60, TimeUnit.SECONDS)) {
        assertThat(response.getWrittenRows()).isEqualTo(100_000);
      }
      List<GenericRecord> rows = it.queryAll("SELECT count() AS c, sum(n) AS s FROM t");
      assertThat(rows).hasSize(1);
      assertThat(rows.get(0).getLong("c")).isEqualTo(100_000);
      assertThat(rows.get(0).getLong("s")).isEqualTo(100_000L * 99_999 / 2);
    }
  }

  @Test
  void largeQuery_readsAsOne() throws Exception {
    try (Client it = client().build()) {
      List<GenericRecord> rows = it.queryAll("SELECT number AS n FROM numbers(200000)");
      assertThat(rows).hasSize(200_000);
      assertThat(rows.get(199_999).getLong("n")).isEqualTo(199_999);
    }
  }

  @Test
  @SuppressWarnings("try") // QueryResponse.close() declares Exception
  void query_formatAndParameters() throws Exception {
    try (Client it = client().build();
        QueryResponse response =
            it.query(
                    "SELECT {a:Int32} + 1, {b:String}",
                    Map.of("a", 41, "b", "x'y"),
                    new QuerySettings().setFormat(ClickHouseFormat.TabSeparated))
                .get(60, TimeUnit.SECONDS)) {
      assertThat(new String(response.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .isEqualTo("42\tx\\'y\n");
    }
  }

  /** The sink's promise rests on it: same token, dropped; other token, inserted. */
  @Test
  void insertToken_deduplicates() throws Exception {
    sql(
        "CREATE TABLE contract.t (n Int64) ENGINE = MergeTree ORDER BY n"
            + " SETTINGS non_replicated_deduplication_window = 1000");
    byte[] block = NativeBlock.ofInt64("n", 0, 10);
    try (Client it = client().build()) {
      for (String token : List.of("topic-0-0-9", "topic-0-0-9", "topic-0-10-19")) {
        it.insert(
                "t",
                new ByteArrayInputStream(block),
                ClickHouseFormat.Native,
                new InsertSettings().setDeduplicationToken(token))
            .get(60, TimeUnit.SECONDS)
            .close();
      }
    }
    assertThat(sql("SELECT count() FROM contract.t")).isEqualTo("20");
  }

  /** Negative control: with the default window of a plain MergeTree the token does nothing. */
  @Test
  void insertToken_withoutWindow_duplicates() throws Exception {
    sql("CREATE TABLE contract.t (n Int64) ENGINE = MergeTree ORDER BY n");
    byte[] block = NativeBlock.ofInt64("n", 0, 10);
    try (Client it = client().build()) {
      for (int i = 0; i < 2; i++) {
        it.insert(
                "t",
                new ByteArrayInputStream(block),
                ClickHouseFormat.Native,
                new InsertSettings().setDeduplicationToken("topic-0-0-9"))
            .get(60, TimeUnit.SECONDS)
            .close();
      }
    }
    assertThat(sql("SELECT count() FROM contract.t")).isEqualTo("20");
  }

  @Test
  void error_carriesCode() {
    try (Client it = client().build()) {
      assertThatThrownBy(() -> it.queryAll("SELECT * FROM nowhere"))
          .satisfies(e -> assertThat(serverException(e).getCode()).isEqualTo(60));
      assertThatThrownBy(
              () ->
                  it.insert(
                          "nowhere",
                          new ByteArrayInputStream(NativeBlock.ofInt64("n", 0, 10)),
                          ClickHouseFormat.Native)
                      .get(60, TimeUnit.SECONDS))
          .satisfies(e -> assertThat(serverException(e).getCode()).isEqualTo(60));
    }
  }

  @Test
  void tableSchema_isRead() throws Exception {
    sql("CREATE TABLE contract.t (a Int32, b Nullable(String)) ENGINE = MergeTree ORDER BY a");
    try (Client it = client().build()) {
      assertThat(it.getTableSchema("t").getColumns())
          .extracting(column -> column.getColumnName() + " " + column.getOriginalTypeName())
          .containsExactly("a Int32", "b Nullable(String)");
    }
  }

  private static ServerException serverException(Throwable thrown) {
    for (Throwable at = thrown; at != null; at = at.getCause()) {
      if (at instanceof ServerException found) {
        return found;
      }
    }
    throw new AssertionError("no ServerException", thrown);
  }
}
