package dev.tributary.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a shell gets of a command: code, output and one line of complaint. */
class TributaryMainTest {
  private final PrintStream realOut = System.out;
  private final PrintStream realErr = System.err;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @TempDir private Path folder;

  @BeforeEach
  void listen() {
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  @AfterEach
  void restore() {
    System.setOut(realOut);
    System.setErr(realErr);
  }

  @Test
  void outputThatCannotBeWritten_isAFailure() {
    System.setOut(new PrintStream(new Full(), false, StandardCharsets.UTF_8));

    assertThat(TributaryMain.run("prices", "show", "gpt-4o")).isEqualTo(1);

    assertThat(errors()).isEqualTo("tributary: standard output was not written whole\n");
  }

  /** {@code | head} has enough: nothing is wrong, and the shell sees why it ended. */
  @Test
  void readerThatLeft_endsWithoutAWord() {
    ReaderWatch watch = new ReaderWatch(new Closed());
    System.setOut(new PrintStream(watch, false, StandardCharsets.UTF_8));

    assertThat(TributaryMain.run(watch::hasLeft, "prices", "show", "gpt-4o")).isEqualTo(141);

    assertThat(errors()).isEmpty();
  }

  /** What Ctrl-C closes under a command is no failure of it, and nothing to tell a person. */
  @Test
  void commandThatFailsWhileTheProcessEnds_saysNothing() throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Path said = folder.resolve("err.txt");
    Process process =
        new ProcessBuilder(
                java,
                "-cp",
                System.getProperty("java.class.path"),
                EndingTool.class.getName(),
                "prices",
                "diff",
                folder.resolve("none.yaml").toString(),
                folder.resolve("none.yaml").toString())
            .redirectError(said.toFile())
            .start();
    String written =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();

    assertThat(process.waitFor()).isZero();
    assertThat(written).isEqualTo("code 1");
    assertThat(said).isEmptyFile();
    assertThat(TributaryMain.run("prices", "diff", "none.yaml", "none.yaml")).isEqualTo(1);
    assertThat(errors()).contains("none.yaml");
  }

  @Test
  void outputThatIsWritten_keepsTheCommandsCode() {
    assertThat(TributaryMain.run("prices", "show", "gpt-4o")).isZero();
    assertThat(TributaryMain.run("prices", "show", "no-such-model")).isEqualTo(1);
    assertThat(errors()).isEmpty();
  }

  /** Lines are read by programs; what a terminal can show is no reason to lose letters. */
  @Test
  void output_isUtf8InAnyLocale() {
    String before = System.setProperty("sun.stdout.encoding", "US-ASCII");
    try {
      TributaryMain.run("prices", "show", "modèle");
    } finally {
      if (before == null) {
        System.clearProperty("sun.stdout.encoding");
      } else {
        System.setProperty("sun.stdout.encoding", before);
      }
    }

    assertThat(out.toString(StandardCharsets.UTF_8)).contains("no card for modèle");
  }

  @Test
  void missingFile_isNamed_withWhatIsWrong() {
    assertRefused("nowhere.csv: no such file", "replay", "azure", "nowhere.csv", endpoint());
  }

  @Test
  void fileThatIsNoUtf8_isNamed_withWhatIsWrong() throws IOException {
    Path file = folder.resolve("latin.yaml");
    Files.write(file, new byte[] {'c', 'a', 'r', 'd', 's', ':', ' ', (byte) 0xe9});

    assertRefused("latin.yaml: not UTF-8", "prices", "diff", file.toString(), "curated");
  }

  @Test
  void speedThatIsNone_isWronglyCalled() throws IOException {
    Path trace = Files.writeString(folder.resolve("trace.csv"), "");
    for (String speed : new String[] {"0", "-1", "NaN"}) {
      err.reset();
      int code =
          TributaryMain.run(
              "replay", "azure", trace.toString(), "--speed", speed, "--run", "r", endpoint());

      assertThat(code).as(errors()).isEqualTo(2);
      assertThat(errors()).contains("greater than 0").doesNotContain("\tat ");
    }
  }

  private static String endpoint() {
    return "--otlp-endpoint=http://127.0.0.1:1";
  }

  /** A script that lost its second word has done nothing, and must not go on. */
  @ParameterizedTest
  @ValueSource(strings = {"replay", "prices", "reference", "export", "correct"})
  void commandWithoutItsSecondWord_isWronglyCalled(String command) {
    assertThat(TributaryMain.run(command)).isEqualTo(2);
    assertThat(errors()).contains("Usage: tributary " + command);
  }

  private void assertRefused(String part, String... command) {
    assertThat(TributaryMain.run(command)).isEqualTo(1);
    assertThat(errors().lines())
        .singleElement()
        .asString()
        .startsWith("tributary: ")
        .contains(part);
  }

  private String errors() {
    return err.toString(StandardCharsets.UTF_8);
  }

  /** A pipe that nobody reads. */
  private static final class Closed extends OutputStream {
    @Override
    public void write(int octet) throws IOException {
      throw new IOException("Broken pipe");
    }
  }

  /** A disk without space. */
  private static final class Full extends OutputStream {
    @Override
    public void write(int b) throws IOException {
      throw new IOException("No space left on device");
    }
  }
}
