package dev.tributary.standalone.platform;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where a running instance listens.
 *
 * @param otlp base address of OTLP over HTTP
 * @param clickHouse base address of ClickHouse's HTTP interface
 * @param database ClickHouse database
 * @param kafka bootstrap servers
 * @param registry base address of the schema registry
 * @param health base address of {@code /live /ready /metrics}
 * @param console address of the web console
 */
public record Addresses(
    String otlp,
    String clickHouse,
    String database,
    String kafka,
    String registry,
    String health,
    String console) {
  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private static final int CONNECT_MS = 5_000;

  /** Writes them as JSON in one step, so that a reader never sees half a file. */
  public void write(Path file) {
    Path absolute = file.toAbsolutePath();
    Path draft = absolute.resolveSibling(absolute.getFileName() + ".new");
    try {
      Path folder = absolute.getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
      Files.write(draft, MAPPER.writeValueAsBytes(this));
      Files.move(draft, absolute, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new PlatformException("--ready-file " + file + " cannot be written", e);
    }
  }

  /**
   * Addresses of the instance that runs on a data folder.
   *
   * @throws PlatformException when none does
   */
  public static Addresses of(Path dataFolder) {
    Path file = DataFolder.readyFile(dataFolder);
    try {
      return MAPPER.readValue(file.toFile(), Addresses.class);
    } catch (IOException e) {
      throw new PlatformException(
          "no instance runs on --data "
              + dataFolder
              + "; start one with ./tributary up, or name a cluster with --config",
          e);
    }
  }

  /** Whether Kafka is there: an instance that was killed leaves its addresses behind. */
  boolean isAnswering() {
    int colon = kafka.lastIndexOf(':');
    InetSocketAddress address =
        new InetSocketAddress(
            kafka.substring(0, colon), Integer.parseInt(kafka.substring(colon + 1)));
    try (Socket socket = new Socket()) {
      socket.connect(address, CONNECT_MS);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** The table printed when the instance is ready. */
  public String table() {
    Map<String, String> rows = new LinkedHashMap<>();
    rows.put("Console", console);
    rows.put("OTLP over HTTP", otlp + "/v1/traces");
    rows.put("ClickHouse", clickHouse + "  database " + database);
    rows.put("Kafka", kafka);
    rows.put("Schema registry", registry);
    rows.put("Health, metrics", health + "/ready  /metrics");
    StringBuilder table = new StringBuilder();
    rows.forEach((name, value) -> table.append("  %-17s %s%n".formatted(name, value)));
    return table.toString();
  }
}
