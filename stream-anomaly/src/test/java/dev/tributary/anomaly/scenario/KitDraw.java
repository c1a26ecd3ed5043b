package dev.tributary.anomaly.scenario;

import dev.tributary.anomaly.WindowFeed;
import dev.tributary.schemas.Cell;
import dev.tributary.schemas.TokenSums;
import dev.tributary.schemas.Window;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What chance made of one window of a feature: the cells, and the window they add up to. */
final class KitDraw {
  /**
   * A cell.
   *
   * @param at workspace, model, region, agent
   * @param rate price of an uncached input token
   * @param injection what is done to the feature; null: nothing
   */
  record Part(
      int[] at,
      long calls,
      long uncached,
      long cached,
      long output,
      double rate,
      @Nullable Injection injection) {
    double cost() {
      return rate
          * (uncached
              + cached * KitFeature.CACHED_OVER_INPUT
              + output * KitFeature.OUTPUT_OVER_INPUT);
    }

    boolean isOf(Scenario scenario) {
      return injection != null && injection.scenario() == scenario;
    }
  }

  private final String feature;
  private final int window;
  private final List<Part> parts = new ArrayList<>();
  private final List<Long> errors = new ArrayList<>();

  KitDraw(String feature, int window) {
    this.feature = feature;
    this.window = window;
  }

  void add(@Nullable Part part) {
    if (part != null) {
      parts.add(part);
    }
  }

  long calls() {
    return parts.stream().mapToLong(Part::calls).sum();
  }

  double cost() {
    return parts.stream().mapToDouble(Part::cost).sum();
  }

  /** Lets calls of each cell fail; the number of them all. */
  long fail(Random random) {
    long all = 0;
    for (Part part : parts) {
      long failed =
          Noise.binomial(random, part.calls(), KitFeature.failure(part.injection(), part.at()[1]));
      errors.add(failed);
      all += failed;
    }
    return all;
  }

  /** The cells; a verbose prompt, a new price and a swapped model have names of their own. */
  List<Cell> cells(KitFeature of) {
    List<Cell> cells = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      Part part = parts.get(i);
      TokenSums sums = new TokenSums();
      sums.setInputUncached(part.uncached());
      sums.setCacheRead(part.cached());
      sums.setOutputText(part.output());
      Map<String, BigDecimal> costs = new TreeMap<>();
      costs.put("in.text.uncached", WindowFeed.money(part.uncached() * part.rate()));
      costs.put(
          "in.cache_read",
          WindowFeed.money(part.cached() * part.rate() * KitFeature.CACHED_OVER_INPUT));
      costs.put(
          "out.text", WindowFeed.money(part.output() * part.rate() * KitFeature.OUTPUT_OVER_INPUT));
      Cell cell =
          WindowFeed.cell(dimensions(of, part), WindowFeed.step(window), part.calls(), sums, costs);
      cell.setErrors(errors.isEmpty() ? 0 : errors.get(i));
      boolean isDearer = part.rate() != KitFeature.INPUT_RATE[part.at()[1]];
      cell.setRateCards(List.of(isDearer ? "card-2" : "card"));
      cells.add(cell);
    }
    return cells;
  }

  private Map<String, String> dimensions(KitFeature of, Part part) {
    int[] at = part.at();
    Map<String, String> dimensions = new TreeMap<>();
    dimensions.put("feature", feature);
    dimensions.put("workspace", KitFeature.WORKSPACES[at[0]]);
    String model = KitFeature.MODELS[at[1]];
    boolean isSwapped = part.isOf(Scenario.QUALITY_DROP) && at[1] == 0;
    dimensions.put("model", isSwapped ? swapped(part.injection()) : model);
    dimensions.put("region", KitFeature.REGIONS[at[2]]);
    dimensions.put("agent", KitFeature.AGENTS[at[3]]);
    boolean isVerbose =
        part.isOf(Scenario.VERBOSE_PROMPT)
            && of.slice(Scenario.VERBOSE_PROMPT).containsValue(KitFeature.WORKSPACES[at[0]]);
    dimensions.put("prompt_version", isVerbose ? "v13" : "v12");
    return dimensions;
  }

  /** Name of the model that answers for the small one while an injection lasts. */
  static String swapped(@Nullable Injection injection) {
    return injection == null ? "small" : "small-" + injection.from();
  }

  /** The window that the cells add up to. */
  Window window() {
    Window record =
        WindowFeed.window(
            "feature", Map.of("feature", feature), WindowFeed.step(window), calls(), cost());
    record.getMeasures().setFinishedCalls(0);
    TokenSums tokens = record.getMeasures().getTokens();
    tokens.setInputUncached(parts.stream().mapToLong(Part::uncached).sum());
    tokens.setCacheRead(parts.stream().mapToLong(Part::cached).sum());
    tokens.setOutputText(parts.stream().mapToLong(Part::output).sum());
    return record;
  }
}
