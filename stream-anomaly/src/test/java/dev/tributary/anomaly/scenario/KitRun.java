package dev.tributary.anomaly.scenario;

import dev.tributary.anomaly.WindowFeed;
import dev.tributary.schemas.Alert;
import dev.tributary.schemas.Anomaly;
import dev.tributary.schemas.Cause;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One feature of the kit: what was done to it, and what was said about it. */
final class KitRun {
  private static final String METRIC = "spend_per_hour";
  private static final int ENOUGH = 3;

  private final KitFeature feature;
  private final List<Injection> injections;
  private final Random random;
  private final boolean[] isDouble;
  private final boolean[] isSeen;
  private final boolean[] isOpen;
  private final Map<Integer, List<Cause>> causes = new TreeMap<>();
  private final List<Integer> alerts = new ArrayList<>();

  KitRun(KitFeature feature, List<Injection> injections, int windows, Random random) {
    this.feature = feature;
    this.injections = injections;
    this.random = random;
    this.isDouble = new boolean[windows];
    this.isSeen = new boolean[windows];
    this.isOpen = new boolean[windows];
  }

  KitFeature feature() {
    return feature;
  }

  Random random() {
    return random;
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

  void sent(int window, double cost) {
    isSeen[window] = true;
    isDouble[window] = cost >= 2 * feature.expectedCost(window);
  }

  void take(Anomaly anomaly) {
    if (!isOurs(anomaly) || !anomaly.getMetric().equals(METRIC)) {
      return;
    }
    int window = window(anomaly.getWindowStartUs());
    boolean isGoing = anomaly.getState().equals("OPENED") || anomaly.getState().equals("UPDATED");
    if (isGoing) {
      isOpen[window] = true;
      if (!anomaly.getCauses().isEmpty()) {
        causes.put(window(anomaly.getOpenedAtUs()), anomaly.getCauses());
      }
    }
  }

  void take(Alert alert) {
    if (isOurs(alert.getEpisode()) && alert.getEpisode().getState().equals("OPENED")) {
      alerts.add(window(alert.getEpisode().getOpenedAtUs()));
    }
  }

  private boolean isOurs(Anomaly anomaly) {
    return feature.name().equals(anomaly.getDimensions().get("feature"));
  }

  private static int window(long startUs) {
    return (int) ((startUs - WindowFeed.START_US) / WindowFeed.STEP_US);
  }

  /** Windows in which nothing came neither open nor close an episode. */
  EpisodeMatch match() {
    for (int window = 1; window < isOpen.length; window++) {
      isOpen[window] |= !isSeen[window] && isOpen[window - 1];
    }
    return new EpisodeMatch(isDouble, isOpen, isSeen, ENOUGH);
  }

  /** What was finally said of the episode that an injection opened; null: nothing was. */
  @Nullable List<Cause> causesOf(Injection injection) {
    return causes.entrySet().stream()
        .filter(entry -> injection.covers(entry.getKey()))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(null);
  }

  List<Integer> alerts() {
    return alerts;
  }

  /** Whether anything was done to the feature at a window or shortly before. */
  boolean isInjected(int window) {
    return injections.stream().anyMatch(each -> window >= each.from() && window < each.to() + 6);
  }
}
