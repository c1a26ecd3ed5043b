package dev.tributary.standalone.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** {@code ./tributary} as a real process; its output goes to files. Closing kills it. */
final class LauncherProcess implements AutoCloseable {
  /** What the launcher itself needs. */
  private static final List<String> TOOLS =
      List.of(
          "bash",
          "env",
          "dirname",
          "readlink",
          "sed",
          "head",
          "find",
          "cat",
          "mktemp",
          "tee",
          "grep",
          "rm");

  private final Process process;
  private final Path output;
  private final Path errors;

  private LauncherProcess(Process process, Path output, Path errors) {
    this.process = process;
    this.output = output;
    this.errors = errors;
  }

  /** How to start it. */
  static final class Setup {
    private final Path folder;
    private @Nullable Path tools;
    private @Nullable Path root;

    private Setup(Path folder) {
      this.folder = folder;
    }

    /** A PATH with nothing but what the launcher itself needs. */
    Setup withoutMavenAndNpm() throws IOException {
      Path bin = Files.createDirectories(folder.resolve("bin"));
      for (String tool : TOOLS) {
        Path wrapper = bin.resolve(tool);
        Files.writeString(wrapper, "#!/bin/sh\nexec %s \"$@\"\n".formatted(find(tool)));
        if (!wrapper.toFile().setExecutable(true)) {
          throw new IOException("cannot make " + wrapper + " executable");
        }
      }
      tools = bin;
      return this;
    }

    /** Looks for the engine's library below another folder than the project's. */
    Setup withRoot(Path other) {
      root = other;
      return this;
    }

    LauncherProcess start(String... arguments) throws IOException {
      Path project = Path.of(System.getProperty("tributary.root", "..")).toAbsolutePath();
      List<String> command = new ArrayList<>();
      command.add(project.resolve("tributary").toString());
      command.addAll(List.of(arguments));
      Path output = Files.createTempFile(folder, "launcher", ".out");
      Path errors = Files.createTempFile(folder, "launcher", ".err");
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectOutput(output.toFile())
              .redirectError(errors.toFile());
      builder.environment().put("JAVA_HOME", System.getProperty("java.home", ""));
      builder.environment().put("JAVA_OPTS", javaOptions());
      Path bin = tools;
      if (bin != null) {
        builder.environment().put("PATH", bin.toString());
      }
      return new LauncherProcess(builder.start(), output, errors);
    }

    private String javaOptions() {
      Path other = root;
      if (other != null) {
        return "-Dtributary.root=" + other;
      }
      // The engine that this JVM was told to use, its launcher uses too.
      String library = System.getProperty("tributary.chdb.library", "");
      return "-XX:TieredStopAtLevel=1"
          + (library.isEmpty() ? "" : " -Dtributary.chdb.library=" + library);
    }

    private static Path find(String tool) {
      return Stream.of(System.getenv("PATH").split(":"))
          .map(folder -> Path.of(folder, tool))
          .filter(Files::isExecutable)
          .findFirst()
          .orElseThrow(() -> new IllegalStateException("no " + tool + " on PATH"));
    }
  }

  /** Prepares a start whose files go to a folder. */
  static Setup with(Path folder) {
    return new Setup(folder);
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Waits for the end and answers the code. */
  int awaitExit(Duration timeout) throws InterruptedException {
    if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError("still runs after " + timeout + ": " + output() + errors());
    }
    return process.exitValue();
  }

  /** SIGTERM. */
  void terminate() {
    process.destroy();
  }

  /** SIGKILL, and waits until it is gone. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    awaitExit(Duration.ofSeconds(20));
  }

  String output() {
    return read(output);
  }

  String errors() {
    return read(errors);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
