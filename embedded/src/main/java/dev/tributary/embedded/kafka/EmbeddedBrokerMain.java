package dev.tributary.embedded.kafka;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * The embedded broker in a process of its own, for benchmarks and for tests that kill it.
 *
 * <p>Arguments: {@code <dataDir> [port] [broker.property=value …]}. When the broker serves clients
 * it prints one line, {@code READY 127.0.0.1:<port>}, to standard output. It stops at the end of
 * standard input (so a child never outlives its parent) or at SIGTERM. Exit codes: 0 stopped, 1
 * could not start, 2 wrong arguments.
 */
public final class EmbeddedBrokerMain {

  /** First word of the one line on standard output; the address follows after a blank. */
  public static final String READY = "READY";

  private EmbeddedBrokerMain() {}

  /** Runs until standard input ends. */
  public static void main(String[] args) throws IOException {
    EmbeddedBroker.Options options;
    try {
      options = parse(args);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.err.println("usage: EmbeddedBrokerMain <dataDir> [port] [broker.property=value ...]");
      System.exit(2);
      return;
    }
    try (EmbeddedBroker broker = EmbeddedBroker.start(options)) {
      Runtime.getRuntime().addShutdownHook(new Thread(broker::close, "embedded-broker-stop"));
      System.out.println(READY + " " + broker.bootstrapServers());
      System.out.flush();
      awaitEnd(System.in);
    } catch (EmbeddedBrokerException e) {
      System.err.println(e.getMessage());
      System.exit(1);
    }
    System.exit(0);
  }

  private static EmbeddedBroker.Options parse(String[] args) {
    if (args.length == 0) {
      throw new IllegalArgumentException("the data directory is missing");
    }
    int port = 0;
    Map<String, String> properties = new HashMap<>();
    for (int i = 1; i < args.length; i++) {
      int equals = args[i].indexOf('=');
      if (equals > 0) {
        properties.put(args[i].substring(0, equals), args[i].substring(equals + 1));
      } else if (i == 1 && args[i].matches("\\d{1,5}")) {
        port = Integer.parseInt(args[i]);
      } else {
        throw new IllegalArgumentException("not a port or a property=value: " + args[i]);
      }
    }
    return new EmbeddedBroker.Options(Path.of(args[0]), port, properties);
  }

  private static void awaitEnd(InputStream in) throws IOException {
    byte[] ignored = new byte[256];
    int read;
    do {
      read = in.read(ignored);
    } while (read >= 0);
  }
}
