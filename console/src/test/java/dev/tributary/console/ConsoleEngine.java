package dev.tributary.console;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tributary.embedded.clickhouse.ChdbLibrary;
import dev.tributary.embedded.clickhouse.EmbeddedClickHouse;
import dev.tributary.runtime.config.ProcessEnvironment;
import dev.tributary.runtime.config.Settings;
import dev.tributary.runtime.run.RunOptions;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The real engine with the sink's tables and views, and a console over it; tests are skipped where
 * it cannot run.
 */
final class ConsoleEngine implements AutoCloseable {
  private static final String MIGRATIONS =
      "sink-clickhouse/src/main/resources/dev/tributary/sink/clickhouse/migrations";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http = HttpClient.newHttpClient();
  private final EmbeddedClickHouse clickHouse;
  private final Console console;

  private ConsoleEngine(EmbeddedClickHouse clickHouse, Console console) {
    this.clickHouse = clickHouse;
    this.console = console;
  }

  /** Starts it on an empty folder. */
  static ConsoleEngine start(Path data) throws Exception {
    String reason = ChdbLibrary.unsupportedReason().orElse("");
    assumeTrue(reason.isEmpty(), reason);
    EmbeddedClickHouse clickHouse = EmbeddedClickHouse.start(EmbeddedClickHouse.Options.at(data));
    Map<String, String> given =
        Map.of(
            ConsoleConfig.PORT.key(), "0",
            ConsoleConfig.TENANTS.key(), "default,other",
            ConsoleConfig.DATABASE.key(), "default",
            ConsoleConfig.CLICKHOUSE_URL.key(), clickHouse.httpUrl().toString());
    Console console =
        Console.start(
            Settings.of(given, ConsoleConfig.allSettings()),
            RunOptions.of(new SimpleMeterRegistry()));
    ConsoleEngine engine = new ConsoleEngine(clickHouse, console);
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
          sql(statement);
        }
      }
    }
  }

  private static boolean isViews(Path script) {
    return script.getFileName().toString().startsWith("R__");
  }

  /** Runs a statement past the console; answers tab-separated rows. */
  String sql(String statement) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        http.send(
            HttpRequest.newBuilder(clickHouse.httpUrl())
                .POST(HttpRequest.BodyPublishers.ofString(statement))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IOException(answer.body());
    }
    return answer.body().strip();
  }

  /** Asks the console; answers the rows. */
  List<JsonNode> ask(String question) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        http.send(
            HttpRequest.newBuilder(
                    URI.create("http://127.0.0.1:" + console.port() + "/api/" + question))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IOException(question + ": " + answer.body());
    }
    List<JsonNode> rows = new ArrayList<>();
    JSON.readTree(answer.body()).path("result").path("data").forEach(rows::add);
    return rows;
  }

  @Override
  public void close() {
    console.close();
    clickHouse.close();
  }
}
