package dev.tributary.embedded.clickhouse;

import java.io.BufferedReader;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One child JVM with the engine: started, ready, ended. Restarting is {@link Supervisor}'s. */
final class ChildProcess implements Supervisor.Child {

  private static final Logger LOGGER = LoggerFactory.getLogger(ChildProcess.class);

  /** From this version on, loading a native library without the flag prints warnings. */
  private static final int FIRST_JAVA_WITH_NATIVE_WARNINGS = 24;

  private static final Duration END_ON_CLOSED_INPUT = Duration.ofSeconds(10);
  private static final Duration END_ON_SIGTERM = Duration.ofSeconds(5);

  private final Process process;
  private final CompletableFuture<Integer> port = new CompletableFuture<>();

  private ChildProcess(Process process) {
    this.process = process;
  }

  /**
   * Starts a child and waits until it serves.
   *
   * @throws EmbeddedClickHouseException with the child's own reason when it does not start
   */
  static ChildProcess start(ChildSettings settings, Duration timeout) {
    ChildProcess child;
    try {
      ProcessBuilder builder = new ProcessBuilder(command(settings.dataDir()));
      // Hours and days in SQL must not depend on where the process runs.
      builder.environment().put("TZ", "UTC");
      // The JVM's own threads need no malloc arena each; the engine has its own allocator.
      builder.environment().put("MALLOC_ARENA_MAX", "2");
      child = new ChildProcess(builder.start());
    } catch (IOException e) {
      throw new EmbeddedClickHouseException(
          "cannot start the ClickHouse child process: " + e.getMessage(), e);
    }
    child.follow();
    try {
      settings.writeTo(new DataOutputStream(child.process.getOutputStream()));
    } catch (IOException e) {
      LOGGER.debug("the child closed its input early", e);
    }
    child.awaitReady(timeout);
    return child;
  }

  private static List<String> command(Path dataDir) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // The engine's memory is outside the heap; the heap holds request buffers only.
    command.add("-Xmx192m");
    command.add("-Xms16m");
    command.add("-XX:+UseSerialGC");
    command.add("-XX:MaxDirectMemorySize=32m");
    command.add("-XX:ReservedCodeCacheSize=48m");
    command.add("-XX:+ExitOnOutOfMemoryError");
    command.add("-XX:-CreateCoredumpOnCrash");
    command.add("-XX:ErrorFile=" + dataDir.resolve("hs_err_pid%p.log"));
    command.add("-Dsun.net.httpserver.nodelay=true");
    command.add("-Dsun.net.httpserver.idleInterval=600");
    command.add("-Djdk.httpserver.maxConnections=256");
    // An INSERT that is refused early must still read its error: take the rest of its body.
    command.add("-Dsun.net.httpserver.drainAmount=" + (64 << 20));
    if (Runtime.version().feature() >= FIRST_JAVA_WITH_NATIVE_WARNINGS) {
      command.add("--enable-native-access=ALL-UNNAMED");
    }
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(ChdbServerMain.class.getName());
    return command;
  }

  private void follow() {
    startDaemon("clickhouse-stdout-" + pid(), this::followOutput);
    startDaemon("clickhouse-stderr-" + pid(), this::followErrors);
  }

  private static void startDaemon(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
  }

  private void followOutput() {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      lines.lines().forEach(this::onLine);
    } catch (IOException | UncheckedIOException e) {
      LOGGER.debug("the child's output broke off", e);
    }
    port.completeExceptionally(
        new EmbeddedClickHouseException("the ClickHouse child process ended before it was ready"));
  }

  private void onLine(String line) {
    if (line.startsWith(ChdbServerMain.READY)) {
      String[] words = line.substring(ChdbServerMain.READY.length()).split(" ");
      port.complete(Integer.valueOf(words[0]));
    } else if (line.startsWith(ChdbServerMain.FAILED)) {
      port.completeExceptionally(
          new EmbeddedClickHouseException(line.substring(ChdbServerMain.FAILED.length())));
    } else {
      LOGGER.atDebug().addKeyValue("pid", pid()).log(line);
    }
  }

  private void followErrors() {
    try (BufferedReader lines = process.errorReader(StandardCharsets.UTF_8)) {
      lines.lines().forEach(line -> LOGGER.atWarn().addKeyValue("pid", pid()).log(line));
    } catch (IOException | UncheckedIOException e) {
      LOGGER.debug("the child's error output broke off", e);
    }
  }

  private void awaitReady(Duration timeout) {
    try {
      port.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      process.destroyForcibly();
      if (e.getCause() instanceof EmbeddedClickHouseException reason) {
        throw reason;
      }
      throw new EmbeddedClickHouseException("the ClickHouse child process failed", e.getCause());
    } catch (TimeoutException e) {
      process.destroyForcibly();
      throw new EmbeddedClickHouseException(
          "the ClickHouse child process was not ready within " + timeout.toSeconds() + " s", e);
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new EmbeddedClickHouseException("interrupted while ClickHouse started", e);
    }
  }

  int port() {
    return port.join();
  }

  @Override
  public long pid() {
    return process.pid();
  }

  @Override
  public boolean isAlive() {
    return process.isAlive();
  }

  @Override
  public int waitFor() throws InterruptedException {
    return process.waitFor();
  }

  /** Ends the child: by closing its input, then by SIGTERM, then by SIGKILL. */
  @Override
  public void stop() {
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      LOGGER.debug("the child's input was closed already", e);
    }
    try {
      if (process.waitFor(END_ON_CLOSED_INPUT.toSeconds(), TimeUnit.SECONDS)) {
        return;
      }
      process.destroy();
      if (!process.waitFor(END_ON_SIGTERM.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
