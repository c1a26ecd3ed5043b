package dev.tributary.embedded.clickhouse;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The engine of this process: one root connection that keeps it up, a bounded pool for requests and
 * one connection per HTTP session. Thread-safe.
 */
final class ChdbEngine implements AutoCloseable {

  private static final Duration WAIT_FOR_CONNECTION = Duration.ofSeconds(60);
  private static final int MAX_SESSIONS = 64;

  private final List<String> arguments;
  private final ChdbConnection root;
  private final int connections;
  private final Semaphore permits;
  private final Deque<ChdbConnection> idle = new ArrayDeque<>();
  private final Map<String, Session> sessions = new HashMap<>();
  private final String version;
  private final String timezone;
  private boolean isClosed;

  private ChdbEngine(List<String> arguments, int connections) throws EngineException {
    this.arguments = arguments;
    this.root = ChdbConnection.open(arguments);
    this.connections = connections;
    this.permits = new Semaphore(connections, true);
    this.version = scalar("SELECT version()");
    this.timezone = scalar("SELECT timezone()");
  }

  /**
   * Boots the engine.
   *
   * @param connections how many statements may run at the same time; further ones wait
   */
  static ChdbEngine start(Path dataDir, Path configFile, int connections) throws EngineException {
    return new ChdbEngine(
        List.of("clickhouse", "--path=" + dataDir, "--config-file=" + configFile), connections);
  }

  /** The engine's ClickHouse version, such as {@code 26.7.2.1}. */
  String version() {
    return version;
  }

  String timezone() {
    return timezone;
  }

  /**
   * A connection of the pool, or the session's own.
   *
   * @param sessionId null for none
   * @param timeout how long an idle session is kept
   * @throws EngineException when all connections stay busy, the session is in use or does not exist
   *     although {@code mustExist}
   */
  Lease acquire(@Nullable String sessionId, Duration timeout, boolean mustExist)
      throws EngineException, InterruptedException {
    if (!permits.tryAcquire(WAIT_FOR_CONNECTION.toMillis(), TimeUnit.MILLISECONDS)) {
      throw EngineException.of(
          202,
          "TOO_MANY_SIMULTANEOUS_QUERIES",
          "Too many simultaneous queries. Maximum: " + connections);
    }
    boolean isLeased = false;
    try {
      Lease lease = sessionId == null ? leasePooled() : leaseSession(sessionId, timeout, mustExist);
      isLeased = true;
      return lease;
    } finally {
      if (!isLeased) {
        permits.release();
      }
    }
  }

  private Lease leasePooled() throws EngineException {
    ChdbConnection pooled;
    synchronized (this) {
      refuseWhenClosed();
      dropExpiredSessions();
      pooled = idle.pollLast();
    }
    return new Lease(pooled != null ? pooled : ChdbConnection.open(arguments), null);
  }

  private synchronized Lease leaseSession(String id, Duration timeout, boolean mustExist)
      throws EngineException {
    refuseWhenClosed();
    dropExpiredSessions();
    Session session = sessions.get(id);
    if (session == null) {
      if (mustExist) {
        throw EngineException.of(372, "SESSION_NOT_FOUND", "Session " + id + " not found");
      }
      if (sessions.size() >= MAX_SESSIONS) {
        throw EngineException.of(
            202, "TOO_MANY_SIMULTANEOUS_QUERIES", "Too many sessions. Maximum: " + MAX_SESSIONS);
      }
      session = new Session(ChdbConnection.open(arguments));
      sessions.put(id, session);
    } else if (session.isBusy) {
      throw EngineException.of(
          373, "SESSION_IS_LOCKED", "Session " + id + " is locked by a concurrent client");
    }
    session.isBusy = true;
    session.leases++;
    session.timeout = timeout;
    return new Lease(session.connection, session);
  }

  private void refuseWhenClosed() throws EngineException {
    if (isClosed) {
      throw EngineException.of(210, "NETWORK_ERROR", "The engine is shutting down");
    }
  }

  private void dropExpiredSessions() {
    long now = System.nanoTime();
    Iterator<Entry<String, Session>> all = sessions.entrySet().iterator();
    while (all.hasNext()) {
      Session session = all.next().getValue();
      if (session.leases == 0 && now - session.lastUsed > session.timeout.toNanos()) {
        session.connection.close();
        all.remove();
      }
    }
  }

  private String scalar(String sql) throws EngineException {
    try (NativeResult result =
        root.query(sql.getBytes(StandardCharsets.UTF_8), "TabSeparatedRaw", Map.of())) {
      return new String(result.bytes(0, (int) result.length()), StandardCharsets.UTF_8).strip();
    }
  }

  /**
   * Waits for running statements and closes the engine.
   *
   * @return false when statements were still running after the wait; nothing is closed then, since
   *     closing a connection under its query aborts the process
   */
  boolean closeWithin(Duration patience) throws InterruptedException {
    synchronized (this) {
      isClosed = true;
    }
    if (!permits.tryAcquire(connections, patience.toMillis(), TimeUnit.MILLISECONDS)) {
      return false;
    }
    close();
    return true;
  }

  /** Closes all connections; none may be leased. */
  @Override
  public synchronized void close() {
    isClosed = true;
    sessions.values().forEach(session -> session.connection.close());
    sessions.clear();
    idle.forEach(ChdbConnection::close);
    idle.clear();
    root.close();
  }

  private static final class Session {
    private final ChdbConnection connection;
    private boolean isBusy;

    /** Requests whose response has not ended: one that runs, others that are still being read. */
    private int leases;

    private Duration timeout = Duration.ZERO;
    private long lastUsed;

    Session(ChdbConnection connection) {
      this.connection = connection;
    }
  }

  /** A connection for the time of one request. */
  final class Lease implements AutoCloseable {
    private final ChdbConnection connection;
    private final @Nullable Session session;
    private boolean isTainted;
    private boolean isSessionFree;

    private Lease(ChdbConnection connection, @Nullable Session session) {
      this.connection = connection;
      this.session = session;
    }

    ChdbConnection connection() {
      return connection;
    }

    boolean isSession() {
      return session != null;
    }

    /** The connection's state may have changed (SET, USE): it must not serve another request. */
    void taint() {
      isTainted = true;
    }

    /**
     * Lets the session's next request in: to be called when the connection has nothing more to do,
     * before the response's end. A client that has the whole response may send the next request at
     * once, and must not find its own session locked.
     */
    void freeSession() {
      synchronized (ChdbEngine.this) {
        if (session == null || isSessionFree) {
          return;
        }
        isSessionFree = true;
        session.isBusy = false;
        if (isTainted) {
          connection.forgetDatabase();
        }
      }
    }

    @Override
    public void close() {
      freeSession();
      giveBack();
      permits.release();
    }

    private void giveBack() {
      synchronized (ChdbEngine.this) {
        if (session != null) {
          session.leases--;
          session.lastUsed = System.nanoTime();
        } else if (isTainted) {
          connection.close();
        } else {
          idle.addLast(connection);
        }
      }
    }
  }
}
