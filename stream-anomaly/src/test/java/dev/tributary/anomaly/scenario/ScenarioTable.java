package dev.tributary.anomaly.scenario;

import dev.tributary.anomaly.core.group.CellFact;
import dev.tributary.anomaly.core.group.CellFacts;
import dev.tributary.schemas.Cause;
import dev.tributary.schemas.Cell;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What was found, over all series. */
final class ScenarioTable {
  private final int weeks;
  private final List<Integer> delays = new ArrayList<>();
  private final List<Integer> delaysOfFirst = new ArrayList<>();
  private final List<Integer> afterwards = new ArrayList<>();
  private final List<Integer> afterLastDouble = new ArrayList<>();
  private final Map<Scenario, ScenarioCount> byScenario = new TreeMap<>();
  private final int[] falseByWeek;
  private int truth;
  private int chance;
  private int chanceFound;
  private int opened;
  private int falseEpisodes;
  private int falseOfInjection;
  private int mostOfSeries;
  private int again;
  private int againFalse;
  private int alerts;
  private int falseAlerts;
  private int quiet;
  private int quietNamed;

  ScenarioTable(int weeks) {
    this.weeks = weeks;
    this.falseByWeek = new int[weeks];
  }

  void add(KitRun run) {
    EpisodeMatch match = run.match();
    run.injections().forEach(each -> count(each).add(run, each));
    for (EpisodeMatch.Run episode : match.truth()) {
      int delay = match.delay(episode, match.begin(episode));
      if (!run.isInjected(episode, 0)) {
        chance++;
        chanceFound += delay >= 0 ? 1 : 0;
        continue;
      }
      truth++;
      run.injections().stream()
          .filter(each -> run.isOf(each, episode))
          .findFirst()
          .ifPresent(each -> count(each).found(delay >= 0));
      if (delay >= 0) {
        delays.add(delay);
        delaysOfFirst.add(match.delay(episode, episode.from()));
        afterwards.add(match.afterwards(episode, run.over(episode)));
        afterLastDouble.add(match.afterwards(episode, episode.to()));
      }
    }
    opened += match.opened().size();
    int[] ownByWeek = new int[weeks];
    for (EpisodeMatch.Opened episode : match.opened()) {
      EpisodeMatch.Run first = episode.first();
      List<EpisodeMatch.Run> later = episode.stretches().subList(1, episode.stretches().size());
      again += later.size();
      againFalse += (int) later.stream().filter(stretch -> !match.isTrue(stretch)).count();
      if (!match.isTrue(episode)) {
        falseEpisodes++;
        falseOfInjection += run.isInjected(first, 2) ? 1 : 0;
        ownByWeek[run.week(first.from())]++;
        falseByWeek[run.week(first.from())]++;
      }
    }
    for (int own : ownByWeek) {
      mostOfSeries = Math.max(mostOfSeries, own);
    }
    alerts += run.alerts().size();
    for (int value : run.alerts()) {
      falseAlerts += run.isInjected(new EpisodeMatch.Run(value, value + 1), 6) ? 0 : 1;
    }
    if (run.series().watched() == Watched.SPEND) {
      quiet++;
      quietNamed += isNamedForNothing(run.series()) ? 1 : 0;
    }
  }

  private ScenarioCount count(Injection injection) {
    return byScenario.computeIfAbsent(injection.scenario(), key -> new ScenarioCount());
  }

  /** An hour against a quarter of an hour in which nothing was done. */
  private static boolean isNamedForNothing(KitSeries series) {
    List<CellFact> before = new ArrayList<>();
    List<CellFact> after = new ArrayList<>();
    for (int window = 120; window < 135; window++) {
      List<CellFact> side = window < 132 ? before : after;
      KitFeature feature = series.feature();
      for (Cell cell : feature.draw(window, null, series.random()).cells(feature)) {
        side.add(CellFacts.of(cell));
      }
    }
    return CellFacts.namesASlice(before, after);
  }

  /** True episodes that something was done to. */
  int truth() {
    return truth;
  }

  /** Of the true episodes that something was done to. */
  double recall() {
    return ratio(delays.size(), truth);
  }

  /** Of all true episodes, those included that are chance alone. */
  double recallWithChance() {
    return ratio(delays.size() + chanceFound, truth + chance);
  }

  double precision() {
    return ratio(opened - falseEpisodes, opened);
  }

  /** False episodes of the worst series in its worst week. */
  int mostFalseOfSeries() {
    return mostOfSeries;
  }

  /** False episodes of all series in the worst week. */
  int mostFalseOfWeek() {
    return Arrays.stream(falseByWeek).max().orElse(0);
  }

