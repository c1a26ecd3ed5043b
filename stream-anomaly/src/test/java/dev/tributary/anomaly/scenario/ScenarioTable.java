package dev.tributary.anomaly.scenario;

import dev.tributary.anomaly.core.group.CellFact;
import dev.tributary.anomaly.core.group.CellFacts;
import dev.tributary.schemas.Cause;
import dev.tributary.schemas.Cell;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What was found, over all features. */
final class ScenarioTable {
  private final double featureWeeks;
  private final List<Integer> delays = new ArrayList<>();
  private final List<Integer> afterwards = new ArrayList<>();
  private final Map<Scenario, int[]> byScenario = new TreeMap<>();
  private int truth;
  private int opened;
  private int falseEpisodes;
  private int alerts;
  private int falseAlerts;
  private int explained;
  private int rightSlice;
  private int rightFactor;
  private int quiet;
  private int quietNamed;

  ScenarioTable(double featureWeeks) {
    this.featureWeeks = featureWeeks;
  }

  void add(KitRun run) {
    EpisodeMatch match = run.match();
    for (EpisodeMatch.Run episode : match.truth()) {
      truth++;
      int delay = match.delay(episode);
      if (delay >= 0) {
        delays.add(delay);
        afterwards.add(match.afterwards(episode));
      }
    }
    opened += match.opened().size();
    falseEpisodes += (int) match.opened().stream().filter(each -> !match.isTrue(each)).count();
    alerts += run.alerts().size();
    falseAlerts += (int) run.alerts().stream().filter(window -> !run.isInjected(window)).count();
    run.injections().forEach(injection -> explain(run, injection));
    quiet++;
    quietNamed += isNamedForNothing(run) ? 1 : 0;
  }

  private void explain(KitRun run, Injection injection) {
    List<Cause> causes = run.causesOf(injection);
    if (causes == null) {
      return;
    }
    explained++;
    Map<String, String> slice =
        causes.stream()
            .filter(cause -> cause.getDriver().equals("slice"))
            .map(Cause::getSlice)
            .findFirst()
            .orElse(Map.of());
    boolean isSlice = isRight(injection.scenario(), run.feature(), new TreeMap<>(slice));
    rightSlice += isSlice ? 1 : 0;
    String leading =
        causes.stream()
            .filter(cause -> cause.getAmount() != null && cause.getShare() != null)
            .filter(cause -> cause.getShare() > 0)
            .map(Cause::getDriver)
            .findFirst()
            .orElse("");
    boolean isFactor =
        leading.equals(injection.scenario().factor().name().toLowerCase(Locale.ROOT));
    rightFactor += isFactor ? 1 : 0;
    int[] counts = byScenario.computeIfAbsent(injection.scenario(), key -> new int[3]);
    counts[0]++;
    counts[1] += isSlice ? 1 : 0;
    counts[2] += isFactor ? 1 : 0;
  }

  /** A new prompt version names its workspace by itself, where only that one has it. */
  static boolean isRight(Scenario scenario, KitFeature feature, TreeMap<String, String> slice) {
    Map<String, String> wanted = feature.slice(scenario);
    if (scenario == Scenario.VERBOSE_PROMPT && "v13".equals(slice.remove("prompt_version"))) {
      return slice.isEmpty() || slice.equals(wanted);
    }
    return slice.equals(wanted);
  }

  /** An hour against a quarter of an hour in which nothing was done. */
  private static boolean isNamedForNothing(KitRun run) {
    List<CellFact> before = new ArrayList<>();
    List<CellFact> after = new ArrayList<>();
    for (int window = 120; window < 135; window++) {
      List<CellFact> side = window < 132 ? before : after;
      for (Cell cell : run.feature().cells(window, null, run.random())) {
        side.add(CellFacts.of(cell));
      }
    }
    return CellFacts.namesASlice(before, after);
  }

  double recall() {
    return (double) delays.size() / Math.max(1, truth);
  }

  double precision() {
    return (double) (opened - falseEpisodes) / Math.max(1, opened);
  }

  double falsePerFeatureWeek() {
    return falseEpisodes / featureWeeks;
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

  /** Share of the comparisons without a change in which a slice was named all the same. */
  double namedForNothing() {
    return (double) quietNamed / Math.max(1, quiet);
  }

  double alertPrecision() {
    return (double) (alerts - falseAlerts) / Math.max(1, alerts);
  }

  String row(String name) {
    return String.format(
        Locale.ROOT,
        "| %s | %d | %.3f | %.3f | %d (%.4f) | %d, %.3f | %.3f | %.3f | %d: %.3f | %.3f | %.3f |",
        name,
        truth,
        recall(),
        precision(),
        falseEpisodes,
        falsePerFeatureWeek(),
        alerts,
        alertPrecision(),
        foundWithin(1),
        resolvedWithin(3),
        explained,
        sliceRight(),
        factorRight(),
        namedForNothing());
  }

  /** Scenario: explained, slice right, factor right. */
  String causes() {
    StringBuilder text = new StringBuilder();
    byScenario.forEach(
        (scenario, counts) ->
            text.append(
                String.format(
                    Locale.ROOT, "%s %d/%d/%d ", scenario, counts[0], counts[1], counts[2])));
    return text.toString().strip();
  }

  static String header() {
    return "| run | true | recall | precision | false (per feature and week) | alerts, precision |"
        + " found in 2 windows | resolved in 3 | explained: slice right | factor right |"
        + " named for nothing |\n|---|---|---|---|---|---|---|---|---|---|---|";
  }
}
