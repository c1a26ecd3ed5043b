package dev.tributary.runtime.testing;

import dev.tributary.runtime.config.ProcessEnvironment;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * A main class in a JVM of its own on the test's class path, to be killed by SIGKILL at any moment.
 * Closing kills it. Its output is kept, standard error included.
 */
public final class ChildProcess implements AutoCloseable {
  private static final int KEPT_LINES = 5_000;

  private final String name;
  private final Process process;
  private final Thread reader;
  private final List<String> lines = new ArrayList<>();
  private boolean hasEnded;

  private ChildProcess(String name, Process process) {
    this.name = name;
    this.process = process;
    this.reader = new Thread(this::read, "output-of-" + name);
    this.reader.setDaemon(true);
    this.reader.start();
  }

  /** Starts a main class with a small heap. */
  public static ChildProcess start(Class<?> main, String... args) {
    return start(main, List.of("-Xmx256m"), Map.of(), args);
  }

  /**
   * Starts a main class.
   *
   * @param jvmArgs heap size, system properties
   * @param environment added to this process's
   */
  public static ChildProcess start(
      Class<?> main, List<String> jvmArgs, Map<String, String> environment, String... args) {
    return startUnder(List.of(), main, jvmArgs, environment, args);
  }

  /**
   * Starts a main class by way of a program that becomes it.
   *
   * @param launcher the program and its arguments, to which the command of the JVM is added; none:
   *     the JVM itself
   */
  public static ChildProcess startUnder(
      List<String> launcher,
      Class<?> main,
      List<String> jvmArgs,
      Map<String, String> environment,
      String... args) {
    ProcessEnvironment own = ProcessEnvironment.current();
    List<String> command = new ArrayList<>(launcher);
    command.add(own.javaCommand().toString());
    command.addAll(
        List.of(
            "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-cp", classPath(own)));
    command.add("-Dorg.apache.avro.SERIALIZABLE_PACKAGES=dev.tributary.schemas");
    command.addAll(jvmArgs);
    command.add(main.getName());
    command.addAll(List.of(args));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    try {
      return new ChildProcess(main.getSimpleName(), builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start " + main.getName(), e);
    }
  }

  /** Surefire may put the class path into a manifest; then it is in a property of its own. */
  private static String classPath(ProcessEnvironment own) {
    String surefire = own.property("surefire.test.class.path");
    return surefire != null ? surefire : own.classPath();
  }

  private void read() {
    try (BufferedReader output =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      String line = output.readLine();
      while (line != null) {
        keep(line);
        line = output.readLine();
      }
    } catch (IOException e) {
      keep("(output ended: " + e.getMessage() + ")");
    } finally {
      synchronized (lines) {
        hasEnded = true;
        lines.notifyAll();
      }
    }
  }

  private void keep(String line) {
    synchronized (lines) {
      if (lines.size() < KEPT_LINES) {
        lines.add(line);
      }
      lines.notifyAll();
    }
  }

  /** Waits for a line that contains a text, and answers it. */
  public String awaitLine(String part, Duration timeout) throws InterruptedException {
    return awaitLine(line -> line.contains(part), "\"" + part + "\"", timeout);
  }

  /**
   * Waits for a line.
   *
   * @throws AssertionError with the output so far, when it ends or the time is over before
   */
  public String awaitLine(Predicate<String> wanted, String what, Duration timeout)
      throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    synchronized (lines) {
      int seen = 0;
      while (true) {
        for (; seen < lines.size(); seen++) {
          if (wanted.test(lines.get(seen))) {
            return lines.get(seen);
          }
        }
        long leftMs = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (hasEnded || leftMs <= 0) {
          throw new AssertionError(
              name
                  + (hasEnded ? " ended" : " did not print")
                  + " before a line with "
                  + what
                  + "; its output:\n"
                  + String.join("\n", lines));
        }
        lines.wait(Math.max(1, leftMs));
      }
    }
  }

  /** SIGKILL: no hook runs. Waits until it is gone. */
  public void kill() throws InterruptedException {
    process.destroyForcibly();
    awaitExit(Duration.ofSeconds(20));
  }

  /** SIGTERM: shutdown hooks run. Does not wait. */
  public void terminate() {
    process.destroy();
  }

  /** SIGSTOP: it stands still, with its connections open. Not on Windows. */
  public void pause() throws InterruptedException {
    signal("STOP");
  }

  /** SIGCONT. */
  public void resume() throws InterruptedException {
    signal("CONT");
  }

  /** Sends it an empty line, for which it may wait. */
  public void sendLine() {
    try {
      OutputStream input = process.getOutputStream();
      input.write('\n');
      input.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot send " + name + " a line", e);
    }
  }

  private void signal(String signal) throws InterruptedException {
    try {
      int code =
          new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor();
      if (code != 0) {
        throw new IllegalStateException("kill -" + signal + " answered " + code);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot send SIG" + signal, e);
    }
  }

  /** Waits for the end and answers the exit code. */
  public int awaitExit(Duration timeout) throws InterruptedException {
    if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError(name + " still runs after " + timeout + ":\n" + output());
    }
    reader.join(timeout.toMillis());
    return process.exitValue();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** The output so far. */
  public String output() {
    synchronized (lines) {
      return String.join("\n", lines);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
