package dev.tributary.evaldispatch.core;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Draws of traces. Pure: the same trace and policies give the same draws on every replay. */
public final class Sampling {
  private static final double TWO_TO_53 = 0x1p53;

  private Sampling() {}

  /**
   * What a policy wants of a trace by one evaluator.
   *
   * @param draw in [0, 1): the trace is chosen where it is below the rate
   * @param isChosen whether it is chosen already: only on the route {@code fast}, whose rate is
   *     fixed
   * @param isCandidate whether a rate the controller may set can choose it
   */
  public record Drawn(
      EvalPolicy policy,
      Stratum stratum,
      EvaluatorChoice evaluator,
      double draw,
      boolean isChosen,
      boolean isCandidate) {}

  /**
   * The first 53 bits of SHA-256 over trace id and evaluator, as a number in [0, 1). Draws of one
   * trace are independent between evaluators and nested between rates.
   */
  public static double draw(String traceId, String evaluator) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest((traceId + "|" + evaluator).getBytes(StandardCharsets.UTF_8));
      return (ByteBuffer.wrap(digest).getLong() >>> 11) / TWO_TO_53;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }

  /** Draws of a trace under these policies, in the order of priority; one evaluator draws once. */
  public static List<Drawn> drawn(Collection<EvalPolicy> policies, TraceFacts trace) {
    List<EvalPolicy> ordered =
        policies.stream()
            .filter(policy -> policy.filter().accepts(trace))
            .sorted(
                Comparator.comparingInt(EvalPolicy::priority)
                    .reversed()
                    .thenComparing(EvalPolicy::id))
            .toList();
    Set<String> taken = new HashSet<>();
    List<Drawn> all = new ArrayList<>();
    for (EvalPolicy policy : ordered) {
      Stratum stratum = policy.stratumOf(trace);
      for (EvaluatorChoice evaluator : policy.evaluators()) {
        if (taken.add(evaluator.key())) {
          double draw = draw(trace.traceId(), evaluator.key());
          boolean isFast = evaluator.route() == Route.FAST;
          all.add(
              new Drawn(
                  policy,
                  stratum,
                  evaluator,
                  draw,
                  isFast && draw < policy.fastRate(),
                  !isFast && draw < policy.mostRate(stratum)));
        }
      }
    }
    return all;
  }

  /** Id of the job, and of its score: a trace is judged once by one version of an evaluator. */
  public static String jobId(String traceId, EvaluatorChoice evaluator) {
    return traceId + "|" + evaluator.key();
  }
}
