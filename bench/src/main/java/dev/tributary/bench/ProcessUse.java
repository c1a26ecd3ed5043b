package dev.tributary.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What a process has used so far.
 *
 * @param cpu user and system time of all its threads since its start; resolution 10 ms on Linux
 * @param residentBytes resident memory now; 0 where the system has no {@code /proc}
 */
record ProcessUse(Duration cpu, long residentBytes) {
  private static final String RESIDENT = "VmRSS:";

  /** Of a living process; zero of one that has ended. */
  static ProcessUse of(long pid) {
    Duration cpu =
        ProcessHandle.of(pid)
            .flatMap(process -> process.info().totalCpuDuration())
            .orElse(Duration.ZERO);
    return new ProcessUse(cpu, resident(Path.of("/proc", Long.toString(pid), "status")));
  }

  private static long resident(Path status) {
    if (!Files.isReadable(status)) {
      return 0;
    }
    try {
      List<String> lines = Files.readAllLines(status);
      for (String line : lines) {
        if (line.startsWith(RESIDENT)) {
          String kibibytes = line.substring(RESIDENT.length()).replace("kB", "").strip();
          return Long.parseLong(kibibytes) << 10;
        }
      }
      return 0;
    } catch (IOException e) {
      // The process ended between the check and the read.
      return 0;
    }
  }
}
