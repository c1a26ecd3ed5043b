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

/**
 * A feature whose windows are the sums of its cells: workspace x model x region, each with calls by
 * chance, tokens and cost by bucket.
 */
final class KitFeature {
  private static final String[] WORKSPACES = {"acme", "bolt", "cyan", "dune", "echo", "flux"};
  private static final double[] WORKSPACE_SHARE = {0.38, 0.22, 0.16, 0.1, 0.08, 0.06};
  private static final String[] MODELS = {"small", "medium", "large"};
  private static final double[] MODEL_SHARE = {0.7, 0.2, 0.1};
  private static final String[] REGIONS = {"eu", "us"};
  private static final double[] REGION_SHARE = {0.6, 0.4};
  private static final double[] INPUT_RATE = {2e-7, 1e-6, 3e-6};
  private static final double OUTPUT_OVER_INPUT = 4;
  private static final double CACHED_OVER_INPUT = 0.1;
  private static final double OUTPUT_TOKENS = 0.05;

  /** Workspaces large enough to move their feature. */
  private static final int TARGETS = 3;

  private final String name;
  private final SeriesShape shape;
  private final double cached;
  private final double tokens;
  private final int[] target;

  KitFeature(String name, SeriesShape shape, Random random) {
    this.name = name;
    this.shape = shape;
    this.cached = 0.9;
    this.target =
        new int[] {random.nextInt(TARGETS), random.nextInt(MODELS.length), random.nextInt(2)};
    double unit = 0;
    for (int model = 0; model < MODELS.length; model++) {
      unit += MODEL_SHARE[model] * unitCost(model, cached, 1);
    }
    this.tokens = shape.costPerCall() / unit;
  }

  String name() {
    return name;
  }

  SeriesShape shape() {
    return shape;
  }

  private static double unitCost(int model, double cachedShare, double tokensPerCall) {
    double input = 1 - cachedShare + cachedShare * CACHED_OVER_INPUT;
    return tokensPerCall * INPUT_RATE[model] * (input + OUTPUT_TOKENS * OUTPUT_OVER_INPUT);
  }

  /** Cost of a window without noise and without injection. */
  double expectedCost(int window) {
    return shape.expectedCalls(window) * shape.costPerCall();
  }

  /** The dimension values that a scenario changes. */
  Map<String, String> slice(Scenario scenario) {
    Map<String, String> all = new TreeMap<>();
    all.put("workspace", WORKSPACES[target[0]]);
    all.put("model", scenario == Scenario.DEAR_FALLBACK ? "large" : MODELS[target[1]]);
    all.put("region", REGIONS[target[2]]);
    return scenario.sliceOf(all);
  }

  /** Cells of a window; an injection multiplies the cost of all by its factor where it can. */
  List<Cell> cells(int window, @Nullable Injection injection, Random random) {
    List<Cell> cells = new ArrayList<>();
    double calls = shape.expectedCalls(window);
    double strength = injection == null ? 1 : strength(injection);
    for (int workspace = 0; workspace < WORKSPACES.length; workspace++) {
      for (int model = 0; model < MODELS.length; model++) {
        for (int region = 0; region < REGIONS.length; region++) {
          boolean isHit =
              injection != null && isHit(injection.scenario(), workspace, model, region);
          Scenario scenario = isHit && injection != null ? injection.scenario() : null;
          double share = WORKSPACE_SHARE[workspace] * MODEL_SHARE[model] * REGION_SHARE[region];
          if (injection != null && injection.scenario() == Scenario.DEAR_FALLBACK) {
            share *= fallback(model, injection.factor());
          }
          Cell cell =
              cell(
                  window,
                  calls * share,
                  new int[] {workspace, model, region},
                  scenario,
                  strength,
                  random);
          if (cell != null) {
            cells.add(cell);
          }
        }
      }
    }
    return cells;
  }

  /** What share of the small model's calls goes to the large one, as factors on their shares. */
  private static double fallback(int model, double factor) {
    double perMoved =
        MODEL_SHARE[0]
            * (INPUT_RATE[2] - INPUT_RATE[0])
            / (MODEL_SHARE[0] * INPUT_RATE[0]
                + MODEL_SHARE[1] * INPUT_RATE[1]
                + MODEL_SHARE[2] * INPUT_RATE[2]);
    double moved = Math.min(1, (factor - 1) / perMoved);
    return switch (model) {
      case 0 -> 1 - moved;
      case 2 -> 1 + moved * MODEL_SHARE[0] / MODEL_SHARE[2];
      default -> 1;
    };
  }

