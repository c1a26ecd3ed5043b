package dev.tributary.embedded.clickhouse;

import com.sun.net.httpserver.HttpServer;
import dev.tributary.embedded.http.StalledClients;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * The child JVM: the engine behind ClickHouse's HTTP interface on 127.0.0.1. It reads {@link
 * ChildSettings} from standard input, prints one line when it is ready or when it cannot start, and
 * ends with its parent (end of standard input) or on SIGTERM.
 */
public final class ChdbServerMain {

  /** Starts the line {@code READY <port> <version>} on standard output. */
  static final String READY = "tributary-clickhouse ready ";

  /** Starts the line with the reason on standard output. */
  static final String FAILED = "tributary-clickhouse failed ";

  private static final Duration DRAIN = Duration.ofSeconds(5);

  /** A child whose parent was killed drains its statements, and lets go. */
  private static final Duration WAIT_FOR_LOCK = DRAIN.plusSeconds(5);

  private static final Duration LOCK_POLL = Duration.ofMillis(50);
  private static final int ACCEPT_BACKLOG = 128;

  /** Threads run the engine's parser and analyzer, which recurse deeply. */
  private static final long WORKER_STACK_BYTES = 8L << 20;

  /** Kept reachable: a collected channel would release the lock. */
  private static final List<FileLock> LOCKS = new CopyOnWriteArrayList<>();

  private ChdbServerMain() {}

  /** Runs until the parent ends or SIGTERM. */
  public static void main(String[] args) throws IOException {
    LibC.leaveTerminal();
    DataInputStream in = new DataInputStream(System.in);
    ChildSettings settings = ChildSettings.readFrom(in);
    try {
      String ready = serve(settings);
      System.out.println(READY + ready);
    } catch (EngineException e) {
      exitFailed(e.text());
    } catch (IOException e) {
      exitFailed(String.valueOf(e.getMessage()));
    } catch (UnsatisfiedLinkError e) {
      exitFailed("cannot load " + settings.library() + ": " + e.getMessage());
    }
    waitForParent(in);
    System.exit(0);
  }

  private static void exitFailed(String reason) {
    System.out.println(FAILED + reason.replace('\n', ' '));
    System.out.flush();
    Runtime.getRuntime().halt(1);
  }

  /** The parent writes nothing more; the end of the stream means that it is gone. */
  private static void waitForParent(DataInputStream in) {
    try {
      in.transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      System.err.println("standard input broke, the parent is gone: " + e.getMessage());
    }
  }

  private static String serve(ChildSettings settings) throws IOException, EngineException {
    Files.createDirectories(settings.dataDir());
    lock(settings.dataDir());
    Path config = EngineConfigFile.write(settings.dataDir(), settings.maxMemoryBytes());
    DeduplicationLogs.mend(settings.dataDir());
    Chdb.load(settings.library());
    ChdbEngine engine = ChdbEngine.start(settings.dataDir(), config, settings.connections());
    HttpServer server =
        HttpServer.create(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), settings.port()),
            ACCEPT_BACKLOG);
    // Twice as many as statements can run, so that waiting requests do not keep /ping waiting.
    ExecutorService workers =
        Executors.newFixedThreadPool(settings.connections() * 2, threads("clickhouse-http-"));
    StalledClients stalled = new StalledClients("clickhouse-http-clock", settings.patience());
    server.setExecutor(task -> workers.execute(stalled.with(task)));
    server
        .createContext("/", new ClickHouseHttpHandler(engine, settings.user(), settings.password()))
        .getFilters()
        .add(StalledClients.filter());
    Runtime.getRuntime().addShutdownHook(new Thread(() -> shutDown(server, engine), "shutdown"));
    server.start();
    return server.getAddress().getPort() + " " + engine.version();
  }

  /** Held for the life of the process; the system releases it also after kill -9. */
  private static void lock(Path dataDir) throws IOException {
    FileChannel channel =
        FileChannel.open(
            dataDir.resolve("tributary.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    long deadline = System.nanoTime() + WAIT_FOR_LOCK.toNanos();
    FileLock lock = channel.tryLock();
    while (lock == null && System.nanoTime() < deadline) {
      LockSupport.parkNanos(LOCK_POLL.toNanos());
      lock = channel.tryLock();
    }
    if (lock == null) {
      channel.close();
      throw new IOException(
          "the ClickHouse data path " + dataDir + " is in use by another process");
    }
    LOCKS.add(lock);
  }

  private static void shutDown(HttpServer server, ChdbEngine engine) {
    server.stop(0);
    try {
      if (!engine.closeWithin(DRAIN)) {
        System.err.println("statements still running after " + DRAIN + ": ending without them");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static ThreadFactory threads(String prefix) {
    AtomicInteger number = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(null, task, prefix + number.incrementAndGet(), WORKER_STACK_BYTES);
      thread.setDaemon(true);
      return thread;
    };
  }
}
