package dev.tributary.embedded.clickhouse;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Finds libchdb, the engine's shared library: the path in the system property {@code
 * tributary.chdb.library}, else the npm package below {@code embedded/native}, which is installed
 * by {@code npm ci} from the committed lock file on first use.
 */
public final class ChdbLibrary {

  /** System property with the library's path. */
  public static final String LIBRARY_PROPERTY = "tributary.chdb.library";

  /** System property with the project's root directory; set by the launcher and the build. */
  public static final String ROOT_PROPERTY = "tributary.root";

  private static final String ALTERNATIVE =
      "; to use a ClickHouse server instead, pass --clickhouse URL";

  private static final Path NATIVE = Path.of("embedded", "native");
  private static final Path LIBRARY =
      Path.of("node_modules", "@chdb", "lib-linux-x64-gnu", "libchdb.so");

  /** npm writes it last, so its presence says that the packages are whole. */
  private static final Path INSTALLED = Path.of("node_modules", ".package-lock.json");

  private static final Duration INSTALL_TIMEOUT = Duration.ofMinutes(15);
  private static final Duration PROGRESS_INTERVAL = Duration.ofSeconds(5);

  private ChdbLibrary() {}

  /**
   * Why the engine cannot run here, or empty when it can: it is published for Linux on x86-64 only.
   */
  public static Optional<String> unsupportedReason() {
    String os = System.getProperty("os.name", "");
    String arch = System.getProperty("os.arch", "");
    boolean isSupported =
        os.toLowerCase(Locale.ROOT).startsWith("linux")
            && (arch.equals("amd64") || arch.equals("x86_64"));
    return isSupported
        ? Optional.empty()
        : Optional.of(
            "the embedded ClickHouse runs on Linux x86-64 only, this is " + os + " " + arch);
  }

  /**
   * The library's path; installs it when it is missing. Two processes may call this at once: one
   * installs, the other waits.
   *
   * @throws EmbeddedClickHouseException when it is not there and cannot be installed
   */
  public static Path locate() {
    unsupportedReason()
        .ifPresent(
            reason -> {
              throw new EmbeddedClickHouseException(reason + ALTERNATIVE);
            });
    String configured = System.getProperty(LIBRARY_PROPERTY, "");
    if (!configured.isBlank()) {
      Path library = Path.of(configured);
      if (!Files.isRegularFile(library)) {
        throw new EmbeddedClickHouseException(
            LIBRARY_PROPERTY + " names no file: " + library + ALTERNATIVE);
      }
      return library.toAbsolutePath();
    }
    Path directory = root().resolve(NATIVE);
    if (!isInstalled(directory)) {
      install(directory);
    }
    return directory.resolve(LIBRARY);
  }

  private static boolean isInstalled(Path directory) {
    return Files.isRegularFile(directory.resolve(LIBRARY))
        && Files.isRegularFile(directory.resolve(INSTALLED));
  }

  private static Path root() {
    String configured = System.getProperty(ROOT_PROPERTY, "");
    if (!configured.isBlank()) {
      return Path.of(configured).toAbsolutePath();
    }
    Path start = Path.of("").toAbsolutePath();
    for (@Nullable Path at = start; at != null; at = at.getParent()) {
      if (Files.isRegularFile(at.resolve(NATIVE).resolve("package.json"))) {
        return at;
      }
    }
    throw new EmbeddedClickHouseException(
        "no "
            + NATIVE.resolve("package.json")
            + " at or above "
            + start
            + "; set -D"
            + ROOT_PROPERTY
            + " to the project's directory"
            + ALTERNATIVE);
  }

  private static void install(Path directory) {
    Path lockFile = directory.resolve(".install.lock");
    try (FileChannel channel =
            FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock held = channel.lock()) {
      if (!held.isValid() || isInstalled(directory)) {
        return;
      }
      runNpm(directory);
    } catch (IOException e) {
      throw new EmbeddedClickHouseException(
          "cannot install the embedded ClickHouse in " + directory + ": " + e + ALTERNATIVE, e);
    }
    if (!isInstalled(directory)) {
      throw new EmbeddedClickHouseException(
          "npm ci left no " + directory.resolve(LIBRARY) + ALTERNATIVE);
    }
  }

  private static void runNpm(Path directory) throws IOException {
    System.err.println(
        "tributary: installing the embedded ClickHouse engine once (npm ci in " + directory + ")");
    Process npm;
    try {
      npm =
          new ProcessBuilder("npm", "ci", "--no-audit", "--no-fund")
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .start();
    } catch (IOException e) {
      throw new EmbeddedClickHouseException(
          "the embedded ClickHouse needs npm, which cannot be started ("
              + e.getMessage()
              + "): install Node.js with npm"
              + ALTERNATIVE,
          e);
    }
    npm.getOutputStream().close();
    Thread output = new Thread(() -> copyToStandardError(npm), "npm-output");
    output.setDaemon(true);
    output.start();
    int status = waitFor(npm);
    if (status != 0) {
      throw new EmbeddedClickHouseException(
          "npm ci failed with status " + status + " in " + directory + ALTERNATIVE);
    }
  }

  private static void copyToStandardError(Process npm) {
    try (BufferedReader lines = npm.inputReader(StandardCharsets.UTF_8)) {
      lines.lines().forEach(line -> System.err.println("npm: " + line));
    } catch (IOException e) {
      System.err.println("npm: output ended: " + e.getMessage());
    }
  }

  private static int waitFor(Process npm) {
    Instant start = Instant.now();
    try {
      while (!npm.waitFor(PROGRESS_INTERVAL.toSeconds(), TimeUnit.SECONDS)) {
        Duration elapsed = Duration.between(start, Instant.now());
        if (elapsed.compareTo(INSTALL_TIMEOUT) > 0) {
          npm.destroyForcibly();
          throw new EmbeddedClickHouseException(
              "npm ci did not end within "
                  + INSTALL_TIMEOUT.toMinutes()
                  + " minutes"
                  + ALTERNATIVE);
        }
        System.err.println("tributary: still installing, " + elapsed.toSeconds() + " s");
      }
      return npm.exitValue();
    } catch (InterruptedException e) {
      npm.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new EmbeddedClickHouseException("interrupted while npm ci ran", e);
    }
  }
}