  private boolean isHit(Scenario scenario, int workspace, int model, int region) {
    return (!scenario.fixes("workspace") || workspace == target[0])
        && (!scenario.fixes("model") || model == target[1])
        && (!scenario.fixes("region") || region == target[2])
        && scenario != Scenario.DEAR_FALLBACK;
  }

  /** How much the slice has to change for the whole to change by the factor. */
  private double strength(Injection injection) {
    Scenario scenario = injection.scenario();
    double share = 1;
    if (scenario.fixes("workspace")) {
      share *= WORKSPACE_SHARE[target[0]];
    }
    if (scenario.fixes("region")) {
      share *= REGION_SHARE[target[2]];
    }
    if (scenario.fixes("model")) {
      double all = 0;
      for (int model = 0; model < MODELS.length; model++) {
        all += MODEL_SHARE[model] * INPUT_RATE[model];
      }
      share *= MODEL_SHARE[target[1]] * INPUT_RATE[target[1]] / all;
    }
    return 1 + (injection.factor() - 1) / share;
  }

  private @Nullable Cell cell(
      int window,
      double rate,
      int[] at,
      @Nullable Scenario scenario,
      double strength,
      Random random) {
    boolean isVolume = scenario != null && scenario.factor() == Scenario.TRAFFIC.factor();
    boolean isLonger = scenario != null && scenario.factor() == Scenario.VERBOSE_PROMPT.factor();
    long calls = Noise.poisson(random, rate * (isVolume ? strength : 1));
    if (calls == 0) {
      return null;
    }
    double noise = Noise.sumOfCalls(random, calls, 1, shape.spread()) / calls;
    double each = tokens * noise * (isLonger ? strength : 1);
    double price = INPUT_RATE[at[1]] * (scenario == Scenario.PRICE_CHANGE ? strength : 1);
    double cachedShare = scenario == Scenario.CACHE_COLLAPSE ? 0 : cached;
    TokenSums sums = new TokenSums();
    sums.setInputUncached(Math.round(calls * each * (1 - cachedShare)));
    sums.setCacheRead(Math.round(calls * each * cachedShare));
    sums.setOutputText(Math.round(calls * each * OUTPUT_TOKENS));
    Map<String, BigDecimal> costs = new TreeMap<>();
    costs.put("in.text.uncached", WindowFeed.money(sums.getInputUncached() * price));
    costs.put("in.cache_read", WindowFeed.money(sums.getCacheRead() * price * CACHED_OVER_INPUT));
    costs.put("out.text", WindowFeed.money(sums.getOutputText() * price * OUTPUT_OVER_INPUT));
    Map<String, String> dimensions = new TreeMap<>();
    dimensions.put("feature", name);
    dimensions.put("workspace", WORKSPACES[at[0]]);
    dimensions.put("model", MODELS[at[1]]);
    dimensions.put("region", REGIONS[at[2]]);
    dimensions.put("agent", "unattributed");
    dimensions.put("prompt_version", scenario == Scenario.VERBOSE_PROMPT ? "v13" : "v12");
    return WindowFeed.cell(dimensions, WindowFeed.step(window), calls, sums, costs);
  }

  /** The window that the cells add up to; null where there was no call. */
  @Nullable Window window(int window, List<Cell> cells) {
    long calls = cells.stream().mapToLong(Cell::getCalls).sum();
    if (calls == 0) {
      return null;
    }
    BigDecimal cost =
        cells.stream().map(Cell::getCost).reduce(BigDecimal.ZERO.setScale(18), BigDecimal::add);
    Window record =
        WindowFeed.window("feature", Map.of("feature", name), WindowFeed.step(window), calls, 0);
    record.getMeasures().setCost(cost);
    record.getMeasures().setFinishedCalls(0);
    TokenSums tokens = record.getMeasures().getTokens();
    tokens.setInputUncached(cells.stream().mapToLong(c -> c.getTokens().getInputUncached()).sum());
    tokens.setCacheRead(cells.stream().mapToLong(c -> c.getTokens().getCacheRead()).sum());
    tokens.setOutputText(cells.stream().mapToLong(c -> c.getTokens().getOutputText()).sum());
    return record;
  }
}
