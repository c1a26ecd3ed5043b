package dev.tributary.bench;

import dev.tributary.runtime.config.ProcessEnvironment;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** {@code ./tributary up} as a process of its own, on free ports. Not for several threads. */
final class UpProcess implements AutoCloseable {
  private static final Duration READY_TIMEOUT = Duration.ofMinutes(5);
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(60);
  private static final int PORTS = 6;
  private static final int FIRST_PORT = 20_000;
  private static final int LAST_PORT = 30_000;

  private final Process process;
  private final AtEnd atEnd;
  private final double readySeconds;

  private UpProcess(Process process, AtEnd atEnd, double readySeconds) {
    this.process = process;
    this.atEnd = atEnd;
    this.readySeconds = readySeconds;
  }

  /**
   * Starts it and waits until it is ready.
   *
   * @param folder of the bench; its data go to {@link #dataOf}
   * @throws BenchException where it ends first or takes minutes
   */
  static UpProcess start(Path folder) throws IOException, InterruptedException {
    Path ready = folder.resolve("bench-ready.json");
    Files.deleteIfExists(ready);
    Path launcher =
        Path.of(ProcessEnvironment.current().properties().getProperty("tributary.root", "."))
            .resolve("tributary");
    Path log = folder.resolve("bench-up.log");
    long start = System.nanoTime();
    Process process =
        new ProcessBuilder(
                launcher.toString(),
                "up",
                "--data",
                dataOf(folder).toString(),
                "--ready-file",
                ready.toString(),
                "--port-base",
                Integer.toString(freePorts()))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    AtEnd atEnd = AtEnd.hold(() -> end(process));
    try {
      awaitReady(process, ready, log, start);
    } catch (IOException | InterruptedException | RuntimeException e) {
      end(process);
      atEnd.close();
      throw e;
    }
    return new UpProcess(process, atEnd, (System.nanoTime() - start) / 1e9);
  }

  private static void awaitReady(Process process, Path ready, Path log, long startNanos)
      throws IOException, InterruptedException {
    while (!Files.exists(ready)) {
      if (process.waitFor(20, TimeUnit.MILLISECONDS)) {
        throw new BenchException(
            "up ended with " + process.exitValue() + ": " + Files.readString(log));
      }
      if (System.nanoTime() - startNanos > READY_TIMEOUT.toNanos()) {
        throw new BenchException(
            "up is not ready after " + READY_TIMEOUT + ": " + Files.readString(log));
      }
    }
  }

  /** Ends a process and all it started: politely, for a while. */
  static void end(Process process) {
    List<ProcessHandle> children = process.descendants().toList();
    process.destroy();
    try {
      if (!process.waitFor(STOP_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    children.forEach(ProcessHandle::destroyForcibly);
  }

  /** Where an instance that is started on a folder keeps its data. */
  static Path dataOf(Path folder) {
    return folder.resolve("data");
  }

  /** From the start of the launcher until the ready file was there. */
  double readySeconds() {
    return readySeconds;
  }

  /** Resident memory of the process and all its children, for a reader. */
  String memory() {
    List<Long> pids = new ArrayList<>(List.of(process.pid()));
    process.descendants().forEach(child -> pids.add(child.pid()));
    List<Long> mebibytes =
        pids.stream().map(pid -> ProcessUse.of(pid).residentBytes() >> 20).toList();
    long all = mebibytes.stream().mapToLong(Long::longValue).sum();
    return "resident " + all + " MiB in " + pids.size() + " processes " + mebibytes;
  }

  /** Throws where it has ended by itself, else returns after the time. */
  void stayAlive(Duration duration) throws InterruptedException {
    if (process.waitFor(duration.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new BenchException("up ended by itself with " + process.exitValue());
    }
  }

  void stop() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(STOP_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
      kill();
      throw new BenchException("up did not stop within " + STOP_TIMEOUT);
    }
  }

  /** SIGKILL to the process alone: its children must notice by themselves. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Ends it if nobody has. */
  @Override
  public void close() {
    if (process.isAlive()) {
      end(process);
    }
    atEnd.close();
  }

  /** The first of a few ports in a row that are free now. */
  private static int freePorts() {
    for (int base = FIRST_PORT; base < LAST_PORT; base += PORTS) {
      if (Stream.iterate(base, port -> port + 1).limit(PORTS).allMatch(UpProcess::isFree)) {
        return base;
      }
    }
    throw new BenchException("no " + PORTS + " free ports in a row");
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort() == port;
    } catch (IOException e) {
      return false;
    }
  }
}
