package dev.tributary.evaldispatch.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.runtime.testing.Generator;
import dev.tributary.runtime.testing.Seeds;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * A world whose quality is known and hidden from the sampler: are weighted means right, do their
 * intervals hold, and what does it cost? {@code -Dtributary.test.simulations=2000} is the long
 * form.
 */
class QualitySimulationTest {
  private static final int WORLDS = Integer.getInteger("tributary.test.simulations", 400);
  private static final int TRACES = 2_500;

  /** Standard deviations that chance does not reach: once in 15,000 runs. */
  private static final double FAR = 4;

  /** Share of traffic and true quality: most is good, the tail is not. */
  private record Kind(double share, double quality, long errors, Set<String> finish) {}

  private static final List<Kind> WORLD =
      List.of(
          new Kind(0.86, 0.92, 0, Set.of("stop")),
          new Kind(0.08, 0.35, 1, Set.of("stop")),
          new Kind(0.06, 0.60, 0, Set.of("length")));
  private static final double TRUTH =
      WORLD.stream().mapToDouble(kind -> kind.share() * kind.quality()).sum();

  private static final EvalPolicy STRATIFIED =
      policy(
          0.10,
          List.of(
              new Stratum("errors", 0.55, Stratum.When.ERRORS),
              new Stratum(
                  "cut",
                  0.40,
                  new Stratum.When(
                      false, Set.of("length"), null, null, false, null, null, false))));
  private static final EvalPolicy UNIFORM = policy(0.45, List.of());

  private static EvalPolicy policy(double base, List<Stratum> strata) {
    return new EvalPolicy(
        "default",
        "answers",
        0,
        TraceFilter.ALL,
        List.of(Policies.judge()),
        base,
        0,
        1,
        strata,
        1,
        new BigDecimal("1000"),
        null,
        false);
  }

  /** What an analyst sees of one world: the sums that windows keep. */
  private static final class Sums {
    private double n;
    private double w;
    private double ww;
    private double wx;
    private double wwx;
    private double wwxx;

    void add(double x, double probability) {
      double weight = 1 / probability;
      n++;
      w += weight;
      ww += weight * weight;
      wx += weight * x;
      wwx += weight * weight * x;
      wwxx += weight * weight * x * x;
    }

    double mean() {
      return wx / w;
    }

    /** The linearised standard error, as the view {@code score_means} has it. */
    double error() {
      double m = mean();
      return Math.sqrt(Math.max(0, wwxx - 2 * m * wwx + m * m * ww) / (w * w) * n / (n - 1));
    }
  }

  private record Seen(Sums all, Sums tail, double unweighted) {}

  private static Seen look(Generator generator, EvalPolicy policy) {
    Sums all = new Sums();
    Sums tail = new Sums();
    double sum = 0;
    for (int i = 0; i < TRACES; i++) {
      double pick = generator.random().nextDouble();
      int kind = pick < 0.86 ? 0 : pick < 0.94 ? 1 : 2;
      Kind truth = WORLD.get(kind);
      double x = generator.random().nextDouble() < truth.quality() ? 1 : 0;
      TraceFacts trace =
          new TraceFacts(
              "default",
              generator.hex(16),
              1,
              Map.of(),
              List.of(),
              truth.errors(),
              truth.finish(),
              null,
              1,
              0,
              null,
              List.of());
      for (Sampling.Drawn drawn : Sampling.drawn(List.of(policy), trace)) {
        if (drawn.draw() < drawn.stratum().rate()) {
          all.add(x, drawn.stratum().rate());
          sum += x;
          if (kind == 1) {
            tail.add(x, drawn.stratum().rate());
          }
        }
      }
    }
    return new Seen(all, tail, sum / all.n);
  }

  @Test
  void weightedMeans_unbiasedAndTheirIntervalsHold() {
    Seeds.with(
        Seeds.one(),
        generator -> {
          double errors = 0;
          double squares = 0;
          double unweighted = 0;
          int held = 0;
          for (int world = 0; world < WORLDS; world++) {
            Seen seen = look(generator, STRATIFIED);
            double error = seen.all().mean() - TRUTH;
            errors += error;
            squares += error * error;
            unweighted += seen.unweighted() - TRUTH;
            held += Math.abs(error) <= 1.96 * seen.all().error() ? 1 : 0;
          }
          double z = errors / WORLDS / Math.sqrt(squares / WORLDS / WORLDS);
          double held95 = (double) held / WORLDS;
          // What chance does to the share itself in so many worlds, beyond 93 to 97 of 100.
          double play = FAR * Math.sqrt(0.95 * 0.05 / WORLDS) - 0.0127;

          System.out.printf(
              Locale.ROOT,
              "%d worlds, seed %d: bias %.5f, z %.2f; 95 %% intervals hold in %.1f %%; bias without"
                  + " weights %.3f%n",
              WORLDS,
              generator.seed(),
              errors / WORLDS,
              z,
              100 * held95,
              unweighted / WORLDS);
          assertThat(Math.abs(z)).as("z of the bias").isLessThan(FAR);
          assertThat(held95)
              .as("share of intervals that hold")
              .isBetween(0.93 - Math.max(0, play), 0.97 + Math.max(0, play));
          // The negative control: without weights the oversampled tail drags the mean down.
          assertThat(unweighted / WORLDS).as("bias without weights").isLessThan(-0.08);
        });
  }

  @Test
  void tail_asNarrowAsUniform_atHalfTheCost() {
    Seeds.with(
        Seeds.one(),
        generator -> {
          double[] width = new double[2];
          double[] cost = new double[2];
          for (int world = 0; world < 60; world++) {
            Seen stratified = look(generator, STRATIFIED);
            Seen uniform = look(generator, UNIFORM);
            width[0] += stratified.tail().error();
            width[1] += uniform.tail().error();
            cost[0] += stratified.all().n;
            cost[1] += uniform.all().n;
          }

          System.out.printf(
              Locale.ROOT,
              "60 worlds, seed %d: error on the tail %.2f of uniform sampling's at %.2f of its judge"
                  + " calls%n",
              generator.seed(),
              width[0] / width[1],
              cost[0] / cost[1]);
          assertThat(width[0]).as("width on the tail").isLessThanOrEqualTo(width[1]);
          assertThat(cost[0]).as("judge calls").isLessThanOrEqualTo(cost[1] / 2);
        });
  }
}
