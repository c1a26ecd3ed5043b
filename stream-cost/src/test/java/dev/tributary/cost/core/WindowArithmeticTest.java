package dev.tributary.cost.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.cost.LedgerEntries;
import dev.tributary.cost.MeasureTotals;
import dev.tributary.runtime.testing.Seeds;
import dev.tributary.schemas.LedgerEntry;
import dev.tributary.schemas.Window;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The laws of windows over seeded random ledgers: order, splitting, retraction, conservation. */
class WindowArithmeticTest {
  private static final int LINES = 600;
  private static final int MINUTES = 7;

  static Stream<Long> seeds() {
    return Seeds.many(20);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void windows_anyOrderAndSplit_sameSums(long seed) {
    Random random = new Random(seed);
    List<LedgerEntry> entries = LedgerEntries.random(random, LINES, MINUTES);
    Map<String, PartialWindow> inOrder = combine(entries, Integer.MAX_VALUE, random);

    List<LedgerEntry> shuffled = new ArrayList<>(entries);
    Collections.shuffle(shuffled, random);
    Map<String, PartialWindow> splitAndShuffled = combine(shuffled, 17, random);

    assertThat(splitAndShuffled).as("seed %d", seed).isEqualTo(inOrder);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void windows_everythingRetracted_empty(long seed) {
    Random random = new Random(seed);
    List<LedgerEntry> entries = LedgerEntries.random(random, LINES, MINUTES);
    List<LedgerEntry> both = opposites(entries);
    both.addAll(entries);
    Collections.shuffle(both, random);

    Map<String, PartialWindow> windows = combine(both, 23, random);

    assertThat(windows).as("seed %d", seed).isNotEmpty();
    assertThat(windows.values()).as("seed %d", seed).allMatch(PartialWindow::isEmpty);
  }

  /** What takes each entry back, retractions too. */
  private static List<LedgerEntry> opposites(List<LedgerEntry> entries) {
    List<LedgerEntry> opposites = new ArrayList<>();
    for (LedgerEntry entry : entries) {
      LedgerEntry opposite = LedgerEntries.retracted(entry);
      opposite.setSign(-entry.getSign());
      opposites.add(opposite);
    }
    return opposites;
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void windows_eachGroupingSet_sumsToTheLedger(long seed) {
    Random random = new Random(seed);
    List<LedgerEntry> entries = LedgerEntries.random(random, LINES, MINUTES);

    Map<String, List<Window>> bySet = new HashMap<>();
    combine(entries, 50, random)
        .forEach(
            (key, sums) -> {
              String recordKey = key.substring(0, key.lastIndexOf('@'));
              long start = Long.parseLong(key.substring(key.lastIndexOf('@') + 1));
              Window window = Windows.toRecord(recordKey, start, 1, false, sums);
              bySet.computeIfAbsent(window.getGroupingSet(), s -> new ArrayList<>()).add(window);
            });

    assertThat(bySet).hasSize(GroupingSet.DEFAULTS.size());
    bySet.forEach(
        (set, windows) ->
            assertThat(MeasureTotals.ofWindows(windows))
                .as("seed %d, grouping set %s", seed, set)
                .isEqualTo(MeasureTotals.ofEntries(entries, set)));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void partial_throughBytes_same(long seed) {
    Random random = new Random(seed);
    WindowCodec codec = new WindowCodec();
    List<LedgerEntry> all = opposites(LedgerEntries.random(random, LINES, MINUTES / 2));
    all.addAll(LedgerEntries.random(random, LINES, MINUTES));
    combine(all, 50, random)
        .values()
        .forEach(
            sums -> {
              MergeInput.Partial partial = new MergeInput.Partial(LedgerEntries.BASE_US, 9, sums);
              assertThat(codec.decodeInput(codec.encode(partial))).isEqualTo(partial);
              WindowState state = new WindowState(7, sums);
              assertThat(codec.decodeState(codec.encode(state))).isEqualTo(state);
            });
  }

  /** Combines entries in batches, as tasks do, and merges the parts, in any order of batches. */
  private static Map<String, PartialWindow> combine(
      List<LedgerEntry> entries, int batch, Random random) {
    List<Map<CellKey, CombinedPart>> drained = new ArrayList<>();
    EntryCells cells = new EntryCells(GroupingSet.DEFAULTS);
    Map<CellKey, CombinedPart> parts = new HashMap<>();
    for (int i = 0; i < entries.size(); i++) {
      cells.read(entries.get(i));
      for (int set = 0; set < cells.sets(); set++) {
        if (cells.enters(set)) {
          cells
              .contribution(set)
              .addTo(parts.computeIfAbsent(cells.key(set), key -> new CombinedPart()));
        }
      }
      if (i % batch == batch - 1) {
        drained.add(parts);
        parts = new HashMap<>();
      }
    }
    drained.add(parts);
    Collections.shuffle(drained, random);
    Map<String, PartialWindow> windows = new HashMap<>();
    for (Map<CellKey, CombinedPart> drain : drained) {
      drain.forEach(
          (key, part) ->
              windows
                  .computeIfAbsent(key.toString(), text -> new PartialWindow())
                  .merge(part.sums()));
    }
    return windows;
  }
}
