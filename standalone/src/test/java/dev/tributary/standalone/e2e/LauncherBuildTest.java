package dev.tributary.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The launcher before anything is built, with a Java and a Maven of the test's own. */
final class LauncherBuildTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private static final String GOOD_JAVA =
      """
      case "$1" in
        -version) echo 'openjdk version "17.0.1" 2021-10-19' >&2 ;;
        *) for last; do :; done; echo "ran $last" ;;
      esac
      """;

  @TempDir Path temporary;

  private Path root;

  @BeforeEach
  void makeProject() throws IOException {
    root = Files.createDirectories(temporary.resolve("my tributary"));
    Files.copy(Path.of("..", "tributary"), root.resolve("tributary"));
    assertThat(root.resolve("tributary").toFile().setExecutable(true)).isTrue();
    Files.writeString(root.resolve("pom.xml"), "<project/>");
    script("java/bin/java", GOOD_JAVA);
  }

  /** From another folder, through a link, and into a folder with a blank in its name. */
  @Test
  void twoAtOnce_oneBuilds_bothRun() throws Exception {
    Path go = temporary.resolve("go");
    script(
        "bin/mvn",
        """
        echo start >> '%s'
        while [ ! -e '%s' ]; do sleep 0.05; done
        mkdir -p standalone/target
        touch standalone/target/classpath.txt
        """
            .formatted(temporary.resolve("builds"), go));
    Path link = Files.createSymbolicLink(temporary.resolve("link"), root.resolve("tributary"));
    Path firstErrors = temporary.resolve("first.err");
    Path secondErrors = temporary.resolve("second.err");

    Process first = start(link, Map.of(), firstErrors, "help");
    await("the first build").atMost(LIMIT).until(() -> Files.exists(temporary.resolve("builds")));
    Process second = start(root.resolve("tributary"), Map.of(), secondErrors, "help");
    await("the second has met the first")
        .atMost(LIMIT)
        .until(() -> Files.size(secondErrors) > 0 || builds() > 1);
    Files.createFile(go);

    assertThat(exit(first)).as(Files.readString(firstErrors)).isZero();
    assertThat(exit(second)).as(Files.readString(secondErrors)).isZero();
    assertThat(builds()).isEqualTo(1);
    assertThat(new String(second.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .isEqualTo("ran help\n");
  }

  /**
   * Avro's plugin makes only those records anew whose own schema changed: what embeds them would
   * carry the old ones within.
   */
  @Test
  void changedSchema_makesAllRecordsAnew_othersNone() throws Exception {
    script(
        "bin/mvn",
        """
        mkdir -p standalone/target schemas/target
        [ -e schemas/target/Span.java ] && echo kept >> '%1$s' || echo anew >> '%1$s'
        touch schemas/target/Span.java standalone/target/classpath.txt
        """
            .formatted(temporary.resolve("builds")));
    Path schemas = Files.createDirectories(root.resolve("schemas/src/main/avro/en ums"));
    Files.writeString(schemas.resolve("Kind.avsc"), "A");
    Files.createDirectories(root.resolve("schemas/target"));
    Files.createFile(root.resolve("schemas/target/Span.java"));

    launchAnew();
    launchAnew();
    Files.writeString(schemas.resolve("Kind.avsc"), "B");
    launchAnew();
    launchAnew();
    Files.delete(schemas.resolve("Kind.avsc"));
    launchAnew();

    assertThat(Files.readAllLines(temporary.resolve("builds")))
        .containsExactly("anew", "kept", "anew", "kept", "anew");
  }

  private void launchAnew() throws Exception {
    Files.deleteIfExists(root.resolve("standalone/target/classpath.txt"));
    Path errors = temporary.resolve("err");
    Process process = start(root.resolve("tributary"), Map.of(), errors, "help");
    assertThat(exit(process)).as(Files.readString(errors)).isZero();
  }

  /** More lines than are shown, which once ended the launcher before its last word. */
  @Test
  void buildThatFails_saysWhereItsLogIs() throws Exception {
    script("bin/mvn", "for i in $(seq 20000); do echo \"[ERROR] number $i\"; done; exit 1");

    String errors = refused(Map.of());

    assertThat(errors.lines().filter(line -> line.startsWith("[ERROR]"))).hasSize(20);
    assertThat(errors).contains("tributary: the build failed; all of it is in ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "echo 'Error: could not find libjava.so' >&2; exit 6 | does not run: Error: could not find",
        "echo 'java version \"1.8.0_202\"' >&2 | /bin/java is 8",
        "echo 'openjdk version \"16.0.2\" 2021-07-20' >&2 | /bin/java is 16",
        "echo 'a java' | is of unknown version",
      })
  void javaThatDoesNotDo_isNamedWithItsFault(String java, String fault) throws Exception {
    script("old/bin/java", java);

    String errors = refused(Map.of("JAVA_HOME", temporary.resolve("old").toString()));

    assertThat(errors).startsWith("tributary: ").contains(fault).contains("old/bin/java");
  }

  @Test
  void javaHomeWithoutJava_isNamed() throws Exception {
    assertThat(refused(Map.of("JAVA_HOME", "/no/such/java")))
        .isEqualTo(
            "tributary: Java 17 or newer is needed: JAVA_HOME is /no/such/java, which has no"
                + " bin/java\n");
  }

  /**
   * Java reads its arguments in the locale: in one of ASCII, as cron jobs and containers have it, a
   * person with an umlaut would be another one, and the answer that nothing is to be erased.
   */
  @ParameterizedTest
  @CsvSource({"LC_ALL, C", "LC_ALL, POSIX", "LC_CTYPE, C", "LANG, C"})
  void localeThatIsNotUtf8_losesNoLetterOfArguments(String variable, String locale)
      throws Exception {
    makeBuilt();
    script(
        "java/bin/java",
        """
        case "$1" in
          -version) echo 'openjdk version "17.0.1" 2021-10-19' >&2 ;;
          *) locale charmap ;;
        esac
        """);

    assertThat(output(Map.of(variable, locale), "help")).isEqualTo("UTF-8\n");
  }

  /** In what is no ASCII the bytes of arguments are letters already. */
  @Test
  void localeOfAnotherCharacterSet_isLeftAlone() throws Exception {
    makeBuilt();
    script("bin/locale", "echo ISO-8859-1");
    script(
        "java/bin/java",
        """
        case "$1" in
          -version) echo 'openjdk version "17.0.1" 2021-10-19' >&2 ;;
          *) echo "${LC_ALL:-unset}" ;;
        esac
        """);

    assertThat(output(Map.of(), "help")).isEqualTo("unset\n");
  }

  /** By the system's words Java is told that a pipe was closed: "Tubería rota" has no pipe. */
  @Test
  void languageOfTheSystem_isNotThatOfJavasErrors() throws Exception {
    makeBuilt();
    script(
        "java/bin/java",
        """
        case "$1" in
          -version) echo 'openjdk version "17.0.1" 2021-10-19' >&2 ;;
          *) echo "${LANGUAGE:-unset} ${LANG:-unset}" ;;
        esac
        """);

    assertThat(output(Map.of("LANG", "C.UTF-8", "LANGUAGE", "es:en"), "help"))
        .isEqualTo("C C.UTF-8\n");
  }

  private void makeBuilt() throws IOException {
    Files.createDirectories(root.resolve("standalone/target"));
    Files.createFile(root.resolve("standalone/target/classpath.txt"));
  }

  private String output(Map<String, String> environment, String command) throws Exception {
    Path errors = temporary.resolve("err");
    Process process = start(root.resolve("tributary"), environment, errors, command);
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(exit(process)).as(Files.readString(errors)).isZero();
    assertThat(Files.readString(errors)).isEmpty();
    return output;
  }

  private String refused(Map<String, String> environment) throws Exception {
    Path errors = temporary.resolve("err");
    Process process = start(root.resolve("tributary"), environment, errors, "help");
    assertThat(exit(process)).as(Files.readString(errors)).isEqualTo(1);
    return Files.readString(errors);
  }

  private Process start(
      Path launcher, Map<String, String> environment, Path errors, String... arguments)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(launcher.toString())
            .directory(temporary.toFile())
            .redirectError(errors.toFile());
    builder.command().addAll(List.of(arguments));
    builder.environment().put("JAVA_HOME", temporary.resolve("java").toString());
    builder
        .environment()
        .merge("PATH", temporary.resolve("bin").toString(), (old, bin) -> bin + ":" + old);
    List.of("LC_ALL", "LC_CTYPE", "LANG").forEach(builder.environment()::remove);
    builder.environment().putAll(environment);
    return builder.start();
  }

  private static int exit(Process process) throws InterruptedException {
    assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  private long builds() throws IOException {
    return Files.readAllLines(temporary.resolve("builds")).size();
  }

  private void script(String name, String body) throws IOException {
    Path file = temporary.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/usr/bin/env bash\n" + body + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }
}
