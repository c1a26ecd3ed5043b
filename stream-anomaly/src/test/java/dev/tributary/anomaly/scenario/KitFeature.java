package dev.tributary.anomaly.scenario;

import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A feature whose windows are the sums of its cells: workspace x model x region x agent, each with
 * calls by chance, tokens and cost by bucket.
 */
final class KitFeature {
  static final String[] WORKSPACES = {"acme", "bolt", "cyan", "dune"};
  static final String[] MODELS = {"small", "medium", "large"};
  static final String[] REGIONS = {"eu", "us"};
  static final String[] AGENTS = {"planner", "writer"};
  static final double[] INPUT_RATE = {1.5e-7, 8e-7, 3e-6};
  static final double OUTPUT_OVER_INPUT = 4;
  static final double CACHED_OVER_INPUT = 0.1;
  static final double OUTPUT_TOKENS = 0.03;

  /** Share of calls that fail, and that nobody wonders about. */
  static final double ERRORS = 0.05;

  private static final double[] WORKSPACE_SHARE = {0.45, 0.27, 0.18, 0.1};
  private static final double[] MODEL_SHARE = {0.75, 0.2, 0.05};
  private static final double[] REGION_SHARE = {0.65, 0.35};
  private static final double[] AGENT_SHARE = {0.6, 0.4};

  /** Workspaces large enough to move their feature; of three dimensions the slice is smaller. */
  private static final int TARGETS = 3;

  /** What is done to a slice at most: prompts do not get a hundred times as long. */
  private static final double MOST_STRENGTH = 30;

  private final String name;
  private final SeriesShape shape;
  private final double cached;
  private final double tokens;
  private final int[] target;

  /**
   * @param isCaching whether it lives off the cache
   */
  KitFeature(String name, SeriesShape shape, boolean isCaching, Random random) {
    this.name = name;
    this.shape = shape;
    this.cached = isCaching ? 0.95 : 0.3 + 0.3 * random.nextDouble();
    this.target =
        new int[] {
          random.nextInt(TARGETS),
          random.nextInt(MODELS.length),
          random.nextInt(REGIONS.length),
          random.nextInt(AGENTS.length)
        };
    this.tokens = shape.costPerCall() / (meanRate() * costOfToken(cached));
  }

  String name() {
    return name;
  }

  SeriesShape shape() {
    return shape;
  }

  double cached() {
    return cached;
  }

  /** Input tokens of a call on average. */
  double tokens() {
    return tokens;
  }

  private static double meanRate() {
    double all = 0;
    for (int model = 0; model < MODELS.length; model++) {
      all += MODEL_SHARE[model] * INPUT_RATE[model];
    }
    return all;
  }

  /** Cost of a token of input and what goes with it, in input rates. */
  private static double costOfToken(double cachedShare) {
    return 1 - cachedShare + cachedShare * CACHED_OVER_INPUT + OUTPUT_TOKENS * OUTPUT_OVER_INPUT;
  }

  /** Cost of a window without noise and without injection. */
  double expectedCost(int window) {
    return shape.expectedCalls(window) * shape.costPerCall();
  }

  private int[] target(Scenario scenario) {
    return switch (scenario) {
      case THREE_DIMENSIONS -> new int[] {target[0] % 2, target[1], 0, target[3]};
      case CACHE_COLLAPSE -> new int[] {target[0], target[1], 0, target[3]};
      case DEAR_FALLBACK -> new int[] {target[0], 2, target[2], target[3]};
      case STORM_OF_429 -> new int[] {target[0], 0, target[2], target[3]};
      default -> target;
    };
  }

  /** The workspace of the second of two causes. */
  private int second() {
    return (target[0] + 1) % TARGETS;
  }

  /** The dimension values that a scenario changes. */
  Map<String, String> slice(Scenario scenario) {
    int[] at = target(scenario);
    Map<String, String> all = new TreeMap<>();
    all.put("workspace", WORKSPACES[at[0]]);
    all.put("model", MODELS[at[1]]);
    all.put("region", REGIONS[at[2]]);
    all.put("agent", AGENTS[at[3]]);
    return scenario.sliceOf(all);
  }

  /** The second of two causes. */
  Map<String, String> secondSlice() {
    return Map.of("workspace", WORKSPACES[second()]);
  }

  /** The greatest factor of the watched value that a scenario can make. */
  double most(Scenario scenario) {
    double share = share(scenario);
    double strength =
        switch (scenario) {
          case DEAR_FALLBACK -> 1 + perMoved();
          case CACHE_COLLAPSE -> costOfToken(0) / costOfToken(cached);
          case STORM_OF_429 -> 0.9 / ERRORS;
          default -> MOST_STRENGTH;
        };
    double first = 1 + (strength - 1) * (scenario == Scenario.DEAR_FALLBACK ? 1 : share);
    if (scenario != Scenario.TWO_CAUSES) {
      return first;
    }
    return Math.min(1 + 2 * (first - 1), 1 + 2 * (strength - 1) * WORKSPACE_SHARE[second()]);
  }

