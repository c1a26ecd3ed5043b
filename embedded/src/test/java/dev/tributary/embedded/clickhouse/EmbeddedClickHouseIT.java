package dev.tributary.embedded.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The child process: start, death, restart, refusal; and what only the embedded engine refuses. */
class EmbeddedClickHouseIT {

  private static final HttpClient HTTP =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  private static final int ROWS_PER_BATCH = 1000;

  @TempDir Path directory;

  @BeforeAll
  static void needsPlatform() {
    String reason = ChdbLibrary.unsupportedReason().orElse("");
    assumeTrue(reason.isEmpty(), reason);
  }

  private EmbeddedClickHouse start() {
    return EmbeddedClickHouse.start(EmbeddedClickHouse.Options.at(directory));
  }

  @Test
  void restart_onTheSamePath_keepsData() throws Exception {
    try (EmbeddedClickHouse first = start()) {
      sql(first, "CREATE TABLE t (n Int64) ENGINE = MergeTree ORDER BY n");
      sql(first, "INSERT INTO t VALUES (1), (2)");
    }
    try (EmbeddedClickHouse second = start()) {
      assertThat(sql(second, "SELECT sum(n) FROM t")).isEqualTo("3");
      assertThat(second.restarts()).isZero();
    }
  }

  @Test
  void secondProcess_onThePath_isRefused() {
    try (EmbeddedClickHouse first = start()) {
      assertThatThrownBy(this::start)
          .isInstanceOf(EmbeddedClickHouseException.class)
          .hasMessageContaining("in use by another process")
          .hasMessageContaining(directory.toString());
      assertThat(first.isAlive()).isTrue();
    }
  }

  @Test
  void close_endsTheChild() {
    EmbeddedClickHouse clickHouse = start();
    ProcessHandle child = ProcessHandle.of(clickHouse.pid()).orElseThrow();
    clickHouse.close();
    assertThat(child.isAlive()).isFalse();
    assertThat(clickHouse.isAlive()).isFalse();
  }

  @Test
  void sigterm_endsTheChildAndItIsRestartedOnTheSamePort() throws Exception {
    try (EmbeddedClickHouse clickHouse = start()) {
      sql(clickHouse, "CREATE TABLE t (n Int64) ENGINE = MergeTree ORDER BY n");
      URI url = clickHouse.httpUrl();
      ProcessHandle.of(clickHouse.pid()).orElseThrow().destroy();
      awaitRestart(clickHouse, 1);
      assertThat(clickHouse.httpUrl()).isEqualTo(url);
      assertThat(sql(clickHouse, "SELECT count() FROM t")).isEqualTo("0");
    }
  }

  @Test
  void sigkill_underInsertLoad_keepsEveryAcknowledgedBatch() throws Exception {
    Set<Long> acknowledged = new ConcurrentSkipListSet<>();
    Set<Long> found = killUnderLoad("MergeTree ORDER BY n", acknowledged);
    assertThat(acknowledged).hasSizeGreaterThan(20);
    assertThat(found).containsAll(acknowledged);
  }

  /** Negative control: the test sees a loss where there must be one. */
  @Test
  void sigkill_underInsertLoad_losesAMemoryTable() throws Exception {
    Set<Long> acknowledged = new ConcurrentSkipListSet<>();
    Set<Long> found = killUnderLoad("Memory", acknowledged);
    assertThat(found).doesNotContainAnyElementsOf(firstOf(acknowledged));
  }

  private static Set<Long> firstOf(Set<Long> batches) {
    return batches.stream().limit(10).collect(Collectors.toSet());
  }

