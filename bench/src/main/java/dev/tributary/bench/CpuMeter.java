package dev.tributary.bench;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** CPU time of several processes since the meter was made. */
final class CpuMeter {
  private final Map<String, Supplier<ProcessUse>> processes;
  private final Map<String, Duration> before;

  /** Starts measuring processes, named in the order they are shown in. */
  CpuMeter(Map<String, Supplier<ProcessUse>> processes) {
    this.processes = new LinkedHashMap<>(processes);
    this.before = now();
  }

  /** CPU time of each since the start. */
  Map<String, Duration> read() {
    Map<String, Duration> used = now();
    used.replaceAll((name, cpu) -> cpu.minus(before.getOrDefault(name, Duration.ZERO)));
    return used;
  }

  private Map<String, Duration> now() {
    Map<String, Duration> now = new LinkedHashMap<>();
    processes.forEach((name, use) -> now.put(name, use.get().cpu()));
    return now;
  }
}
