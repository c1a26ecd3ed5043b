package dev.tributary.bench;

import dev.tributary.runtime.config.ProcessEnvironment;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench up}: how long {@code ./tributary up} takes until it is ready, and its memory. */
@Command(
    name = "up",
    description =
        "Time to ready and resident memory of ./tributary up: cold, again, after kill -9.",
    mixinStandardHelpOptions = true)
final class UpCommand implements Callable<Integer> {
  private static final Duration READY_TIMEOUT = Duration.ofMinutes(5);
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(60);
  private static final int PORTS = 5;
  private static final int FIRST_PORT = 20_000;
  private static final int LAST_PORT = 30_000;

  @Option(names = "--hold", description = "Minutes to watch the memory at the end. Default: 0")
  private int holdMinutes;

  @Option(names = "--dir", paramLabel = "DIR", description = "Parent of the data folder.")
  private Path parent = Path.of("bench/target");

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    out.printf("load average before: %.1f%n", load);
    Files.createDirectories(parent);
    Path data = Files.createTempDirectory(parent, "tributary-up-");
    try {
      Process cold = start(data, "cold", out);
      stop(cold);
      Process again = start(data, "second start", out);
      kill(again);
      Process revived = start(data, "after kill -9", out);
      hold(revived, out);
      stop(revived);
    } finally {
      Folders.delete(data);
    }
    return 0;
  }

  private Process start(Path data, String what, PrintWriter out)
      throws IOException, InterruptedException {
    Path ready = data.resolve("bench-ready.json");
    Files.deleteIfExists(ready);
    Path launcher =
        Path.of(ProcessEnvironment.current().properties().getProperty("tributary.root", "."))
            .resolve("tributary");
    Path log = data.resolve("bench-up.log");
    long start = System.nanoTime();
    Process up =
        new ProcessBuilder(
                launcher.toString(),
                "up",
                "--data",
                data.resolve("data").toString(),
                "--ready-file",
                ready.toString(),
                "--port-base",
                Integer.toString(freePorts()))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    while (!Files.exists(ready)) {
      if (up.waitFor(20, TimeUnit.MILLISECONDS)) {
        throw new BenchException("up ended with " + up.exitValue() + ": " + Files.readString(log));
      }
      if (System.nanoTime() - start > READY_TIMEOUT.toNanos()) {
        kill(up);
        throw new BenchException(
            "up is not ready after " + READY_TIMEOUT + ": " + Files.readString(log));
      }
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    out.printf("%-14s ready after %5.1f s, %s%n", what, seconds, memory(up));
    out.flush();
    return up;
  }

  private void hold(Process up, PrintWriter out) throws InterruptedException {
    for (int minute = 1; minute <= holdMinutes; minute++) {
      if (up.waitFor(1, TimeUnit.MINUTES)) {
        throw new BenchException("up ended by itself with " + up.exitValue());
      }
      out.printf("after %2d min    %s%n", minute, memory(up));
      out.flush();
    }
  }

  /** Resident memory of the process and all its children. */
  private static String memory(Process up) {
    List<Long> pids = new ArrayList<>(List.of(up.pid()));
    up.descendants().forEach(child -> pids.add(child.pid()));
    List<Long> mebibytes =
        pids.stream().map(pid -> ProcessUse.of(pid).residentBytes() >> 20).toList();
    long all = mebibytes.stream().mapToLong(Long::longValue).sum();
    return "resident " + all + " MiB in " + pids.size() + " processes " + mebibytes;
  }

  private static void stop(Process up) throws InterruptedException {
    up.destroy();
    if (!up.waitFor(STOP_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
      kill(up);
      throw new BenchException("up did not stop within " + STOP_TIMEOUT);
    }
  }

  /** SIGKILL to the process alone: its children must notice by themselves. */
  private static void kill(Process up) throws InterruptedException {
    up.destroyForcibly().waitFor();
  }

  /** The first of a few ports in a row that are free now. */
  private static int freePorts() {
    for (int first = FIRST_PORT; first < LAST_PORT; first += PORTS) {
      int base = first;
      if (Stream.iterate(base, port -> port + 1).limit(PORTS).allMatch(UpCommand::isFree)) {
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
