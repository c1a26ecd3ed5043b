package dev.tributary.quality;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Made-up traffic of two arms, window by window: four workspaces that differ in prices and mix,
 * hours that differ in load, costs with a heavy tail, rare finish reasons, and scores of a sample
 * with unequal probabilities. Truth is in the arguments; what it makes knows nothing of it.
 */
final class Traffic {
  static final Dimension COST =
      new Dimension("cost_per_call", Dimension.Kind.AMOUNT, Dimension.Good.LOWER);
  static final Dimension LATENCY =
      new Dimension("latency_ms", Dimension.Kind.AMOUNT, Dimension.Good.LOWER);
  static final Dimension INPUT =
      new Dimension("input_tokens", Dimension.Kind.AMOUNT, Dimension.Good.NEITHER);
  static final Dimension OUTPUT =
      new Dimension("output_tokens", Dimension.Kind.AMOUNT, Dimension.Good.NEITHER);
  static final Dimension LENGTH =
      new Dimension("length_share", Dimension.Kind.SHARE, Dimension.Good.LOWER);
  static final Dimension TOOLS =
      new Dimension("tool_call_share", Dimension.Kind.SHARE, Dimension.Good.NEITHER);
  static final Dimension ERRORS =
      new Dimension("error_share", Dimension.Kind.SHARE, Dimension.Good.LOWER);
  static final Dimension REFUSALS =
      new Dimension("refusal_share", Dimension.Kind.SHARE, Dimension.Good.LOWER);
  static final Dimension FAITHFULNESS =
      new Dimension("score.faithfulness", Dimension.Kind.SCORE, Dimension.Good.HIGHER);
  static final Dimension RELEVANCE =
      new Dimension("score.relevance", Dimension.Kind.SCORE, Dimension.Good.HIGHER);
  static final List<Dimension> ALL =
      List.of(
          COST, LATENCY, INPUT, OUTPUT, LENGTH, TOOLS, ERRORS, REFUSALS, FAITHFULNESS, RELEVANCE);

  private static final double[] DEARNESS = {1, 2.5, 0.4, 6};
  private static final double[] EVEN = {0.4, 0.3, 0.2, 0.1};

  /** One arm's truth. */
  record Arm(double costFactor, double faithfulness, double[] mix) {
    static final Arm SAME = new Arm(1, 0.85, EVEN);
  }

  private final SplittableRandom random;
  private final Map<Dimension, Map<Stratum, Moments>> baseline = new LinkedHashMap<>();
  private final Map<Dimension, Map<Stratum, Moments>> candidate = new LinkedHashMap<>();

  Traffic(long seed) {
    this.random = new SplittableRandom(seed);
  }

  /** So many calls in each arm in this hour. */
  void window(int hour, int calls, Arm a, Arm b) {
    for (int i = 0; i < calls; i++) {
      call(baseline, hour, a);
      call(candidate, hour, b);
    }
  }

  List<TwoArms> arms() {
    return ALL.stream()
        .map(
            dimension ->
                TwoArms.of(
                    dimension,
                    baseline.getOrDefault(dimension, Map.of()),
                    candidate.getOrDefault(dimension, Map.of())))
        .toList();
  }

  private void call(Map<Dimension, Map<Stratum, Moments>> arm, int hour, Arm truth) {
    int workspace = choose(truth.mix());
    Stratum stratum = new Stratum("w" + workspace, hour);
    double load = 1 + 0.5 * Math.sin(hour * Math.PI / 12);
    double input = Math.exp(7 + 0.8 * random.nextGaussian()) * DEARNESS[workspace];
    double output = Math.exp(5 + 0.9 * random.nextGaussian());
    double cost = (3e-6 * input + 15e-6 * output) * truth.costFactor();
    add(arm, INPUT, stratum, Moments.of(input));
    add(arm, OUTPUT, stratum, Moments.of(output));
    add(arm, COST, stratum, Moments.of(cost));
    add(
        arm,
        LATENCY,
        stratum,
        Moments.of(Math.exp(6 + 0.7 * random.nextGaussian()) * load + 8 * output));
    boolean isLong = random.nextDouble() < 0.03;
    add(arm, LENGTH, stratum, Moments.of(isLong ? 1 : 0));
    add(arm, TOOLS, stratum, Moments.of(random.nextDouble() < 0.3 ? 1 : 0));
    add(arm, ERRORS, stratum, Moments.of(random.nextDouble() < 0.01 ? 1 : 0));
    add(arm, REFUSALS, stratum, Moments.of(random.nextDouble() < 0.004 ? 1 : 0));
    // Cut answers are looked at more often than others, and are worse.
    double probability = isLong ? 0.8 : 0.15;
    if (random.nextDouble() < probability) {
      double mean = truth.faithfulness() - (isLong ? 0.2 : 0);
      add(arm, FAITHFULNESS, stratum, Moments.of(score(mean), probability));
      add(arm, RELEVANCE, stratum, Moments.of(score(0.9), probability));
    }
  }

  /** Most answers are right, some are not. */
  private double score(double mean) {
    return random.nextDouble() < mean ? 1 - 0.1 * random.nextDouble() : 0.1 * random.nextDouble();
  }

  private int choose(double[] mix) {
    double at = random.nextDouble();
    int i = 0;
    while (i < mix.length - 1 && at >= mix[i]) {
      at -= mix[i++];
    }
    return i;
  }

  private static void add(
      Map<Dimension, Map<Stratum, Moments>> arm,
      Dimension dimension,
      Stratum stratum,
      Moments value) {
    arm.computeIfAbsent(dimension, unused -> new LinkedHashMap<>())
        .merge(stratum, value, Moments::plus);
  }
}
