package dev.tributary.sink.clickhouse;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a database to the tables and views of this program. Scripts are applied in order, each
 * once; {@code schema_history} says which, with their checksums. Every statement may be repeated
 * without harm, because ClickHouse has no transaction around DDL: a starter that dies half way
 * leaves the rest to the next.
 */
final class Migrations {
  private static final Logger LOGGER = LoggerFactory.getLogger(Migrations.class);

  private static final String HISTORY =
      """
      CREATE TABLE IF NOT EXISTS schema_history (
        version UInt32, name String, checksum String, applied_at DateTime64(3, 'UTC') DEFAULT now64(3)
      ) ENGINE = MergeTree ORDER BY (version, applied_at)""";

  private final ClickHouseOptions options;
  private final List<Migration> versioned;
  private final Migration views;

  Migrations(ClickHouseOptions options, List<Migration> versioned, Migration views) {
    this.options = options;
    this.versioned = versioned;
    this.views = views;
  }

  /** Brings the configured database up to date. */
  static void apply(ClickHouseOptions options, Duration contentRetention) throws SQLException {
    new Migrations(options, Migration.versioned(), Migration.views()).apply(contentRetention);
  }

  /**
   * Applies what is missing.
   *
   * @throws SinkException a script that was applied has been changed since, or the lock is held
   * @throws SQLException ClickHouse refuses or does not answer
   */
  void apply(Duration contentRetention) throws SQLException {
    try (Connection connection = connect("default")) {
      execute(connection, "CREATE DATABASE IF NOT EXISTS " + options.database());
    }
    try (Connection connection = connect(options.database())) {
      execute(connection, HISTORY);
      MigrationLock.Held lock = new MigrationLock(connection, options.database()).acquire();
      try {
        applyAll(connection);
        keepContent(connection, contentRetention);
      } finally {
        lock.release();
      }
    }
  }

  private void applyAll(Connection connection) throws SQLException {
    Map<Integer, String> applied = history(connection);
    for (Migration migration : versioned) {
      String before = applied.remove(migration.version());
      if (before == null) {
        run(connection, migration);
      } else if (!before.equals(migration.checksum())) {
        throw new SinkException(
            "migration "
                + migration.name()
                + " was changed after it had been applied to database "
                + options.database()
                + ": checksum there "
                + before
                + ", here "
                + migration.checksum());
      }
    }
    if (!views.checksum().equals(applied.remove(views.version()))) {
      run(connection, views);
    }
    if (!applied.isEmpty()) {
      LOGGER
          .atWarn()
          .addKeyValue("database", options.database())
          .addKeyValue("versions", applied.keySet())
          .log("the database has migrations of a newer program; loading goes on");
    }
  }

  /** The last checksum of each version. */
  private static Map<Integer, String> history(Connection connection) throws SQLException {
    Map<Integer, String> checksums = new HashMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT version, argMax(checksum, applied_at) FROM schema_history GROUP BY version")) {
      while (rows.next()) {
        checksums.put(rows.getInt(1), rows.getString(2));
      }
    }
    return checksums;
  }

  private void run(Connection connection, Migration migration) throws SQLException {
    for (String statement : migration.statements()) {
      execute(connection, statement);
    }
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO schema_history (version, name, checksum) VALUES (?, ?, ?)")) {
      insert.setInt(1, migration.version());
      insert.setString(2, migration.name());
      insert.setString(3, migration.checksum());
      insert.executeUpdate();
    }
    LOGGER
        .atInfo()
        .addKeyValue("database", options.database())
        .addKeyValue("migration", migration.name())
        .log("applied");
  }

  /** Text is kept as long as configured; altered only where the table says otherwise. */
  private void keepContent(Connection connection, Duration retention) throws SQLException {
    String ttl = "toDateTime(event_time) + toIntervalDay(" + retention.toDays() + ")";
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT create_table_query FROM system.tables WHERE database = '"
                    + options.database()
                    + "' AND name = 'span_content'")) {
      if (!row.next() || row.getString(1).contains(ttl)) {
        return;
      }
    }
    execute(connection, "ALTER TABLE span_content MODIFY TTL " + ttl);
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private Connection connect(String database) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", options.user());
    properties.setProperty("password", options.password());
    properties.setProperty("socket_timeout", Long.toString(options.timeout().toMillis()));
    String url = "jdbc:clickhouse:" + options.url() + "/" + database;
    return DriverManager.getConnection(url, properties);
  }
}
