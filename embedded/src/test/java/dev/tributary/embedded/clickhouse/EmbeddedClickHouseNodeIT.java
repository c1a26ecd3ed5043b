package dev.tributary.embedded.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code @clickhouse/client} for Node.js against the embedded engine: src/test/node/contract.mjs.
 */
class EmbeddedClickHouseNodeIT {

  private static final List<String> FILES =
      List.of("package.json", "package-lock.json", "contract.mjs");

  @TempDir Path directory;

  private record Ended(int status, String output) {}

  @Test
  void nodeClient_holdsItsContract() throws Exception {
    String reason = ChdbLibrary.unsupportedReason().orElse("");
    assumeTrue(reason.isEmpty(), reason);
    Path project = Files.createDirectories(directory.resolve("node"));
    Path source = Path.of(System.getProperty("tributary.root", ".."), "embedded/src/test/node");
    for (String file : FILES) {
      Files.copy(source.resolve(file), project.resolve(file));
    }
    Ended installed = run(project, "npm", "ci", "--no-audit", "--no-fund");
    if (!"true".equals(System.getenv("CI"))) {
      assumeTrue(installed.status == 0, "npm ci of the client failed: " + installed.output);
    }
    assertThat(installed.status).as(installed.output).isZero();

    try (EmbeddedClickHouse clickHouse =
        EmbeddedClickHouse.start(
            EmbeddedClickHouse.Options.at(directory.resolve("data"))
                .withCredentials("tributary", "secret"))) {
      Ended contract =
          run(
              project,
              "node",
              "contract.mjs",
              clickHouse.httpUrl().toString(),
              "tributary",
              "secret");
      assertThat(contract.output.strip()).endsWith("ok");
      assertThat(contract.status).isZero();
    }
  }

  /** Status 127 when the program does not exist. */
  private Ended run(Path in, String... command) throws InterruptedException, IOException {
    File output = directory.resolve("output-" + command[0]).toFile();
    Process process;
    try {
      process =
          new ProcessBuilder(command)
              .directory(in.toFile())
              .redirectErrorStream(true)
              .redirectOutput(output)
              .start();
    } catch (IOException e) {
      return new Ended(127, String.valueOf(e.getMessage()));
    }
    if (!process.waitFor(180, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      return new Ended(1, "did not end within 180 s");
    }
    return new Ended(
        process.exitValue(), Files.readString(output.toPath(), StandardCharsets.UTF_8));
  }
}