  /** Three kills; returns the batches that are wholly there afterwards. */
  private Set<Long> killUnderLoad(String engine, Set<Long> acknowledged) throws Exception {
    try (EmbeddedClickHouse clickHouse = start()) {
      sql(clickHouse, "CREATE TABLE t (n Int64) ENGINE = " + engine);
      AtomicLong next = new AtomicLong();
      AtomicBoolean isDone = new AtomicBoolean();
      ExecutorService writers = Executors.newFixedThreadPool(2);
      for (int i = 0; i < 2; i++) {
        writers.submit(() -> write(clickHouse, next, isDone, acknowledged));
      }
      for (int kill = 1; kill <= 3; kill++) {
        int before = acknowledged.size();
        await("acknowledged inserts").until(() -> acknowledged.size() > before + 10);
        ProcessHandle.of(clickHouse.pid()).orElseThrow().destroyForcibly();
        awaitRestart(clickHouse, kill);
      }
      isDone.set(true);
      writers.shutdown();
      assertThat(writers.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
      String batches =
          sql(
              clickHouse,
              "SELECT intDiv(n, %d) AS b FROM t GROUP BY b HAVING uniqExact(n) = %d ORDER BY b"
                  .formatted(ROWS_PER_BATCH, ROWS_PER_BATCH));
      return batches.lines().map(Long::valueOf).collect(Collectors.toCollection(TreeSet::new));
    }
  }

  /**
   * Killed after the engine noted an insert's token and before the part had its name, it must take
   * the repeated insert: the state is made here by taking the part away, since a kill hits that
   * moment once in some ten thousand inserts.
   */
  @Test
  void sigkill_betweenTokenAndPart_letsTheInsertBeRepeated() throws Exception {
    try (EmbeddedClickHouse first = start()) {
      sql(
          first,
          "CREATE TABLE t (n Int64) ENGINE = MergeTree ORDER BY n"
              + " SETTINGS non_replicated_deduplication_window = 100");
      for (int n = 1; n <= 2; n++) {
        assertThat(repeat(first, n)).isEqualTo(200);
      }
    }
    try (Stream<Path> files = Files.walk(directory)) {
      Path part = files.filter(file -> file.endsWith("all_2_2_0")).findFirst().orElseThrow();
      Files.move(part, directory.resolve("taken-away"));
    }

    try (EmbeddedClickHouse second = start()) {
      for (int n = 1; n <= 2; n++) {
        assertThat(repeat(second, n)).isEqualTo(200);
      }
      assertThat(sql(second, "SELECT groupArray(n) FROM (SELECT n FROM t ORDER BY n)"))
          .isEqualTo("[1,2]");
    }
  }

  private static int repeat(EmbeddedClickHouse to, int n) throws Exception {
    String target =
        "/?insert_deduplication_token=t" + n + "&query=" + encode("INSERT INTO t FORMAT CSV");
    HttpRequest request =
        HttpRequest.newBuilder(to.httpUrl().resolve(target))
            .POST(HttpRequest.BodyPublishers.ofString(n + "\n"))
            .build();
    return HTTP.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
  }

  private static void write(
      EmbeddedClickHouse clickHouse,
      AtomicLong next,
      AtomicBoolean isDone,
      Set<Long> acknowledged) {
    while (!isDone.get()) {
      long batch = next.getAndIncrement();
      byte[] block = NativeBlock.ofInt64("n", batch * ROWS_PER_BATCH, ROWS_PER_BATCH);
      try {
        if (post(clickHouse, "INSERT INTO t FORMAT Native", block).statusCode() == 200) {
          acknowledged.add(batch);
        }
      } catch (IOException e) {
        // The child is dead at the moment: this batch stays unacknowledged.
        Thread.onSpinWait();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private static void awaitRestart(EmbeddedClickHouse clickHouse, int restarts) {
    await("restart of the child")
        .atMost(Duration.ofSeconds(60))
        .until(() -> clickHouse.restarts() >= restarts && clickHouse.isAlive());
  }

  @Test
  void password_isAskedOfEveryRequest() throws Exception {
    try (EmbeddedClickHouse clickHouse =
        EmbeddedClickHouse.start(
            EmbeddedClickHouse.Options.at(directory).withCredentials("tributary", "geh:eim'"))) {
      URI url = clickHouse.httpUrl();
      String basic =
          Base64.getEncoder().encodeToString("tributary:geh:eim'".getBytes(StandardCharsets.UTF_8));
      String inUrl = "/?user=tributary&password=" + encode("geh:eim'") + "&query=SELECT+1";
      assertThat(status(get(url, "/?query=SELECT+1"))).isEqualTo(403);
      assertThat(status(get(url, "/?query=SELECT+1&user=tributary"))).isEqualTo(403);
      assertThat(status(get(url, "/?query=SELECT+1&user=default&password=geh%3Aeim%27")))
          .isEqualTo(403);
      assertThat(status(get(url, "/?query=SELECT+1").header("Authorization", "Basic !")))
          .isEqualTo(403);
      assertThat(status(get(url, inUrl))).isEqualTo(200);
      assertThat(status(get(url, "/?query=SELECT+1").header("Authorization", "Basic " + basic)))
          .isEqualTo(200);
      HttpResponse<String> refused = send(get(url, "/?query=SELECT+1"));
      assertThat(refused.headers().firstValue("X-ClickHouse-Exception-Code")).hasValue("516");
      assertThat(refused.body()).contains("Authentication failed").doesNotContain("geh:eim");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "INSERT INTO t SELECT n FROM input('n Int64') FORMAT Native",
        "insert into t select * from ( select n from INPUT ('n Int64') ) format TabSeparated 1"
      })
  void insertFromInput_isRefused(String statement) throws Exception {
    try (EmbeddedClickHouse clickHouse = start()) {
      sql(clickHouse, "CREATE TABLE t (n Int64) ENGINE = MergeTree ORDER BY n");
      HttpResponse<byte[]> response = post(clickHouse, statement, NativeBlock.ofInt64("n", 0, 10));
      assertThat(response.statusCode()).isGreaterThanOrEqualTo(400);
      assertThat(new String(response.body(), StandardCharsets.UTF_8)).contains("input()");
    }
  }

  /** The bound is the engine's: a query over it fails, and the others go on. */
  @Test
  void queryOverTheMemory_failsAlone() throws Exception {
    try (EmbeddedClickHouse clickHouse =
        EmbeddedClickHouse.start(
            EmbeddedClickHouse.Options.at(directory).withMaxMemoryBytes(256L << 20))) {
      HttpResponse<byte[]> response =
          post(
              clickHouse, "SELECT length(groupArray(number)) FROM numbers(100000000)", new byte[0]);

      assertThat(response.headers().firstValue("X-ClickHouse-Exception-Code")).hasValue("241");
      assertThat(sql(clickHouse, "SELECT 1")).isEqualTo("1");
      assertThat(clickHouse.restarts()).isZero();
    }
  }

  @Test
  void outfile_isRefused() throws Exception {
    Path file = directory.resolve("written-by-sql");
    try (EmbeddedClickHouse clickHouse = start()) {
      HttpResponse<byte[]> response =
          post(clickHouse, "SELECT 1 INTO OUTFILE '" + file + "'", new byte[0]);
      assertThat(response.headers().firstValue("X-ClickHouse-Exception-Code")).hasValue("358");
    }
    assertThat(Files.exists(file)).isFalse();
  }

  /** No client may take half a result for a whole one. */
  @Test
  void lateError_breaksTheBody() throws Exception {
    try (EmbeddedClickHouse clickHouse = start()) {
      String query = "SELECT throwIf(number = 5000000) FROM numbers(10000000)";
      assertThatThrownBy(() -> post(clickHouse, query, new byte[0]))
          .isInstanceOf(IOException.class);
      assertThat(sql(clickHouse, "SELECT 1")).isEqualTo("1");
    }
  }

  @Test
  void wrongLibrary_isOneClearLine() {
    EmbeddedClickHouse.Options options =
        new EmbeddedClickHouse.Options(
            directory,
            0,
            "default",
            null,
            1L << 30,
            4,
            Path.of("/no/such/libchdb.so"),
            Duration.ofSeconds(30),
            Duration.ofMinutes(5));
    assertThatThrownBy(() -> EmbeddedClickHouse.start(options))
        .isInstanceOf(EmbeddedClickHouseException.class)
        .hasMessageContaining("/no/such/libchdb.so")
        .message()
        .doesNotContain("\n");
  }

  private static String sql(EmbeddedClickHouse clickHouse, String statement) throws Exception {
    HttpResponse<byte[]> response = post(clickHouse, statement, new byte[0]);
    String body = new String(response.body(), StandardCharsets.UTF_8);
    assertThat(response.statusCode()).as(body).isEqualTo(200);
    return body.strip();
  }

  private static HttpResponse<byte[]> post(EmbeddedClickHouse to, String query, byte[] body)
      throws IOException, InterruptedException {
    return HTTP.send(
        HttpRequest.newBuilder(to.httpUrl().resolve("/?query=" + encode(query)))
            .timeout(Duration.ofSeconds(60))
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build(),
        HttpResponse.BodyHandlers.ofByteArray());
  }

  private static HttpRequest.Builder get(URI url, String pathAndQuery) {
    return HttpRequest.newBuilder(url.resolve(pathAndQuery)).timeout(Duration.ofSeconds(60));
  }

  private static int status(HttpRequest.Builder request) throws Exception {
    return send(request).statusCode();
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
