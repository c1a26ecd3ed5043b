package dev.tributary.standalone.e2e;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A disk of few bytes in memory, seen at its folder by the processes that are started on it and by
 * no other. It is gone when it is closed, or when this process ends. Linux only.
 */
final class SmallDisk implements AutoCloseable {
  private static final String MOUNTED = "mounted";
  private static final int CHUNK = 1 << 20;

  private final Path folder;
  private final Process holder;

  private SmallDisk(Path folder, Process holder) {
    this.folder = folder;
    this.holder = holder;
  }

  /** Makes one; skips the test where no mount namespace may be made. */
  static SmallDisk make(Path folder, int mebibytes) throws IOException {
    Files.createDirectories(folder);
    Process holder =
        new ProcessBuilder(
                "unshare",
                "-rm",
                "sh",
                "-c",
                "mount -t tmpfs -o size=\"$1\" none \"$0\" && echo " + MOUNTED + " && exec cat",
                folder.toString(),
                mebibytes + "m")
            .redirectErrorStream(true)
            .start();
    BufferedReader output = holder.inputReader(StandardCharsets.UTF_8);
    String said = output.readLine();
    assumeTrue(MOUNTED.equals(said), () -> "no disk can be mounted here (unshare -rm): " + said);
    return new SmallDisk(folder, holder);
  }

  /** Its folder, as processes on it see it. */
  Path folder() {
    return folder;
  }

  /** The same as this process sees it. */
  Path seen() {
    return Path.of("/proc", Long.toString(holder.pid()), "root", folder.toString());
  }

  /** To be put before the command of a process that is to see it. */
  List<String> launcher() {
    String target = Long.toString(holder.pid());
    return List.of("nsenter", "-t", target, "-U", "-m", "--preserve-credentials");
  }

  /** Writes until nothing more fits; answers the mebibytes it took. */
  int fill() {
    int chunks = 0;
    try (OutputStream filler = Files.newOutputStream(filler())) {
      while (true) {
        filler.write(new byte[CHUNK]);
        chunks++;
      }
    } catch (IOException e) {
      return chunks;
    }
  }

  /** Takes away what {@link #fill} wrote. */
  void free() throws IOException {
    Files.delete(filler());
  }

  private Path filler() {
    return seen().resolve("filler");
  }

  @Override
  public void close() {
    holder.destroyForcibly();
    try {
      holder.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(new IOException("interrupted", e));
    }
  }
}
