package dev.tributary.standalone.e2e;

import dev.tributary.runtime.testing.ChildProcess;
import dev.tributary.standalone.e2e.ChainCluster.Part;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;

/** The processes of a chain: one of each part, and those that another one has replaced. */
final class ChainChildren {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Map<Part, ChildProcess> current = new EnumMap<>(Part.class);
  private final Map<Part, ChildProcess> replaced = new EnumMap<>(Part.class);
  private final Map<Part, Integer> replacements = new EnumMap<>(Part.class);
  private final List<ChildProcess> broughtBack = new ArrayList<>();

  void put(Part part, ChildProcess child) {
    current.put(part, child);
  }

  ChildProcess of(Part part) {
    return Objects.requireNonNull(current.get(part), () -> part + " was never started");
  }

  /** SIGSTOP, to be replaced; one that was replaced before is killed. */
  void pause(Part part) {
    try {
      of(part).pause();
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted while " + part + " was stopped", e);
    }
    ChildProcess before = replaced.put(part, of(part));
    if (before != null) {
      before.close();
    }
    replacements.merge(part, 1, Integer::sum);
  }

  /** SIGTERM, and the end that was asked for. */
  void stop(Part part) {
    of(part).terminate();
    try {
      of(part).awaitExit(PATIENCE);
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted while " + part + " stopped", e);
    }
  }

  int replacements(Part part) {
    return replacements.getOrDefault(part, 0);
  }

  /** SIGCONT of the one that was replaced. */
  void bringBack(Part part) {
    ChildProcess child = Objects.requireNonNull(replaced.get(part), "never replaced");
    try {
      child.resume();
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted while " + part + " was brought back", e);
    }
    broughtBack.add(child);
  }

  /** How many that were brought back were refused what they had under way. */
  long refused() {
    return broughtBack.stream()
        .map(ChildProcess::output)
        .filter(text -> text.contains("is being fenced") || text.contains("thread is replaced"))
        .count();
  }

  void forEach(BiConsumer<Part, ChildProcess> action) {
    current.forEach(action);
    replaced.forEach(action);
  }
}
