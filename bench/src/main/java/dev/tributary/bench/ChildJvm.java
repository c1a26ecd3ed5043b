package dev.tributary.bench;

import dev.tributary.runtime.config.ProcessEnvironment;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One of our JVMs in a process of its own: started, told by lines on its standard input, answering
 * by lines on its standard output. It ends when its input ends, so it never outlives the bench, and
 * before the working folder goes.
 */
final class ChildJvm implements AutoCloseable {
  /** First word of the line that says a child can work. */
  static final String READY = "READY";

  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(40);

  private final String name;
  private final Process process;
  private final AtEnd atEnd;
  private final BufferedReader answers;
  private final Writer commands;
  private final Path log;

  private ChildJvm(String name, Process process, Path log) {
    this.name = name;
    this.process = process;
    this.atEnd = AtEnd.hold(() -> UpProcess.end(process));
    this.log = log;
    this.answers =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    this.commands = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8);
  }

  /**
   * Starts a main class on our own class path.
   *
   * @param folder where its log goes, {@code <name>.log}
   */
  static ChildJvm start(
      String name, String mainClass, Path folder, List<String> jvmOptions, List<String> args) {
    ProcessEnvironment environment = ProcessEnvironment.current();
    List<String> command = new ArrayList<>();
    command.add(environment.javaCommand().toString());
    command.addAll(
        List.of(
            "-Xshare:auto",
            "-XX:+UseParallelGC",
            "-Dorg.apache.avro.SERIALIZABLE_PACKAGES=dev.tributary.schemas",
            "-Dorg.apache.avro.specific.use_custom_coders=true",
            "-Dorg.apache.avro.fastread=true"));
    command.addAll(jvmOptions);
    command.addAll(List.of("-cp", environment.classPath(), mainClass));
    command.addAll(args);
    Path log = folder.resolve(name + ".log");
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectError(ProcessBuilder.Redirect.to(log.toFile()))
              .start();
      return new ChildJvm(name, process, log);
    } catch (IOException e) {
      throw new BenchException("cannot start " + name, e);
    }
  }

  /** Waits for {@code READY}; what follows the word. */
  String awaitReady() {
    return awaitAnswer(READY);
  }

  /** Sends a line and waits for the answer that begins with a word; what follows it. */
  String ask(String command, String answer) {
    try {
      commands.write(command + '\n');
      commands.flush();
    } catch (IOException e) {
      throw new BenchException(name + " does not listen any more:\n" + lastLines(), e);
    }
    return awaitAnswer(answer);
  }

  private String awaitAnswer(String word) {
    try {
      for (String line = answers.readLine(); line != null; line = answers.readLine()) {
        if (line.startsWith(word)) {
          return line.substring(word.length()).strip();
        }
      }
    } catch (IOException e) {
      throw new BenchException("cannot read from " + name, e);
    }
    throw new BenchException(name + " ended before it said " + word + ":\n" + lastLines());
  }

  /** The end of its log: the working folder is removed with everything in it. */
  private String lastLines() {
    try {
      List<String> lines = Files.readAllLines(log);
      return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
    } catch (IOException e) {
      return "no log at " + log;
    }
  }

  String name() {
    return name;
  }

  ProcessUse use() {
    return ProcessUse.of(process.pid());
  }

  /** Throws when it has ended. */
  void checkAlive() {
    if (!process.isAlive()) {
      throw new BenchException(name + " ended with " + process.exitValue() + ":\n" + lastLines());
    }
  }

  @Override
  public void close() {
    try {
      commands.close();
      if (!process.waitFor(STOP_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (IOException e) {
      process.destroyForcibly();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    atEnd.close();
  }
}
