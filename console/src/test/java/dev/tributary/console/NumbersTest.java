package dev.tributary.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How pages show numbers, by the engine that npm brings along. */
final class NumbersTest {
  @TempDir Path folder;

  @Test
  void numbers_areShownExactly_andUnknownOnesAsUnknown() throws Exception {
    // As a module, whatever its ending: node goes by the folder's package.json.
    Files.writeString(folder.resolve("package.json"), "{\"type\":\"module\"}");
    Path numbers =
        Files.copy(
            Path.of("src/main/resources/dev/tributary/console/web/numbers.js"),
            folder.resolve("numbers.js"));
    Process process;
    try {
      process =
          new ProcessBuilder("node", "src/test/js/numbers.mjs", numbers.toString())
              .redirectErrorStream(true)
              .start();
    } catch (IOException e) {
      assumeTrue(false, "node is not on the PATH");
      throw e;
    }
    process.getOutputStream().close();

    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output).contains("numbers are as they should be");
  }
}
