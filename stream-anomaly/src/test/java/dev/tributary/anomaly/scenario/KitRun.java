package dev.tributary.anomaly.scenario;

import dev.tributary.anomaly.WindowFeed;
import dev.tributary.anomaly.core.series.Finding;
import dev.tributary.schemas.Alert;
import dev.tributary.schemas.Anomaly;
import dev.tributary.schemas.Cause;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One series of the kit: what was done to it, and what was said about it. */
final class KitRun {
  private static final int ENOUGH = 3;
  private static final double TWICE = 2;

  private final KitSeries series;
  private final List<Injection> injections;
  private final double[] sums;
  private final double[] weights;
  private final boolean[] isOpen;
  private final boolean[] isAgain;
  private final Map<String, List<Cause>> causes = new HashMap<>();

  /** Who speaks for the episode that opened with a value. */
  private final Map<Integer, String> leaders = new TreeMap<>();

  private final List<Integer> alerts = new ArrayList<>();

  KitRun(KitSeries series, List<Injection> injections, int windows) {
    this.series = series;
    this.injections = injections;
    int values = windows / series.watched().steps();
    this.sums = new double[values];
    this.weights = new double[values];
    this.isOpen = new boolean[values];
    this.isAgain = new boolean[values];
  }

  KitSeries series() {
    return series;
  }

  List<Injection> injections() {
    return injections;
  }

  @Nullable Injection injectionAt(int window) {
    return injections.stream().filter(each -> each.covers(window)).findFirst().orElse(null);
  }

  boolean isNearInjection(int window, int before, int after) {
    return injections.stream()
        .anyMatch(each -> window >= each.from() - before && window < each.to() + after);
  }

  void sent(int window, KitSeries.Step step) {
    int value = window / steps();
    sums[value] += step.value() * step.weight();
    weights[value] += step.weight();
  }

  private int steps() {
    return series.watched().steps();
  }

  void take(Anomaly anomaly) {
    boolean isGoing = anomaly.getState().equals("OPENED") || anomaly.getState().equals("UPDATED");
    if (!isOurs(anomaly) || !isGoing || anomaly.getSeries().endsWith(">limit")) {
      return;
    }
    if (!anomaly.getCauses().isEmpty()) {
      causes.put(anomaly.getEpisodeId(), anomaly.getCauses());
    }
    if (anomaly.getMetric().equals(series.watched().metric())) {
      int value = value(anomaly.getWindowStartUs());
      isOpen[value] = true;
      isAgain[value] = anomaly.getState().equals("OPENED") && anomaly.getRevision() > 1;
      String leader = anomaly.getGroupId() == null ? anomaly.getEpisodeId() : anomaly.getGroupId();
      leaders.put(value(anomaly.getOpenedAtUs()), leader);
    }
  }

  /** The same without the topology. */
  void take(Finding finding) {
    boolean isGoing =
        finding.state() == Finding.State.OPENED || finding.state() == Finding.State.UPDATED;
    if (isGoing
        && !finding.isLimit()
        && finding.metric().equals(series.watched().metric())
        && series.dimensions().equals(finding.key().dimensions())) {
      int value = value(finding.windowUs());
      isOpen[value] = true;
      isAgain[value] = finding.state() == Finding.State.OPENED && finding.isAgain();
    }
  }

  /** Alerts of any metric of the series. */
  void take(Alert alert) {
    if (isOurs(alert.getEpisode()) && alert.getEpisode().getState().equals("OPENED")) {
      alerts.add(value(alert.getEpisode().getOpenedAtUs()));
    }
  }

  private boolean isOurs(Anomaly anomaly) {
    return series.dimensions().equals(anomaly.getDimensions());
  }

  private int value(long startUs) {
    return (int) ((startUs - WindowFeed.START_US) / WindowFeed.STEP_US / steps());
  }

  EpisodeMatch match() {
    return match(isOpen, isAgain);
  }

  /** Values of which nothing came neither open nor close an episode. */
  EpisodeMatch match(boolean[] opened, boolean[] again) {
    boolean[] isDouble = new boolean[sums.length];
    boolean[] isSeen = new boolean[sums.length];
    boolean[] isGoing = opened.clone();
    for (int value = 0; value < sums.length; value++) {
      isSeen[value] = isSeen(value);
      isDouble[value] = isDouble(value);
      isGoing[value] |= value > 0 && !isSeen[value] && isGoing[value - 1];
    }
    return new EpisodeMatch(isDouble, isGoing, again, isSeen, ENOUGH);
  }

  /** How many values there are. */
  int values() {
    return sums.length;
  }

  boolean isSeen(int value) {
    return weights[value] > 0;
  }

  boolean isDouble(int value) {
    return extent(value) >= TWICE;
  }

  /** How far a value is from what it should be without noise; 0 where nothing came. */
  double extent(int value) {
    return isSeen(value) ? series.extent(value * steps(), sums[value] / weights[value]) : 0;
  }

  /** Calls expected in the windows of a value. */
  double expectedCalls(int value) {
    double calls = 0;
    for (int window = value * steps(); window < (value + 1) * steps(); window++) {
      calls += series.shape().expectedCalls(window);
    }
    return calls;
  }

  /** Whether something was done to the series in a run of values, or so many before. */
  boolean isInjected(EpisodeMatch.Run run, int after) {
    return injections.stream()
        .anyMatch(each -> each.touches(run.from() * steps(), run.to() * steps(), after * steps()));
  }

  /** Whether a true episode is of an injection. */
  boolean isOf(Injection injection, EpisodeMatch.Run run) {
    return injection.touches(run.from() * steps(), run.to() * steps(), 0);
  }

  /** Value after the last that something was done to, or that was doubled. */
  int over(EpisodeMatch.Run run) {
    return injections.stream()
        .filter(each -> isOf(each, run))
        .mapToInt(each -> (each.to() + steps() - 1) / steps())
        .reduce(run.to(), Math::max);
  }

  /**
   * What was finally said of the episode that an injection opened, by the one that speaks for it;
   * null: nothing was.
   */
  @Nullable List<Cause> causesOf(Injection injection) {
    return leaders.entrySet().stream()
        .filter(
            entry -> injection.touches(entry.getKey() * steps(), entry.getKey() * steps() + 1, 0))
        .map(entry -> causes.getOrDefault(entry.getValue(), List.of()))
        .findFirst()
        .orElse(null);
  }

  List<Integer> alerts() {
    return alerts;
  }

  /** Which week a value is of, from 0. */
  int week(int value) {
    return value * steps() / ScenarioKit.WEEK;
  }
}
