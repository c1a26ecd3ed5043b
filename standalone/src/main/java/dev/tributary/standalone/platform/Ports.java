package dev.tributary.standalone.platform;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Ports on the loopback interface.
 *
 * @param otlp OTLP over HTTP
 * @param clickHouse ClickHouse's HTTP interface
 * @param kafka Kafka
 * @param registry schema registry
 * @param health {@code /live /ready /metrics}
 * @param console web console
 */
public record Ports(int otlp, int clickHouse, int kafka, int registry, int health, int console) {
  private static final int COUNT = 6;

  /** The ports that clients try by default. */
  public static final Ports USUAL = new Ports(4318, 8123, 9092, 8081, 8090, 8080);

  /**
   * Consecutive ports from a base on, or the usual ones.
   *
   * @param base first port; null: the usual ones
   */
  public static Ports from(@Nullable Integer base) {
    if (base == null) {
      return USUAL;
    }
    if (base < 1 || base + COUNT - 1 > 65_535) {
      throw new PlatformException(
          "--port-base %d: must be 1 to %d".formatted(base, 65_535 - COUNT + 1));
    }
    return new Ports(base, base + 1, base + 2, base + 3, base + 4, base + 5);
  }

  /**
   * The same with another port for the console: its usual one is much used.
   *
   * @param port null: as they are
   */
  public Ports withConsole(@Nullable Integer port) {
    if (port == null) {
      return this;
    }
    if (port < 1 || port > 65_535) {
      throw new PlatformException("--console-port %d: must be 1 to 65535".formatted(port));
    }
    return new Ports(otlp, clickHouse, kafka, registry, health, port);
  }

  /**
   * Refuses with one line when a port is in use, before anything is started.
   *
   * @param withClickHouse false: a server of the user's listens for ClickHouse, perhaps there
   */
  void checkFree(boolean withClickHouse) {
    Map<String, Integer> named = new LinkedHashMap<>();
    named.put("OTLP", otlp);
    if (withClickHouse) {
      named.put("ClickHouse", clickHouse);
    }
    named.put("Kafka", kafka);
    named.put("schema registry", registry);
    named.put("health", health);
    named.forEach((name, port) -> checkFree(name, port, "others with --port-base N"));
    checkFree("console", console, "another with --console-port N");
  }

  private static void checkFree(String name, int port, String choice) {
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    } catch (IOException e) {
      throw new PlatformException(
          "port %d (%s) is in use; choose %s".formatted(port, name, choice));
    }
  }
}
