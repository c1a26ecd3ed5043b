package dev.tributary.sink.clickhouse;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets one starter migrate at a time. ClickHouse has no locks, but creating a table without IF NOT
 * EXISTS succeeds for exactly one of several: the lock is a table. One that its owner left behind
 * is broken after a while by renaming it to a name made of its own id, which again succeeds for
 * exactly one.
 */
final class MigrationLock {
  private static final Logger LOGGER = LoggerFactory.getLogger(MigrationLock.class);

  /** Migrations take seconds; whoever holds the lock longer than this has died. */
  private static final Duration STALE = Duration.ofSeconds(60);

  private static final Duration POLL = Duration.ofMillis(200);
  private static final int TABLE_ALREADY_EXISTS = 57;
  private static final int UNKNOWN_TABLE = 60;

  private final Connection connection;
  private final String database;

  MigrationLock(Connection connection, String database) {
    this.connection = connection;
    this.database = database;
  }

  /** A lock that is held. */
  final class Held {
    private final String id;

    private Held(String id) {
      this.id = id;
    }

    /** Gives the lock back, unless somebody has broken it. */
    void release() throws SQLException {
      if (id.equals(holder())) {
        tryExecute("DROP TABLE schema_lock SYNC", UNKNOWN_TABLE);
      }
    }
  }

  /** Waits until the lock is ours. */
  Held acquire() throws SQLException {
    String id = UUID.randomUUID().toString();
    String seen = "";
    long seenAtNs = System.nanoTime();
    while (true) {
      if (tryExecute(
          "CREATE TABLE schema_lock (at DateTime) ENGINE = Memory COMMENT '" + id + "'",
          TABLE_ALREADY_EXISTS)) {
        return new Held(id);
      }
      String holder = holder();
      if (!holder.equals(seen)) {
        seen = holder;
        seenAtNs = System.nanoTime();
      } else if (!seen.isEmpty() && System.nanoTime() - seenAtNs > STALE.toNanos()) {
        breakLock(seen);
      }
      pause();
    }
  }

  private void breakLock(String id) throws SQLException {
    LOGGER.atWarn().addKeyValue("database", database).addKeyValue("lock", id).log("lock is stale");
    String broken = "schema_lock_broken_" + id.replace('-', '_');
    if (tryExecute("RENAME TABLE schema_lock TO " + broken, TABLE_ALREADY_EXISTS, UNKNOWN_TABLE)) {
      LOGGER.atWarn().addKeyValue("table", broken).log("broke the lock of a starter that died");
    }
  }

  private String holder() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT comment FROM system.tables WHERE database = '"
                    + database
                    + "' AND name = 'schema_lock'")) {
      return row.next() ? row.getString(1) : "";
    }
  }

  /** False where the server answers with one of the codes; throws on any other refusal. */
  private boolean tryExecute(String sql, int... expectedCodes) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
      return true;
    } catch (SQLException e) {
      for (int code : expectedCodes) {
        if (e.getErrorCode() == code
            || String.valueOf(e.getMessage()).contains("Code: " + code + ".")) {
          return false;
        }
      }
      throw e;
    }
  }

  private static void pause() throws SQLException {
    try {
      TimeUnit.NANOSECONDS.sleep(POLL.toNanos());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SQLException("interrupted while waiting for the migration lock", e);
    }
  }
}