  /** How much more a call costs on average when all calls of the small model go to the large. */
  private static double perMoved() {
    return MODEL_SHARE[0] * (INPUT_RATE[2] - INPUT_RATE[0]) / meanRate();
  }

  /** Part of what is watched that lies in the slice and can change. */
  private double share(Scenario scenario) {
    int[] at = target(scenario);
    double share = 1;
    share *= scenario.fixes("workspace") ? WORKSPACE_SHARE[at[0]] : 1;
    share *= scenario.fixes("region") ? REGION_SHARE[at[2]] : 1;
    share *= scenario.fixes("agent") ? AGENT_SHARE[at[3]] : 1;
    if (scenario == Scenario.STORM_OF_429) {
      return MODEL_SHARE[at[1]];
    }
    if (scenario.fixes("model")) {
      share *= MODEL_SHARE[at[1]] * INPUT_RATE[at[1]] / meanRate();
    }
    return scenario == Scenario.RETRIEVAL_TOKENS
        ? share * (1 - cached) / costOfToken(cached)
        : share;
  }

  /** One window of the feature. */
  KitDraw draw(int window, @Nullable Injection injection, Random random) {
    KitDraw draw = new KitDraw(name, window);
    double calls = shape.expectedCalls(window);
    for (int workspace = 0; workspace < WORKSPACES.length; workspace++) {
      for (int model = 0; model < MODELS.length; model++) {
        for (int region = 0; region < REGIONS.length; region++) {
          for (int agent = 0; agent < AGENTS.length; agent++) {
            int[] at = {workspace, model, region, agent};
            double rate =
                calls
                    * WORKSPACE_SHARE[workspace]
                    * MODEL_SHARE[model]
                    * REGION_SHARE[region]
                    * AGENT_SHARE[agent];
            draw.add(cell(at, rate, injection, random));
          }
        }
      }
    }
    return draw;
  }

  private KitDraw.@Nullable Part cell(
      int[] at, double usualRate, @Nullable Injection injection, Random random) {
    Change change = injection == null ? Change.NONE : change(injection, at);
    long calls = Noise.poisson(random, usualRate * change.calls());
    if (calls == 0) {
      return null;
    }
    double noise = Noise.sumOfCalls(random, calls, 1, shape.spread()) / calls;
    double each = tokens * noise * change.tokens();
    double cachedShare = cached + change.cached();
    return new KitDraw.Part(
        at,
        calls,
        Math.round(calls * each * (1 - cachedShare) * change.uncached()),
        Math.round(calls * each * cachedShare),
        Math.round(calls * each * OUTPUT_TOKENS),
        INPUT_RATE[at[1]] * change.price(),
        injection);
  }

  /** What an injection does to a cell: factors, and what is added to the cached share. */
  private record Change(double calls, double tokens, double uncached, double cached, double price) {
    static final Change NONE = new Change(1, 1, 1, 0, 1);
  }

  private Change change(Injection injection, int[] at) {
    Scenario scenario = injection.scenario();
    if (scenario == Scenario.DEAR_FALLBACK) {
      double moved = (injection.factor() - 1) / perMoved();
      double calls =
          at[1] == 0 ? 1 - moved : at[1] == 2 ? 1 + moved * MODEL_SHARE[0] / MODEL_SHARE[2] : 1;
      return new Change(calls, 1, 1, 0, 1);
    }
    if (scenario == Scenario.TWO_CAUSES && at[0] == second()) {
      double half = (injection.factor() - 1) / 2 / WORKSPACE_SHARE[second()];
      return new Change(1 + half, 1, 1, 0, 1);
    }
    if (!isHit(scenario, at)) {
      return Change.NONE;
    }
    double strength = 1 + (injection.factor() - 1) / share(scenario);
    return switch (scenario) {
      case RETRIEVAL_TOKENS -> new Change(1, 1, strength, 0, 1);
      case VERBOSE_PROMPT, THREE_DIMENSIONS -> new Change(1, strength, 1, 0, 1);
      case TOOL_LOOP, TRAFFIC -> new Change(strength, 1, 1, 0, 1);
      case PRICE_CHANGE -> new Change(1, 1, 1, 0, strength);
      case TWO_CAUSES -> new Change(1, 1 + (strength - 1) / 2, 1, 0, 1);
      case CACHE_COLLAPSE ->
          new Change(1, 1, 1, -(strength - 1) * costOfToken(cached) / (1 - CACHED_OVER_INPUT), 1);
      default -> Change.NONE;
    };
  }

  private boolean isHit(Scenario scenario, int[] at) {
    int[] wanted = target(scenario);
    return (!scenario.fixes("workspace") || at[0] == wanted[0])
        && (!scenario.fixes("model") || at[1] == wanted[1])
        && (!scenario.fixes("region") || at[2] == wanted[2])
        && (!scenario.fixes("agent") || at[3] == wanted[3]);
  }

  /** How likely a call of a cell fails. */
  static double failure(@Nullable Injection injection, int model) {
    if (injection == null || injection.scenario() != Scenario.STORM_OF_429 || model != 0) {
      return ERRORS;
    }
    return ERRORS * (1 + (injection.factor() - 1) / MODEL_SHARE[0]);
  }
}
