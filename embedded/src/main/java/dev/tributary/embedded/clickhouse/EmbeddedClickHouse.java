package dev.tributary.embedded.clickhouse;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A ClickHouse engine in a child JVM, behind ClickHouse's HTTP interface on 127.0.0.1. Use any
 * ClickHouse client with {@link #httpUrl}. A child that dies is started again on the same port and
 * data: clients see refused connections for about a second and retry. One that dies eleven times,
 * never a minute after its start, is given up. Thread-safe.
 *
 * <p>Data is at-least-once after a kill of the child: no acknowledged INSERT is lost, an
 * unacknowledged one may be there. Loss of power is not covered.
 */
public final class EmbeddedClickHouse implements AutoCloseable {

  /**
   * How to run the engine.
   *
   * @param dataDir where data lives; owned by one process at a time, created when missing
   * @param port 0 for any free port; the port stays the same over restarts of the child
   * @param user the only user
   * @param password null to accept every local caller; otherwise every request without user and
   *     password is refused (403, code 516)
   * @param maxMemoryBytes the engine's {@code max_server_memory_usage}; the process takes about 150
   *     MB beside it
   * @param maxStatements how many statements run at the same time; further ones wait up to 60 s
   * @param library libchdb's path, or null to look it up and install it, see {@link ChdbLibrary}
   * @param startTimeout how long the child may take until it serves
   * @param patience how long a client may send and read nothing in the middle of a request, until
   *     its connection is closed; a statement may run longer
   */
  public record Options(
      Path dataDir,
      int port,
      String user,
      @Nullable String password,
      long maxMemoryBytes,
      int maxStatements,
      @Nullable Path library,
      Duration startTimeout,
      Duration patience) {

    /** Less and the engine cannot merge parts. */
    private static final long MIN_MEMORY_BYTES = 256L << 20;

    public Options {
      Objects.requireNonNull(dataDir, "dataDir");
      Objects.requireNonNull(user, "user");
      if (port < 0 || port > 65_535) {
        throw new IllegalArgumentException("port must be within 0..65535: " + port);
      }
      if (maxMemoryBytes < MIN_MEMORY_BYTES) {
        throw new IllegalArgumentException(
            "maxMemoryBytes must be at least " + MIN_MEMORY_BYTES + ": " + maxMemoryBytes);
      }
      if (maxStatements < 1 || maxStatements > 64) {
        throw new IllegalArgumentException("maxStatements must be within 1..64: " + maxStatements);
      }
    }

    /** Any port, no password, 1 GiB, 8 statements at a time, 60 s to start, 5 min of patience. */
    public static Options at(Path dataDir) {
      return new Options(
          dataDir,
          0,
          "default",
          null,
          1L << 30,
          8,
          null,
          Duration.ofSeconds(60),
          Duration.ofMinutes(5));
    }

    /** The same on a given port. */
    public Options withPort(int newPort) {
      return new Options(
          dataDir,
          newPort,
          user,
          password,
          maxMemoryBytes,
          maxStatements,
          library,
          startTimeout,
          patience);
    }

    /** The same for one user with a password. */
    public Options withCredentials(String newUser, String newPassword) {
      return new Options(
          dataDir,
          port,
          newUser,
          newPassword,
          maxMemoryBytes,
          maxStatements,
          library,
          startTimeout,
          patience);
    }

    /** The same with another bound on the engine's memory. */
    public Options withMaxMemoryBytes(long bytes) {
      return new Options(
          dataDir, port, user, password, bytes, maxStatements, library, startTimeout, patience);
    }

    /** The same with another patience. */
    public Options withPatience(Duration newPatience) {
      return new Options(
          dataDir,
          port,
          user,
          password,
          maxMemoryBytes,
          maxStatements,
          library,
          startTimeout,
          newPatience);
    }

    /** Everything but the password. */
    @Override
    public String toString() {
      return "Options[dataDir=%s, port=%d, user=%s, password=%s, maxMemoryBytes=%d, maxStatements=%d]"
          .formatted(
              dataDir,
              port,
              user,
              password == null ? "none" : "***",
              maxMemoryBytes,
              maxStatements);
    }
  }

  private final int port;
  private final Supervisor supervisor;

  private EmbeddedClickHouse(int port, Supervisor supervisor) {
    this.port = port;
    this.supervisor = supervisor;
  }

  /**
   * Starts the engine and waits until it serves; installs the library on first use.
   *
   * @throws EmbeddedClickHouseException when it does not start: no npm, no such platform, the data
   *     path in use by another process, the port taken
   */
  public static EmbeddedClickHouse start(Options options) {
    Path configured = options.library();
    Path library = configured == null ? ChdbLibrary.locate() : configured.toAbsolutePath();
    ChildProcess child =
        ChildProcess.start(settings(options, library, options.port()), options.startTimeout());
    int port = child.port();
    Supervisor supervisor =
        new Supervisor(
            child,
            () -> ChildProcess.start(settings(options, library, port), options.startTimeout()),
            time -> Thread.sleep(time.toMillis()));
    supervisor.start();
    return new EmbeddedClickHouse(port, supervisor);
  }

  private static ChildSettings settings(Options options, Path library, int port) {
    return new ChildSettings(
        library,
        options.dataDir().toAbsolutePath().normalize(),
        port,
        options.user(),
        options.password(),
        options.maxMemoryBytes(),
        options.maxStatements(),
        options.patience());
  }

  /** {@code http://127.0.0.1:<port>}, the same over restarts of the child. */
  public URI httpUrl() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** The process id of the present child; changes when it was started again. */
  public long pid() {
    return supervisor.child().pid();
  }

  /**
   * Whether the child runs now. False between a crash and the restart, and after {@link #close}.
   */
  public boolean isAlive() {
    return supervisor.child().isAlive();
  }

  /** How often the child was started again after it died. */
  public int restarts() {
    return supervisor.restarts();
  }

  /** Whether it died so often in a row that it is not started again. */
  public boolean hasGivenUp() {
    return supervisor.hasGivenUp();
  }

  /** Waits until no child is started again any more; true: because this was closed. */
  public boolean awaitEnd() throws InterruptedException {
    return supervisor.awaitEnd();
  }

  /** Ends the child cleanly: running statements have 5 s. Idempotent. */
  @Override
  public void close() {
    supervisor.close();
  }
}
