package dev.tributary.embedded.kafka;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.BrokerIdNotRegisteredException;
import org.apache.kafka.common.utils.Exit;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.Feature;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * A Kafka broker and its controller in this process, on loopback only, with its data in one
 * directory.
 *
 * <p>Starting again on the same directory keeps topics, records, offsets and open transactions,
 * after {@link #close()} as well as after a SIGKILL of the process (Kafka does not fsync each
 * record, the operating system's page cache survives the process; a loss of power may lose the last
 * seconds). The ports may differ between starts.
 *
 * <p>Uses Kafka's internal classes {@code Formatter} and {@code KafkaRaftServer} (4.3.1); no other
 * class may. Not thread-safe, except {@link #close()}, which may be called from a shutdown hook.
 */
public final class EmbeddedBroker implements AutoCloseable {

  private static final String HOST = "127.0.0.1";
  private static final int NODE_ID = 1;

  /** A port found free can be taken by another process before Kafka binds it: try a few others. */
  private static final int BIND_ATTEMPTS = 5;

  private static final int UNREGISTER_TIMEOUT_S = 30;

  /** Less than a segment of a log or its index may ask for at once. */
  private static final long FULL_BELOW_MIB = 64;

  private final KafkaRaftServer server;
  private final String bootstrapServers;
  private final AtomicBoolean closed = new AtomicBoolean();

  private EmbeddedBroker(KafkaRaftServer server, int port) {
    this.server = server;
    this.bootstrapServers = HOST + ":" + port;
  }

  /**
   * What a broker is started with.
   *
   * @param dataDir folder of log segments and cluster metadata; created when absent; one broker at
   *     a time (Kafka holds a lock file)
   * @param port TCP port of the client listener on 127.0.0.1, 0 for any free one
   * @param brokerProperties Kafka broker settings that override or extend the embedded defaults
   */
  public record Options(Path dataDir, int port, Map<String, String> brokerProperties) {

    /** Checks the port and copies the settings. */
    public Options {
      requireNonNull(dataDir, "dataDir");
      brokerProperties = Map.copyOf(brokerProperties);
      if (port < 0 || port > 65_535) {
        throw new IllegalArgumentException("port must be 0 (any) to 65535: " + port);
      }
    }

    /** The embedded defaults, without overrides. */
    public Options(Path dataDir, int port) {
      this(dataDir, port, Map.of());
    }
  }

  /**
   * Formats the directory if it is new, starts the broker and returns when it serves clients.
   *
   * @throws EmbeddedBrokerException when the port is in use, the directory cannot be written or is
   *     in use, or Kafka refuses to start
   */
  public static EmbeddedBroker start(Options options) {
    Path dataDir = options.dataDir().toAbsolutePath().normalize();
    if (options.port() != 0) {
      requireFree(options.port());
    }
    Exit.setHaltProcedure((code, message) -> halt(code, dataDir));
    EmbeddedBrokerException last = null;
    for (int attempt = 1; attempt <= BIND_ATTEMPTS; attempt++) {
      int controllerPort = freePort();
      int clientPort = options.port() != 0 ? options.port() : freePortOtherThan(controllerPort);
      Properties properties = properties(dataDir, clientPort, controllerPort, options);
      formatIfNew(dataDir);
      try {
        if (endedUncleanly(dataDir)) {
          forgetDeadBroker(dataDir, controllerPort);
        }
        return new EmbeddedBroker(startServer(properties, dataDir), clientPort);
      } catch (EmbeddedBrokerException e) {
        if (!isBindFailure(e)) {
          throw e;
        }
        last = e;
      }
    }
    throw new EmbeddedBrokerException(
        "no free port for the embedded broker after " + BIND_ATTEMPTS + " attempts", last);
  }

  /**
   * Kafka ends the process when it cannot write its log. Where the disk is full, that is said on
   * standard error first: what the process logs may go to the same disk.
   */
  private static void halt(int code, Path dataDir) {
    long freeMib = dataDir.toFile().getUsableSpace() >> 20;
    System.err.println(
        freeMib < FULL_BELOW_MIB
            ? "the disk of %s is full (%d MiB are left): free some space and start again; what was taken is kept"
                .formatted(dataDir, freeMib)
            : "Kafka cannot go on with " + dataDir + "; its log says why");
    Runtime.getRuntime().halt(code);
  }

  /** Address for {@code bootstrap.servers}, as {@code 127.0.0.1:port}. */
  public String bootstrapServers() {
    return bootstrapServers;
  }

  /** Stops the broker and waits for it; repeated calls do nothing. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      server.shutdown();
      server.awaitShutdown();
    }
  }

  private static void formatIfNew(Path dataDir) {
    if (Files.exists(dataDir.resolve("meta.properties"))) {
      return;
    }
    try {
      Files.createDirectories(dataDir);
      Formatter formatter =
          new Formatter()
              .setPrintStream(
                  new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8))
              .setNodeId(NODE_ID)
              .setClusterId(Uuid.randomUuid().toString())
              .addDirectory(dataDir.toString())
              .setMetadataLogDirectory(dataDir.toString())
              .setControllerListenerName("CONTROLLER")
              .setSupportedFeatures(Feature.PRODUCTION_FEATURES)
              .setReleaseVersion(MetadataVersion.latestProduction())
              .setIgnoreFormatted(true);
      formatter.run();
    } catch (Exception e) {
      // Formatter.run declares Exception.
      throw new EmbeddedBrokerException("cannot format broker directory " + dataDir, e);
    }
  }

  /** Kafka's log manager leaves this file when it closed all logs, and removes it at start. */
  private static boolean endedUncleanly(Path dataDir) {
    return Files.exists(dataDir.resolve("recovery-point-offset-checkpoint"))
        && !Files.exists(dataDir.resolve(".kafka_cleanshutdown"));
  }

  /**
   * Removes the registration of a broker that was killed, before its successor starts.
   *
   * <p>Kafka 4.3.1 would otherwise start the transaction coordinator from metadata in which the
   * dead broker still leads everything, under its old address, and then fence it when its session
   * runs out. In that moment the partitions have no leader, {@code
   * KRaftMetadataCache.getPartitionLeaderEndpoint} answers as if they were deleted, and the
   * coordinator completes pending transactions without writing their markers: committed records
   * stay invisible and {@code read_committed} readers stop there for ever. {@code
   * EmbeddedBrokerIT.broker_killedWithAnOpenTransaction_keepsCommittedAndAbortsTheRest} shows it. A
   * controller alone, for a moment, unregisters the dead broker; this also saves waiting for its
   * session to end.
   */
  private static void forgetDeadBroker(Path dataDir, int controllerPort) {
    KafkaRaftServer controller =
        startServer(controllerProperties(dataDir, controllerPort), dataDir);
    try (Admin admin = Admin.create(Map.of("bootstrap.controllers", HOST + ":" + controllerPort))) {
      admin.unregisterBroker(NODE_ID).all().get(UNREGISTER_TIMEOUT_S, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      // A broker killed before its first registration has none to remove.
      if (!(e.getCause() instanceof BrokerIdNotRegisteredException)) {
        throw new EmbeddedBrokerException("cannot recover broker directory " + dataDir, e);
      }
    } catch (TimeoutException e) {
      throw new EmbeddedBrokerException("cannot recover broker directory " + dataDir, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EmbeddedBrokerException("interrupted while recovering " + dataDir, e);
    } finally {
      controller.shutdown();
      controller.awaitShutdown();
    }
  }

  private static KafkaRaftServer startServer(Properties properties, Path dataDir) {
    KafkaRaftServer server = null;
    try {
      server = new KafkaRaftServer(KafkaConfig.fromProps(properties, false), Time.SYSTEM);
      server.startup();
      return server;
    } catch (RuntimeException e) {
      if (server != null) {
        server.shutdown();
        server.awaitShutdown();
      }
      throw new EmbeddedBrokerException(
          "embedded broker does not start on " + dataDir + ": " + e.getMessage(), e);
    }
  }

  private static Properties properties(
      Path dataDir, int clientPort, int controllerPort, Options options) {
    Properties p = controllerProperties(dataDir, controllerPort);
    p.setProperty("process.roles", "broker,controller");
    String client = "CLIENT://" + HOST + ":" + clientPort;
    p.setProperty("listeners", client + ",CONTROLLER://" + HOST + ":" + controllerPort);
    p.setProperty("advertised.listeners", client);
    p.setProperty("listener.security.protocol.map", "CLIENT:PLAINTEXT,CONTROLLER:PLAINTEXT");
    p.setProperty("inter.broker.listener.name", "CLIENT");
    singleNode(p);
    smallMachine(p);
    options.brokerProperties().forEach(p::setProperty);
    return p;
  }

  private static Properties controllerProperties(Path dataDir, int controllerPort) {
    Properties p = new Properties();
    p.setProperty("process.roles", "controller");
    p.setProperty("node.id", Integer.toString(NODE_ID));
    p.setProperty("log.dirs", dataDir.toString());
    p.setProperty("listeners", "CONTROLLER://" + HOST + ":" + controllerPort);
    p.setProperty("listener.security.protocol.map", "CONTROLLER:PLAINTEXT");
    p.setProperty("controller.listener.names", "CONTROLLER");
    p.setProperty("controller.quorum.voters", NODE_ID + "@" + HOST + ":" + controllerPort);
    return p;
  }

  /** There is one replica of everything, and no other group member to wait for. */
  private static void singleNode(Properties p) {
    p.setProperty("offsets.topic.replication.factor", "1");
    p.setProperty("transaction.state.log.replication.factor", "1");
    p.setProperty("transaction.state.log.min.isr", "1");
    p.setProperty("share.coordinator.state.topic.replication.factor", "1");
    p.setProperty("share.coordinator.state.topic.min.isr", "1");
    p.setProperty("offsets.topic.num.partitions", "4");
    p.setProperty("transaction.state.log.num.partitions", "4");
    p.setProperty("share.coordinator.state.topic.num.partitions", "1");
    p.setProperty("group.initial.rebalance.delay.ms", "0");
    // Nobody could take over from a fenced broker; fencing it would only take the leaders away
    // for a moment, with the loss that forgetDeadBroker describes. So it outlives long pauses.
    p.setProperty("broker.session.timeout.ms", "3600000");
    p.setProperty("auto.create.topics.enable", "false");
  }

  /** Two cores and little memory are shared with the applications. */
  private static void smallMachine(Properties p) {
    p.setProperty("num.network.threads", "2");
    p.setProperty("num.io.threads", "4");
    p.setProperty("background.threads", "2");
    p.setProperty("num.recovery.threads.per.data.dir", "2");
    p.setProperty("group.coordinator.threads", "1");
    p.setProperty("share.coordinator.threads", "1");
    p.setProperty("log.segment.bytes", Integer.toString(64 * 1024 * 1024));
    // An index is preallocated per open segment: 10 MiB each by default, sparse but mapped.
    p.setProperty("log.index.size.max.bytes", Integer.toString(1024 * 1024));
    p.setProperty("offsets.topic.segment.bytes", Integer.toString(16 * 1024 * 1024));
    p.setProperty("transaction.state.log.segment.bytes", Integer.toString(16 * 1024 * 1024));
    p.setProperty("log.retention.check.interval.ms", "60000");
    p.setProperty("log.cleaner.threads", "1");
    p.setProperty("log.cleaner.dedupe.buffer.size", "16777216");
    p.setProperty("log.cleaner.io.buffer.size", "131072");
    p.setProperty("metadata.log.segment.bytes", Integer.toString(16 * 1024 * 1024));
    // One no-op record per 500 ms by default, only to show an idle quorum is alive.
    p.setProperty("metadata.max.idle.interval.ms", "5000");
    // The transaction of a killed producer holds back read_committed readers until it is aborted:
    // by default that is looked for every 10 s only.
    p.setProperty("transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000");
    // Applications killed in tests shall be missed quickly; the default minimum is 6 s.
    p.setProperty("group.min.session.timeout.ms", "1000");
  }

  private static void requireFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(loopback(), port));
    } catch (IOException e) {
      throw new EmbeddedBrokerException("port " + port + " on " + HOST + " is in use", e);
    }
  }

  private static int freePortOtherThan(int taken) {
    int port = freePort();
    return port != taken ? port : freePort();
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, loopback())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new EmbeddedBrokerException("no free TCP port on " + HOST, e);
    }
  }

  private static InetAddress loopback() throws UnknownHostException {
    return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
  }

  private static boolean isBindFailure(EmbeddedBrokerException failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof java.net.BindException) {
        return true;
      }
    }
    return false;
  }
}
