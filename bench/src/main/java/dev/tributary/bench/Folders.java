package dev.tributary.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** Working folders of the benchmarks. */
final class Folders {
  private Folders() {}

  /** A new folder that does not outlive the bench; the caller removes it earlier. */
  static Path working(Path parent, String prefix) throws IOException {
    Path folder = kept(parent, prefix);
    // Held to the end: where it has gone already, there is nothing to do.
    AtEnd.hold(() -> delete(folder));
    return folder;
  }

  /** A new folder that nobody removes. */
  static Path kept(Path parent, String prefix) throws IOException {
    Files.createDirectories(parent);
    return Files.createTempDirectory(parent, prefix);
  }

  /** Removes a folder with everything in it, where it is there; says so where it cannot. */
  static void delete(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException | UncheckedIOException e) {
      // Two that remove it at once, as at an interrupt, get in each other's way.
      if (Files.exists(folder)) {
        System.err.println("cannot remove " + folder + ": " + e.getMessage());
      }
    }
  }

  /** Bytes of all files in a folder that others write to; 0 where there is none. */
  static long bytes(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return 0;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).mapToLong(Folders::bytesOf).sum();
    } catch (UncheckedIOException e) {
      // RocksDB removes files while we walk; the rest of the walk is lost with it.
      return bytes(folder);
    }
  }

  private static long bytesOf(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      return 0; // merged into another one since it was listed
    }
  }
}
