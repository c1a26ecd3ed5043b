package dev.tributary.anomaly.scenario;

import java.util.ArrayList;
import java.util.List;

/** True episodes of a series against those that were opened. */
final class EpisodeMatch {
  /** An episode that ends and comes back within so many windows is one. */
  private static final int JOIN = 3;

  /** Windows after a true episode in which an opening still belongs to it. */
  private static final int LATE = 2;

  /** A run of windows, the end excluded. */
  record Run(int from, int to) {}

  private final List<Run> truth;
  private final List<Run> opened;
  private final boolean[] isSeen;

  EpisodeMatch(boolean[] isDouble, boolean[] isOpen, boolean[] isSeen, int enough) {
    List<Run> lasting = new ArrayList<>(runs(isDouble, JOIN));
    lasting.removeIf(run -> longest(isDouble, run) < enough);
    this.truth = List.copyOf(lasting);
    this.opened = runs(isOpen, 0);
    this.isSeen = isSeen;
  }

  List<Run> truth() {
    return truth;
  }

  List<Run> opened() {
    return opened;
  }

  /** Windows from the start of a true episode to its opening; -1 where it was missed. */
  int delay(Run episode) {
    for (Run run : opened) {
      if (run.from() < episode.to() + LATE && run.to() > episode.from()) {
        return seen(episode.from(), Math.max(run.from(), episode.from()));
      }
    }
    return -1;
  }

  /** Windows from the end of a true episode to the end of its last opening; -1 where missed. */
  int afterwards(Run episode) {
    int end = -1;
    for (Run run : opened) {
      if (run.from() < episode.to() + LATE && run.to() > episode.from()) {
        end = Math.max(end, run.to());
      }
    }
    return end < 0 ? -1 : seen(episode.to(), Math.max(end, episode.to()));
  }

  boolean isTrue(Run run) {
    return truth.stream()
        .anyMatch(episode -> run.from() < episode.to() + LATE && run.to() > episode.from());
  }

  private int seen(int from, int to) {
    int seen = 0;
    for (int i = from; i < to; i++) {
      seen += isSeen[i] ? 1 : 0;
    }
    return seen;
  }

  private static int longest(boolean[] flags, Run run) {
    int longest = 0;
    int current = 0;
    for (int i = run.from(); i < run.to(); i++) {
      current = flags[i] ? current + 1 : 0;
      longest = Math.max(longest, current);
    }
    return longest;
  }

  private static List<Run> runs(boolean[] flags, int join) {
    List<Run> runs = new ArrayList<>();
    int from = -1;
    int last = -1;
    for (int i = 0; i < flags.length; i++) {
      if (flags[i]) {
        if (from < 0) {
          from = i;
        }
        last = i;
      } else if (from >= 0 && i - last > join) {
        runs.add(new Run(from, last + 1));
        from = -1;
      }
    }
    if (from >= 0) {
      runs.add(new Run(from, last + 1));
    }
    return runs;
  }
}
