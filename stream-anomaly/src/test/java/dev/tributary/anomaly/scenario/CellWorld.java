package dev.tributary.anomaly.scenario;

import dev.tributary.anomaly.core.explain.BucketCost;
import dev.tributary.anomaly.core.explain.CellCost;
import dev.tributary.anomaly.core.explain.CellTable;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * The cells of a feature over an hour before and a quarter of an hour after a change: workspace x
 * model x region, with tokens and cost by bucket.
 */
final class CellWorld {
  private static final List<String> DIMENSIONS = List.of("workspace", "model", "region");
  private static final String[] WORKSPACES = {"acme", "bolt", "cyan", "dune", "echo", "flux"};
  private static final String[] MODELS = {"small", "medium", "large"};
  private static final String[] REGIONS = {"eu", "us"};
  private static final double[] INPUT_RATE = {2e-7, 1e-6, 3e-6};
  private static final double OUTPUT_OVER_INPUT = 4;
  private static final double CACHED_OVER_INPUT = 0.1;

  private final CellTable table = new CellTable(DIMENSIONS, false);
  private final Map<String, CellCost> before = new HashMap<>();
  private final Map<String, CellCost> after = new HashMap<>();
  private final Map<String, String> target;

  /**
   * @param calls calls of the feature per window
   * @param scenario what happened; null: nothing
   * @param strength how much, within the slice
   */
  CellWorld(Random random, double calls, @Nullable Scenario scenario, double strength) {
    this.target =
        Map.of(
            "workspace", WORKSPACES[random.nextInt(WORKSPACES.length)],
            "model", scenario == Scenario.DEAR_FALLBACK ? "large" : MODELS[random.nextInt(3)],
            "region", REGIONS[random.nextInt(REGIONS.length)]);
    int n = WORKSPACES.length * MODELS.length * REGIONS.length;
    for (String workspace : WORKSPACES) {
      for (int model = 0; model < MODELS.length; model++) {
        for (String region : REGIONS) {
          double share = (0.5 + random.nextDouble()) / n;
          List<String> cell = List.of(workspace, MODELS[model], region);
          boolean isHit = scenario != null && isHit(scenario, cell);
          add(random, false, cell, model, 12 * share * calls, 1, null);
          double moved = scenario == Scenario.DEAR_FALLBACK ? fallback(model) : 1;
          double rate = 12 * share * calls * moved;
          add(random, true, cell, model, rate, strength, isHit ? scenario : null);
        }
      }
    }
  }

  CellTable table() {
    return table;
  }

  Map<String, CellCost> before() {
    return before;
  }

  Map<String, CellCost> after() {
    return after;
  }

  /** The values that the changed slice is made of. */
  Map<String, String> target() {
    return target;
  }

  private static double fallback(int model) {
    return model == 0 ? 0.1 : model == 1 ? 1 : 2.2;
  }

  private boolean isHit(Scenario scenario, List<String> cell) {
    for (int d = 0; d < DIMENSIONS.size(); d++) {
      String dimension = DIMENSIONS.get(d);
      if (scenario.fixes(dimension) && !cell.get(d).equals(target.get(dimension))) {
        return false;
      }
    }
    return true;
  }

  private void add(
      Random random,
      boolean isAfter,
      List<String> cell,
      int model,
      double rate,
      double strength,
      @Nullable Scenario scenario) {
    boolean isVolume = scenario == Scenario.TRAFFIC || scenario == Scenario.TOOL_LOOP;
    boolean isLonger =
        scenario == Scenario.RETRIEVAL_TOKENS
            || scenario == Scenario.VERBOSE_PROMPT
            || scenario == Scenario.THREE_DIMENSIONS;
    long calls = Noise.poisson(random, rate * (isVolume ? strength : 1));
    if (calls == 0) {
      return;
    }
    double longer = isLonger ? strength : 1;
    double price = INPUT_RATE[model] * (scenario == Scenario.PRICE_CHANGE ? strength : 1);
    double hits = scenario == Scenario.CACHE_COLLAPSE ? 0 : 0.9;
    double input = Noise.sumOfCalls(random, calls, 4_000 * longer, 0.4);
    double output = Noise.sumOfCalls(random, calls, 100 * longer, 0.4);
    List<BucketCost> buckets =
        List.of(
            bucket("input_uncached", true, input * (1 - hits), price),
            bucket("cache_read", true, input * hits, price * CACHED_OVER_INPUT),
            bucket("output_text", false, output, price * OUTPUT_OVER_INPUT));
    CellCost cost = new CellCost(calls, buckets);
    (isAfter ? after : before).put(String.join("|", cell), cost);
    double sum = 0;
    for (BucketCost bucket : buckets) {
      sum += bucket.cost().doubleValue();
    }
    table.add(isAfter, cell, sum, calls);
  }

  private static BucketCost bucket(String name, boolean isInput, double tokens, double rate) {
    BigDecimal count = BigDecimal.valueOf(Math.round(tokens));
    BigDecimal price = BigDecimal.valueOf(rate).setScale(12, RoundingMode.HALF_EVEN);
    return new BucketCost(name, isInput, count, count.multiply(price));
  }
}
