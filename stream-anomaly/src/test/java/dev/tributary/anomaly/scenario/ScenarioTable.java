package dev.tributary.anomaly.scenario;

import dev.tributary.anomaly.core.explain.CostSplit;
import dev.tributary.anomaly.core.explain.Slice;
import dev.tributary.anomaly.core.explain.SliceSearch;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.TreeMap;

/** What was found, over all series. */
final class ScenarioTable {
  private static final double LEAST_CALLS = 30;

  private final double seriesWeeks;
  private final List<Integer> delays = new ArrayList<>();
  private final List<Integer> afterwards = new ArrayList<>();
  private int truth;
  private int opened;
  private int falseEpisodes;
  private int explained;
  private int rightSlice;
  private int rightFactor;
  private int quiet;
  private int quietNamed;

  ScenarioTable(double seriesWeeks) {
    this.seriesWeeks = seriesWeeks;
  }

  void add(EpisodeMatch match, List<Injection> injections, SeriesShape shape, Random random) {
    for (EpisodeMatch.Run episode : match.truth()) {
      truth++;
      int delay = match.delay(episode);
      if (delay >= 0) {
        delays.add(delay);
        afterwards.add(match.afterwards(episode));
      }
    }
    opened += match.opened().size();
    falseEpisodes += (int) match.opened().stream().filter(run -> !match.isTrue(run)).count();
    double calls = Math.max(LEAST_CALLS, shape.calls()) * 5;
    for (Injection injection : injections) {
      explain(injection, new CellWorld(random, calls, injection.scenario(), 4));
    }
    quiet++;
    CellWorld nothing = new CellWorld(random, calls, null, 1);
    quietNamed += SliceSearch.search(nothing.table()).isEmpty() ? 0 : 1;
  }

  private void explain(Injection injection, CellWorld world) {
    explained++;
    List<Slice> slices = SliceSearch.search(world.table());
    boolean isRight =
        !slices.isEmpty()
            && new TreeMap<>(slices.get(0).values())
                .equals(injection.scenario().sliceOf(world.target()));
    rightSlice += isRight ? 1 : 0;
    CostSplit split = CostSplit.of(world.before(), world.after());
    rightFactor += split.leading() == injection.scenario().factor() ? 1 : 0;
  }

  double recall() {
    return (double) delays.size() / Math.max(1, truth);
  }

  double precision() {
    return (double) (opened - falseEpisodes) / Math.max(1, opened);
  }

  double falsePerSeriesWeek() {
    return falseEpisodes / seriesWeeks;
  }

  /** Share of the episodes found that were found within so many windows after the first. */
  double foundWithin(int windows) {
    return delays.stream().filter(delay -> delay <= windows).count()
        / (double) Math.max(1, delays.size());
  }

  double resolvedWithin(int windows) {
    return afterwards.stream().filter(after -> after <= windows).count()
        / (double) Math.max(1, afterwards.size());
  }

  double sliceRight() {
    return (double) rightSlice / Math.max(1, explained);
  }

  double factorRight() {
    return (double) rightFactor / Math.max(1, explained);
  }

  /** Share of the comparisons without a change in which a cause was named all the same. */
  double namedForNothing() {
    return (double) quietNamed / Math.max(1, quiet);
  }

  String row(String name) {
    return String.format(
        Locale.ROOT,
        "| %s | %d | %.3f | %.3f | %d (%.4f) | %.3f | %.3f | %.3f | %.3f | %.3f |",
        name,
        truth,
        recall(),
        precision(),
        falseEpisodes,
        falsePerSeriesWeek(),
        foundWithin(1),
        resolvedWithin(3),
        sliceRight(),
        factorRight(),
        namedForNothing());
  }

  static String header() {
    return "| run | true | recall | precision | false (per series-week) | found in 2 windows |"
        + " resolved in 3 | slice right | factor right | named for nothing |\n"
        + "|---|---|---|---|---|---|---|---|---|---|";
  }
}
