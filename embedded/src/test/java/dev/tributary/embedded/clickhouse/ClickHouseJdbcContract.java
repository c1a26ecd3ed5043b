package dev.tributary.embedded.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;

/** clickhouse-jdbc 0.11.0 against the HTTP interface. */
abstract class ClickHouseJdbcContract extends ClickHouseHttpContract {

  private Connection connect() throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", endpoint().user());
    properties.setProperty("password", endpoint().password());
    return DriverManager.getConnection(
        "jdbc:clickhouse:" + endpoint().url() + "/" + DATABASE, properties);
  }

  @Test
  void select_literal() throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT 1 AS a, 'x''y\\n' AS b")) {
      assertThat(rows.next()).isTrue();
      assertThat(rows.getInt("a")).isEqualTo(1);
      assertThat(rows.getString("b")).isEqualTo("x'y\n");
      assertThat(rows.next()).isFalse();
    }
  }

  @Test
  void metadata_productAndTables() throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE t (a Int32) ENGINE = MergeTree ORDER BY a");
      assertThat(connection.getMetaData().getDatabaseProductName()).isEqualTo("ClickHouse");
      assertThat(connection.getMetaData().getDatabaseMajorVersion()).isGreaterThanOrEqualTo(25);
      assertThat(connection.isValid(5)).isTrue();
      List<String> tables = new ArrayList<>();
      try (ResultSet rows = connection.getMetaData().getTables(null, DATABASE, "%", null)) {
        while (rows.next()) {
          tables.add(rows.getString("TABLE_NAME"));
        }
      }
      assertThat(tables).containsExactly("t");
    }
  }

  @Test
  void preparedBatch_everyTypeWeUse() throws SQLException {
    LocalDateTime time = LocalDateTime.of(2026, 2, 3, 4, 5, 6, 123_456_000);
    BigDecimal cost = new BigDecimal("12345678901234567890.123456789012345678");
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE t (id UInt64, cost Decimal(38, 18), missing Nullable(Decimal(38, 18)),"
              + " at DateTime64(6, 'UTC'), day Date, team LowCardinality(String),"
              + " tags Map(LowCardinality(String), String), buckets Array(Int64),"
              + " note Nullable(String)) ENGINE = MergeTree ORDER BY id");
      try (PreparedStatement insert =
          connection.prepareStatement("INSERT INTO t VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
        for (int id = 1; id <= 3; id++) {
          insert.setLong(1, id);
          insert.setBigDecimal(2, cost.add(BigDecimal.valueOf(id)));
          insert.setNull(3, Types.DECIMAL);
          insert.setObject(4, time.plusNanos(id * 1000L));
          insert.setObject(5, LocalDate.of(2026, 2, id));
          insert.setString(6, "team-" + id);
          insert.setObject(7, Map.of("k", "it's \"" + id + "\"\n\n;"));
          insert.setObject(8, new long[] {id, -id});
          insert.setString(9, id == 2 ? null : "n\\" + id);
          insert.addBatch();
        }
        assertThat(insert.executeBatch()).hasSize(3);
      }
      try (ResultSet rows = statement.executeQuery("SELECT * FROM t ORDER BY id")) {
        for (int id = 1; id <= 3; id++) {
          assertThat(rows.next()).isTrue();
          assertThat(rows.getLong("id")).isEqualTo(id);
          assertThat(rows.getBigDecimal("cost")).isEqualTo(cost.add(BigDecimal.valueOf(id)));
          assertThat(rows.getBigDecimal("missing")).isNull();
          assertThat(rows.getObject("at", LocalDateTime.class))
              .isEqualTo(time.plusNanos(id * 1000L));
          assertThat(rows.getObject("day", LocalDate.class)).isEqualTo(LocalDate.of(2026, 2, id));
          assertThat(rows.getString("team")).isEqualTo("team-" + id);
          assertThat(rows.getObject("tags")).isEqualTo(Map.of("k", "it's \"" + id + "\"\n\n;"));
          assertThat((Object[]) rows.getArray("buckets").getArray())
              .containsExactly((long) id, (long) -id);
          assertThat(rows.getString("note")).isEqualTo(id == 2 ? null : "n\\" + id);
        }
        assertThat(rows.next()).isFalse();
      }
    }
  }

  @Test
  void preparedQuery_parameters() throws SQLException {
    try (Connection connection = connect();
        PreparedStatement query =
            connection.prepareStatement(
                "SELECT count() AS n FROM numbers(100) WHERE number < ? AND ? = 'a;b''c'")) {
      query.setInt(1, 7);
      query.setString(2, "a;b'c");
      try (ResultSet rows = query.executeQuery()) {
        assertThat(rows.next()).isTrue();
        assertThat(rows.getLong("n")).isEqualTo(7);
      }
    }
  }

  @Test
  void insert_updateCount() throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE t (a Int32) ENGINE = MergeTree ORDER BY a");
      assertThat(statement.executeUpdate("INSERT INTO t SELECT number FROM numbers(5)"))
          .isEqualTo(5);
      assertThat(statement.executeUpdate("INSERT INTO t VALUES (1), (2)")).isEqualTo(2);
    }
  }

  /** Chunks of a streamed result each carry a header: more than two of them must read as one. */
  @Test
  void largeResult_readsAsOne() throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT number AS n, toString(number) AS s FROM numbers(500000)")) {
      long count = 0;
      long sum = 0;
      while (rows.next()) {
        count++;
        sum += rows.getLong("n");
        assertThat(rows.getString("s").length()).isLessThanOrEqualTo(6);
      }
      assertThat(count).isEqualTo(500_000);
      assertThat(sum).isEqualTo(500_000L * 499_999 / 2);
    }
  }

  @Test
  void emptyResult_hasColumns() throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT 1 AS a, 'x' AS b WHERE 0")) {
      assertThat(rows.getMetaData().getColumnCount()).isEqualTo(2);
      assertThat(rows.getMetaData().getColumnName(2)).isEqualTo("b");
      assertThat(rows.next()).isFalse();
    }
  }

  @Test
  void unknownTable_hasCode60() throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      assertThatThrownBy(() -> statement.executeQuery("SELECT * FROM nowhere"))
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getErrorCode()).isEqualTo(60))
          .hasMessageContaining("nowhere");
    }
  }

  @Test
  void showAndDescribe_haveRows() throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE t (a Int32, b String) ENGINE = MergeTree ORDER BY a");
      try (ResultSet rows = statement.executeQuery("SHOW TABLES")) {
        assertThat(rows.next()).isTrue();
        assertThat(rows.getString(1)).isEqualTo("t");
      }
      try (ResultSet rows = statement.executeQuery("DESCRIBE TABLE t")) {
        assertThat(rows.next()).isTrue();
        assertThat(rows.getString("name")).isEqualTo("a");
      }
    }
  }
}
