package dev.tributary.standalone.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.normalize.NormalizeConfig;
import dev.tributary.normalize.core.Attributes;
import dev.tributary.normalize.core.Findings;
import dev.tributary.normalize.core.NormalizeContext;
import dev.tributary.normalize.core.NormalizeResult.Normalized;
import dev.tributary.normalize.core.Normalizer;
import dev.tributary.normalize.core.OtlpBatch;
import dev.tributary.normalize.core.OtlpSpan;
import dev.tributary.normalize.core.Pseudonyms;
import dev.tributary.runtime.config.Settings;
import dev.tributary.standalone.platform.Addresses;
import dev.tributary.standalone.platform.DataFolder;
import dev.tributary.standalone.review.SqlStub;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Whose pseudonym {@code erase} looks for, on a cluster and on the instance of a folder. */
class EraseCommandTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c803191";
  private static final String SECRET_KEY = "tributary.normalize.user-secret";
  private static final String CLUSTER = "kafka.example:9092";

  @TempDir private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private SqlStub clickHouse;
  private Path data;

  @BeforeEach
  void start() throws IOException {
    clickHouse = new SqlStub(sql -> "3\n");
    data = folder.resolve("data");
  }

  @AfterEach
  void stop() {
    clickHouse.close();
  }

  @Test
  void personOnACluster_withoutTheSecret_isRefusedInOneLineThatNamesTheKey() throws IOException {
    Files.createDirectories(data);

    int code = erase(config(""), "--user", "ann");

    assertThat(code).isNotZero();
    assertThat(err.toString().strip()).contains(SECRET_KEY).hasLineCount(1);
    assertThat(out.toString()).isEmpty();
    assertThat(clickHouse.asked()).isEmpty();
    assertThat(data).isEmptyDirectory();
  }

  @Test
  void personOnACluster_withAnEmptySecret_isRefused() throws IOException {
    assertThat(erase(config(SECRET_KEY + "=\n"), "--user", "ann")).isNotZero();
    assertThat(err.toString()).contains(SECRET_KEY);
  }

  /** Left by an instance that ran here once, or runs now: not what the cluster's normalize has. */
  @Test
  void personOnACluster_besideAFolderWithASecret_isNotSoughtUnderIt() throws IOException {
    keepSecret("local");
    int stopped = erase(config(""), "--user", "ann");
    instanceRunsAt("127.0.0.1:9092");
    int running = erase(config(""), "--user", "ann");

    assertThat(List.of(stopped, running)).doesNotContain(0);
    assertThat(clickHouse.asked()).isEmpty();
  }

  @Test
  void personOnACluster_isSoughtUnderTheSecretOfTheConfig() throws IOException {
    keepSecret("local");

    int code = erase(config(SECRET_KEY + "=theirs\n"), "--user", "ann");

    assertThat(code).as(err.toString()).isZero();
    assertThat(out.toString()).contains("3 content records would be erased");
    assertThat(clickHouse.asked()).singleElement().asString().contains(pseudonym("theirs"));
  }

  @Test
  void personOfATenantWithASecretOfItsOwn_needsNoOther() throws IOException {
    int code = erase(config("tributary.normalize.tenant-secret.default=own\n"), "--user", "ann");

    assertThat(code).as(err.toString()).isZero();
    assertThat(clickHouse.asked())
        .singleElement()
        .asString()
        .contains(new Pseudonyms(null, Map.of("default", "own")).user("default", "ann"));
  }

  @Test
  void personOnTheInstanceOfTheFolder_isSoughtUnderTheSecretTheFolderKeeps() throws IOException {
    keepSecret("local");
    instanceRunsAt(clickHouse.base().getAuthority());

    int code = erase(null, "--user", "ann");

    assertThat(code).as(err.toString()).isZero();
    assertThat(clickHouse.asked()).singleElement().asString().contains(pseudonym("local"));
  }

  /**
   * Normalize keeps no mail address as a session's id, but records that are older than a kind of
   * redaction have the one that is named.
   */
  @Test
  void sessionCalledByAMailAddress_isSoughtAsRecordsCallItNowAndBefore() throws IOException {
    int code = erase(config(SECRET_KEY + "=theirs\n"), "--session", "ann@example.com");

    assertThat(code).as(err.toString()).isZero();
    assertThat(out.toString()).doesNotContain(SECRET_KEY);
    assertThat(clickHouse.asked())
        .singleElement()
        .asString()
        .contains(
            "session_id IN ('"
                + recordedSession(Map.of(SECRET_KEY, "theirs"), "ann@example.com")
                + "', 'ann@example.com')");
  }

  /** Normalize needs no secret for the name of a session, so it is found without one, too. */
  @Test
  void sessionCalledByAMailAddress_withoutTheSecret_isSoughtAsNormalizeWithoutOneCallsIt()
      throws IOException {
    int code = erase(config(""), "--session", "ann@example.com");

    assertThat(code).as(err.toString()).isZero();
    assertThat(out.toString()).contains("--session: ", SECRET_KEY);
    assertThat(clickHouse.asked())
        .singleElement()
        .asString()
        .contains("'" + recordedSession(Map.of(), "ann@example.com") + "'");
  }

  @Test
  void sessionThatACustomPatternMatches_isSoughtAsRecordsCallIt() throws IOException {
    String kind = "tributary.normalize.redact.employee";
    String settings = SECRET_KEY + "=theirs\n" + kind + "=#[0-9]+\n";

    assertThat(erase(config(settings), "--session", "desk #4711")).as(err.toString()).isZero();

    String recorded = recordedSession(Map.of(SECRET_KEY, "theirs", kind, "#[0-9]+"), "desk #4711");
    assertThat(recorded).matches("[0-9a-f]{32}");
    assertThat(clickHouse.asked())
        .singleElement()
        .asString()
        .contains("session_id IN ('" + recorded + "', 'desk #4711')");
  }

  /** As normalize writes it, read off a span. */
  private static String recordedSession(Map<String, String> settings, String session) {
    NormalizeConfig config = NormalizeConfig.from(Settings.of(settings));
    long now = 1_800_000_000_000_000_000L;
    OtlpSpan span =
        new OtlpSpan(
            TRACE,
            "b7ad6b7169203331",
            "",
            "",
            "",
            now,
            now,
            new Attributes.Builder().add("session.id", session).build(),
            List.of(),
            List.of(),
            0,
            "");
    OtlpBatch batch =
        new OtlpBatch(List.of(new OtlpBatch.Group(Attributes.NONE, "", "", List.of(span))));
    Normalized normalized =
        (Normalized)
            new Normalizer(config.rules(), config.pseudonyms(), Findings.IGNORED)
                .normalize(batch, new NormalizeContext("default", now / 1_000))
                .get(0);
    return normalized.span().getSessionId();
  }

  @Test
  void traceAndSession_needNeitherSecretNorFolder() throws IOException {
    int code = erase(config(""), "--trace", TRACE, "--session", "s-1");

    assertThat(code).as(err.toString()).isZero();
    assertThat(out.toString().strip()).isEqualTo("3 content records would be erased");
    assertThat(data).doesNotExist();
  }

  /**
   * Texts would stay in the half that is somebody else's, and the answer would say they are gone.
   */
  @Test
  void halfOfACluster_isRefused_andADryRunSaysWhoseTheOtherHalfIs() throws IOException {
    instanceRunsAt("127.0.0.1:1");
    Path kafkaOnly = folder.resolve("kafka.properties");
    Files.writeString(kafkaOnly, "tributary.broker.bootstrap-servers=" + CLUSTER + "\n");
    String half = "Kafka " + CLUSTER + " is named, and ClickHouse is not";

    int code = run("--config", kafkaOnly.toString(), "--trace", TRACE);

    assertThat(code).isNotZero();
    assertThat(err.toString()).contains("nothing is erased on half of a cluster", half);
    assertThat(clickHouse.asked()).isEmpty();

    err.getBuffer().setLength(0);
    assertThat(run("--config", kafkaOnly.toString(), "--trace", TRACE, "--dry-run")).isZero();
    assertThat(err.toString()).contains(half).hasLineCount(1);
    assertThat(out.toString()).contains("3 content records would be erased");
  }

  /** It reaches every client in place of the broker's own setting. */
  @Test
  void kafkaThatOnlyItsClientsAreTold_isHalfOfACluster() throws IOException {
    instanceRunsAt(clickHouse.base().getAuthority());
    Path kafkaOnly = folder.resolve("kafka.properties");
    Files.writeString(kafkaOnly, "tributary.kafka.bootstrap.servers=" + CLUSTER + "\n");

    int code = run("--config", kafkaOnly.toString(), "--trace", TRACE);

    assertThat(code).isNotZero();
    assertThat(err.toString())
        .contains("nothing is erased on half of a cluster", "Kafka " + CLUSTER + " is named");
    assertThat(clickHouse.asked()).isEmpty();
  }

  private static String pseudonym(String secret) {
    return Objects.requireNonNull(new Pseudonyms(secret, Map.of()).user("default", "ann"));
  }

  private void keepSecret(String secret) throws IOException {
    Files.createDirectories(data);
    Files.writeString(data.resolve("user-secret"), secret);
  }

  private void instanceRunsAt(String kafka) {
    String none = "http://127.0.0.1:1";
    new Addresses(none, clickHouse.base().toString(), "live", kafka, none, none, none)
        .write(DataFolder.readyFile(data));
  }

  private Path config(String more) throws IOException {
    Path file = folder.resolve("cluster.properties");
    Files.writeString(
        file,
        """
        tributary.broker.bootstrap-servers=%s
        tributary.sink.clickhouse-url=%s
        %s"""
            .formatted(CLUSTER, clickHouse.base(), more));
    return file;
  }

  private int erase(@Nullable Path config, String... subjects) {
    List<String> arguments = new ArrayList<>(List.of("--dry-run"));
    if (config != null) {
      arguments.addAll(List.of("--config", config.toString()));
    }
    arguments.addAll(List.of(subjects));
    return run(arguments.toArray(String[]::new));
  }

  private int run(String... options) {
    List<String> arguments = new ArrayList<>(List.of("--data", data.toString()));
    arguments.addAll(List.of(options));
    return new CommandLine(new EraseCommand())
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .setExecutionExceptionHandler(
            (failure, command, parsed) -> {
              command.getErr().println(failure.getMessage());
              return CommandLine.ExitCode.SOFTWARE;
            })
        .execute(arguments.toArray(String[]::new));
  }
}
