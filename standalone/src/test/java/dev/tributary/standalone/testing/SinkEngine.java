package dev.tributary.standalone.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tributary.embedded.clickhouse.ChdbLibrary;
import dev.tributary.embedded.clickhouse.EmbeddedClickHouse;
import dev.tributary.runtime.config.ProcessEnvironment;
import dev.tributary.standalone.platform.SqlClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The real engine with the sink's tables and views, empty; tests are skipped where it cannot run.
 */
public final class SinkEngine implements AutoCloseable {
  private static final String MIGRATIONS =
      "sink-clickhouse/src/main/resources/dev/tributary/sink/clickhouse/migrations";

  private final EmbeddedClickHouse clickHouse;
  private final SqlClient sql;

  private SinkEngine(EmbeddedClickHouse clickHouse) {
    this.clickHouse = clickHouse;
    this.sql = new SqlClient(clickHouse.httpUrl(), "default");
  }

  /** Starts it on an empty folder. */
  public static SinkEngine start(Path data) throws Exception {
    String reason = ChdbLibrary.unsupportedReason().orElse("");
    assumeTrue(reason.isEmpty(), reason);
    SinkEngine engine =
        new SinkEngine(EmbeddedClickHouse.start(EmbeddedClickHouse.Options.at(data)));
    engine.migrate();
    return engine;
  }

  private void migrate() throws Exception {
    String root = String.valueOf(ProcessEnvironment.current().property("tributary.root"));
    List<Path> scripts = new ArrayList<>();
    try (Stream<Path> files = Files.list(Path.of(root, MIGRATIONS))) {
      files.sorted().forEach(scripts::add);
    }
    scripts.sort((a, b) -> Boolean.compare(isViews(a), isViews(b)));
    for (Path script : scripts) {
      String text = Files.readString(script).replaceAll("(?m)^\\s*--.*$", "");
      for (String statement : text.split(";\\s*\\n")) {
        if (!statement.isBlank()) {
          sql.run(statement, "TSV");
        }
      }
    }
  }

  private static boolean isViews(Path script) {
    return script.getFileName().toString().startsWith("R__");
  }

  /** Asks it. */
  public SqlClient sql() {
    return sql;
  }

  /** Where it answers over HTTP. */
  public String url() {
    return clickHouse.httpUrl().toString();
  }

  @Override
  public void close() {
    clickHouse.close();
  }
}