  /**
   * Share of the true episodes that opened with one of so many windows, from the first of the row.
   */
  double foundIn(int windows) {
    return found(delays, windows);
  }

  private double found(List<Integer> after, int windows) {
    return ratio(count(after, windows), truth);
  }

  /** Share of those found that ended with one of so many windows after the last that was raised. */
  double resolvedIn(int windows) {
    return within(afterwards, windows);
  }

  private static double within(List<Integer> windows, int most) {
    return ratio(count(windows, most), windows.size());
  }

  private static long count(List<Integer> windows, int most) {
    return windows.stream().filter(each -> each < most).count();
  }

  double sliceRight() {
    return ratio(sum(count -> count.sliceRight), sum(count -> count.sliced));
  }

  double factorRight() {
    return ratio(sum(count -> count.factorRight), sum(count -> count.split));
  }

  /** Share of the comparisons without a change in which a slice was named all the same. */
  double namedForNothing() {
    return ratio(quietNamed, quiet);
  }

  double alertPrecision() {
    return ratio(alerts - falseAlerts, alerts);
  }

  private int sum(java.util.function.ToIntFunction<ScenarioCount> part) {
    return byScenario.values().stream().mapToInt(part).sum();
  }

  private static double ratio(long part, long whole) {
    return whole == 0 ? 1 : part / (double) whole;
  }

  String row(String name) {
    return String.format(
        Locale.ROOT,
        "| %s | %d | %.3f | %d of %d | %.3f | %d (%d) | %d, %d | %d (%d) | %s | %.3f, %.3f (%.3f) |"
            + " %.3f (%.3f) | %s | %s"
            + " | %.3f |",
        name,
        truth,
        recall(),
        chanceFound,
        chance,
        precision(),
        falseEpisodes,
        falseOfInjection,
        mostFalseOfSeries(),
        mostFalseOfWeek(),
        again,
        againFalse,
        alerts == 0 ? "" : String.format(Locale.ROOT, "%d, %.3f", alerts, alertPrecision()),
        foundIn(2),
        foundIn(3),
        found(delaysOfFirst, 2),
        resolvedIn(3),
        within(afterLastDouble, 3),
        shown(sliceRight(), sum(count -> count.sliced)),
        shown(factorRight(), sum(count -> count.split)),
        namedForNothing());
  }

  /** Empty where there is nothing that it is a share of. */
  private static String shown(double share, int of) {
    return of == 0 ? "" : String.format(Locale.ROOT, "%.3f of %d", share, of);
  }

  static String header() {
    return "| run | true | recall | by chance: found | precision | false (while injected) |"
        + " of a series and week at most, of all per week | again (where no true one is) | alerts, precision | found in 2, in 3 windows"
        + " (in 2 from the first double) | resolved in 3 (after the last double) | slice right | factor right | named for nothing |\n"
        + "|---|---|---|---|---|---|---|---|---|---|---|---|---|---|";
  }

  /** A row per scenario. */
  String scenarios() {
    StringBuilder text = new StringBuilder(ScenarioCount.HEADER);
    byScenario.forEach((scenario, count) -> text.append('\n').append(count.row(scenario)));
    return text.toString();
  }

  /** What was said of an injection, over all of its scenario. */
  private static final class ScenarioCount {
    static final String HEADER =
        "| scenario | injected | true | found | explained | slice right | factor right | both |\n"
            + "|---|---|---|---|---|---|---|---|";
    private int injected;
    private int truth;
    private int found;
    private int explained;
    private int sliced;
    private int sliceRight;
    private int split;
    private int factorRight;
    private int both;

    void found(boolean isFound) {
      truth++;
      found += isFound ? 1 : 0;
    }

    void add(KitRun run, Injection injection) {
      injected++;
      List<Cause> causes = run.causesOf(injection);
      if (causes == null) {
        return;
      }
      explained++;
      KitVerdict verdict = KitVerdict.of(run.series().feature(), injection, causes);
      sliced += verdict.hasSlice() ? 1 : 0;
      sliceRight += verdict.isSliceRight() ? 1 : 0;
      split += verdict.hasFactor() ? 1 : 0;
      factorRight += verdict.isFactorRight() ? 1 : 0;
      both += verdict.areBothNamed() ? 1 : 0;
    }

    String row(Scenario scenario) {
      return String.format(
          Locale.ROOT,
          "| %s | %d | %d | %d | %d | %s | %s | %s |",
          scenario.name().toLowerCase(Locale.ROOT).replace('_', ' '),
          injected,
          truth,
          found,
          explained,
          sliced == 0 ? "" : sliceRight + " of " + sliced,
          split == 0 ? "" : factorRight + " of " + split,
          scenario == Scenario.TWO_CAUSES ? both + " of " + explained : "");
    }
  }
}
