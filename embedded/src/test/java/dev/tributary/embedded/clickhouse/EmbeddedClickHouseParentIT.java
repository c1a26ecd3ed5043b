package dev.tributary.embedded.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What depends on the process that the engine is a child of: its death, and where it runs. */
class EmbeddedClickHouseParentIT {

  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @TempDir Path directory;

  @BeforeAll
  static void needsPlatform() {
    String reason = ChdbLibrary.unsupportedReason().orElse("");
    assumeTrue(reason.isEmpty(), reason);
  }

  /** A parent for {@link #parentKilled_underAStatement_canBeStartedAgainAtOnce}. */
  static final class Parent {
    private Parent() {}

    public static void main(String[] args) throws IOException {
      Path data = Path.of(args[0]);
      try (EmbeddedClickHouse started =
          EmbeddedClickHouse.start(EmbeddedClickHouse.Options.at(data))) {
        System.out.println(started.httpUrl());
        System.in.transferTo(OutputStream.nullOutputStream());
      }
    }
  }

  private Process parent(String timeZone) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dtributary.root=" + System.getProperty("tributary.root", ""),
                "-Dtributary.chdb.library=" + System.getProperty("tributary.chdb.library", ""),
                "-cp",
                System.getProperty("java.class.path"),
                Parent.class.getName(),
                directory.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().put("TZ", timeZone);
    return builder.start();
  }

  private static URI url(Process parent) {
    return URI.create(
        parent
            .inputReader(StandardCharsets.UTF_8)
            .lines()
            .filter(line -> line.startsWith("http"))
            .findFirst()
            .orElseThrow());
  }

  /** Hours and days of a bill must not depend on where it is made. */
  @Test
  void timeZone_isUtcWhereverTheProcessRuns() throws Exception {
    Process parent = parent("Asia/Tokyo");
    try {
      String query =
          "SELECT timezone(), toUnixTimestamp(toDateTime('1970-01-01 00:00:00')), toDate(toDateTime(0))";

      HttpResponse<String> response = send(get(url(parent), "/?query=" + encode(query)));

      assertThat(response.body()).isEqualTo("UTC\t0\t1970-01-01\n");
      assertThat(response.headers().firstValue("X-ClickHouse-Timezone")).hasValue("UTC");
    } finally {
      parent.getOutputStream().close();
      parent.waitFor();
    }
  }

  /** The child outlives its parent for the statements that run; who restarts does not wait. */
  @Test
  void parentKilled_underAStatement_canBeStartedAgainAtOnce() throws Exception {
    Process parent = parent("UTC");
    URI url = url(parent);
    String slow = "SELECT sleepEachRow(1) FROM numbers(100) SETTINGS max_block_size = 1";
    HTTP.sendAsync(
        get(url, "/?query=" + encode(slow)).build(), HttpResponse.BodyHandlers.discarding());
    String running =
        "/?query="
            + encode("SELECT count() FROM system.processes WHERE query LIKE 'SELECT sleepEach%'");
    await("the statement runs").until(() -> send(get(url, running)).body().strip().equals("1"));
    parent.destroyForcibly().waitFor();

    try (EmbeddedClickHouse second =
        EmbeddedClickHouse.start(EmbeddedClickHouse.Options.at(directory))) {
      assertThat(send(get(second.httpUrl(), "/?query=SELECT+1")).body()).isEqualTo("1\n");
    }
  }

  private static HttpRequest.Builder get(URI url, String pathAndQuery) {
    return HttpRequest.newBuilder(url.resolve(pathAndQuery)).timeout(Duration.ofSeconds(60));
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
