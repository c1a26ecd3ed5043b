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

  /** An episode that was opened, with every stretch in which it was open. */
  record Opened(List<Run> stretches) {
    Run first() {
      return stretches.get(0);
    }
  }

  private final List<Run> truth;
  private final List<Opened> opened;
  private final boolean[] isDouble;
  private final boolean[] isSeen;
  private final int enough;

  /**
   * @param isAgain values with which one that had ended came back
   */
  EpisodeMatch(
      boolean[] isDouble, boolean[] isOpen, boolean[] isAgain, boolean[] isSeen, int enough) {
    List<Run> lasting = new ArrayList<>(runs(isDouble, JOIN));
    lasting.removeIf(run -> longest(isDouble, run) < enough);
    this.truth = List.copyOf(lasting);
    this.opened = opened(runs(isOpen, 0), isAgain);
    this.isDouble = isDouble;
    this.isSeen = isSeen;
    this.enough = enough;
  }

  List<Run> truth() {
    return truth;
  }

  List<Opened> opened() {
    return opened;
  }

  private List<Run> stretches() {
    return opened.stream().flatMap(each -> each.stretches().stream()).toList();
  }

  private static List<Opened> opened(List<Run> stretches, boolean[] isAgain) {
    List<Opened> opened = new ArrayList<>();
    for (Run stretch : stretches) {
      if (isAgain[stretch.from()]) {
        opened.get(opened.size() - 1).stretches().add(stretch);
      } else {
        opened.add(new Opened(new ArrayList<>(List.of(stretch))));
      }
    }
    return opened;
  }

  /**
   * The first of the windows in a row that make it a true episode. Where chance parts a first
   * window from them, that one is not yet an episode.
   */
  int begin(Run episode) {
    int current = 0;
    for (int i = episode.from(); i < episode.to(); i++) {
      current = isDouble[i] ? current + 1 : 0;
      if (current == enough) {
        return i - enough + 1;
      }
    }
    throw new IllegalArgumentException("no true episode: " + episode);
  }

  /** Windows from one to the opening of a true episode; -1 where it was missed. */
  int delay(Run episode, int from) {
    for (Run run : stretches()) {
      if (isOf(run, episode)) {
        return seen(from, Math.max(run.from(), from));
      }
    }
    return -1;
  }

  /** Windows from one to the end of the last opening of a true episode; -1 where missed. */
  int afterwards(Run episode, int from) {
    int end = -1;
    for (Run run : stretches()) {
      if (isOf(run, episode)) {
        end = Math.max(end, run.to());
      }
    }
    return end < 0 ? -1 : seen(from, Math.max(end, from));
  }

  private static boolean isOf(Run run, Run episode) {
    return run.from() < episode.to() + LATE && run.to() > episode.from();
  }

  /** Whether any of its stretches is of a true episode. */
  boolean isTrue(Opened episode) {
    return episode.stretches().stream().anyMatch(this::isTrue);
  }

  boolean isTrue(Run run) {
    return truth.stream().anyMatch(episode -> isOf(run, episode));
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
