package dev.tributary.sink.clickhouse;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.clickhouse.client.api.Client;
import com.clickhouse.client.api.query.GenericRecord;
import dev.tributary.embedded.clickhouse.ChdbLibrary;
import dev.tributary.embedded.clickhouse.EmbeddedClickHouse;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The real engine alone. */
final class EngineFixture implements AutoCloseable {
  private final Path folder;
  private final EmbeddedClickHouse engine;
  private final Client client;

  private EngineFixture(Path folder) {
    this.folder = folder;
    this.engine = EmbeddedClickHouse.start(EmbeddedClickHouse.Options.at(folder));
    this.client =
        new Client.Builder()
            .addEndpoint(engine.httpUrl().toString())
            .setUsername("default")
            .setPassword("")
            .build();
  }

  /** Starts the engine; skips the test where it cannot run. */
  static EngineFixture start() {
    Optional<String> reason = ChdbLibrary.unsupportedReason();
    assumeTrue(reason.isEmpty(), () -> reason.orElse(""));
    try {
      return new EngineFixture(Files.createTempDirectory("engine-it"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  ClickHouseOptions options(String database) {
    return new ClickHouseOptions(
        engine.httpUrl().toString(), "default", "", database, Duration.ofSeconds(60));
  }

  /** A client of a user who has these settings. */
  Client client(String database, Map<String, String> settings) {
    Client.Builder builder =
        new Client.Builder()
            .addEndpoint(engine.httpUrl().toString())
            .setUsername("default")
            .setPassword("")
            .setDefaultDatabase(database);
    settings.forEach(builder::serverSetting);
    return builder.build();
  }

  ClickHouseBlockWriter writer(String database) {
    return writer(database, new SinkMetrics(new SimpleMeterRegistry()));
  }

  ClickHouseBlockWriter writer(String database, SinkMetrics metrics) {
    return new ClickHouseBlockWriter(
        options(database), Optional.empty(), new NativeFormat(), metrics, FaultPoints.NONE);
  }

  /** CPU time of the engine's process, in ticks of 10 ms. */
  long cpuTicks() throws IOException {
    String stat = Files.readString(Path.of("/proc/" + engine.pid() + "/stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
  }

  List<GenericRecord> query(String sql) {
    return client.queryAll(sql);
  }

  /** The first column of each row. */
  List<String> texts(String sql) {
    return query(sql).stream().map(row -> row.getString(1)).toList();
  }

  String ask(String sql) {
    return query(sql).get(0).getString(1);
  }

  void execute(String sql) {
    try {
      client.execute(sql).get().close();
    } catch (Exception e) {
      throw new IllegalStateException(sql, e);
    }
  }

  @Override
  public void close() {
    client.close();
    engine.close();
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
