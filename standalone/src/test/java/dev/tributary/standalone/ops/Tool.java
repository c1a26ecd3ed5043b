package dev.tributary.standalone.ops;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tributary.runtime.config.ProcessEnvironment;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * A program that the project does not bring along.
 *
 * @param command the program and its first arguments
 */
record Tool(List<String> command) {
  private static final int NOT_FOUND = 127;
  private static final long LIMIT_S = 120;

  /**
   * What a program said.
   *
   * @param status 0: it was content
   */
  record Ended(int status, String output) {}

  /** Debian's package {@code prometheus} has it; {@code .ci/run} fetches it. */
  static Tool promtool() {
    assumeTrue(
        isOnPath("promtool"), "promtool is not on the PATH; Debian's package prometheus has it");
    return new Tool(List.of("promtool"));
  }

  /** Debian's package {@code prometheus-alertmanager} has it; {@code .ci/run} fetches it. */
  static Tool amtool() {
    assumeTrue(
        isOnPath("amtool"),
        "amtool is not on the PATH; Debian's package prometheus-alertmanager has it");
    return new Tool(List.of("amtool"));
  }

  /** Docker's compose plugin; needs no daemon to read a file. */
  static Tool dockerCompose(Path folder) throws IOException, InterruptedException {
    Tool tool = new Tool(List.of("docker", "compose"));
    assumeTrue(
        isOnPath("docker") && tool.run(folder, "version").status == 0,
        "docker has no compose plugin here");
    return tool;
  }

  /** Kubernetes' client has kustomize in it, and needs no cluster for it. */
  static Tool kubectl() {
    assumeTrue(isOnPath("kubectl"), "kubectl is not on the PATH");
    return new Tool(List.of("kubectl"));
  }

  private static boolean isOnPath(String program) {
    String path = Objects.requireNonNullElse(ProcessEnvironment.current().variable("PATH"), "");
    for (String folder : path.split(File.pathSeparator)) {
      if (!folder.isEmpty() && Files.isExecutable(Path.of(folder, program))) {
        return true;
      }
    }
    return false;
  }

  Ended run(Path folder, String... arguments) throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(command);
    all.addAll(List.of(arguments));
    Path output = Files.createTempFile("tool", ".out");
    try {
      Process process =
          new ProcessBuilder(all)
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      if (!process.waitFor(LIMIT_S, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return new Ended(NOT_FOUND, all + " did not end within " + LIMIT_S + " s");
      }
      return new Ended(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
    } finally {
      Files.delete(output);
    }
  }
}
