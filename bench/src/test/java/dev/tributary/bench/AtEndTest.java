package dev.tributary.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.runtime.config.ProcessEnvironment;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the bench starts ends with it. */
final class AtEndTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @TempDir Path temporary;

  /** Starts what outlives a JVM that is told to end, unless somebody ends it. */
  static final class Holder {
    private Holder() {}

    public static void main(String[] args) throws IOException, InterruptedException {
      Path folder = Folders.working(Path.of(args[0]), "held-");
      Process child = new ProcessBuilder("sleep", "600").start();
      AtEnd.hold(() -> UpProcess.end(child));
      System.out.println(child.pid() + " " + folder);
      child.waitFor();
    }
  }

  @Test
  void bench_thatIsTerminated_leavesNoProcessAndNoFolder() throws Exception {
    Process bench =
        new ProcessBuilder(
                ProcessEnvironment.current().javaCommand().toString(),
                "-cp",
                ProcessEnvironment.current().classPath(),
                Holder.class.getName(),
                temporary.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String line =
        new BufferedReader(new InputStreamReader(bench.getInputStream(), StandardCharsets.UTF_8))
            .readLine();
    assertThat(line).isNotNull();
    String[] words = line.split(" ", 2);
    ProcessHandle child = ProcessHandle.of(Long.parseLong(words[0])).orElseThrow();
    Path folder = Path.of(words[1]);
    assertThat(folder).exists();

    bench.destroy();

    try {
      assertThat(bench.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
      assertThat(child.isAlive()).isFalse();
      assertThat(Files.exists(folder)).isFalse();
    } finally {
      child.destroyForcibly();
      bench.destroyForcibly();
    }
  }

  @Test
  void tasks_runLastFirst_onceAndWithoutThoseThatWereClosed() {
    List<String> ran = new ArrayList<>();
    AtEnd.hold(() -> ran.add("first"));
    AtEnd closed = AtEnd.hold(() -> ran.add("closed"));
    AtEnd.hold(
        () -> {
          throw new IllegalStateException("of a test");
        });
    AtEnd.hold(() -> ran.add("last"));
    closed.close();

    AtEnd.runAll();
    AtEnd.runAll();

    assertThat(ran).containsExactly("last", "first");
  }
}
