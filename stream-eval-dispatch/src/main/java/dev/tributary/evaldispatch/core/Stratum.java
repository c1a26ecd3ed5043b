package dev.tributary.evaldispatch.core;

import java.math.BigDecimal;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Traces that are drawn at a rate of their own. Everything stated must hold; a trace belongs to the
 * first stratum of the policy that it fits.
 *
 * @param name of the stratum
 * @param rate wished probability, 0 to 1
 * @param when what a trace must be
 */
public record Stratum(String name, double rate, When when) {
  /** Stratum of the traces that fit no other. */
  public static final String REST = "rest";

  /** Checks the rate. */
  public Stratum {
    if (!(rate >= 0 && rate <= 1)) {
      throw new IllegalArgumentException("stratum " + name + ": rate must be 0 to 1: " + rate);
    }
    if (name.indexOf('@') >= 0 || name.indexOf('|') >= 0) {
      throw new IllegalArgumentException("stratum " + name + ": '@' and '|' are not allowed");
    }
  }

  /**
   * What a trace of the stratum is like.
   *
   * @param hasErrors a span failed
   * @param finishReasons one of its finish reasons is one of these, lower case; empty: any
   * @param costAtLeast null: any; a trace without a known cost does not fit
   * @param wallTimeAtLeastUs null: any
   * @param hasToolLoops a tool went in circles
   * @param newForUs its prompt version or model was first seen at most so long ago; null: any
   * @param scoreBelow a score that was there before is below; null: any
   * @param hasThumbsDown a user's score below one half was there before
   */
  public record When(
      boolean hasErrors,
      Set<String> finishReasons,
      @Nullable BigDecimal costAtLeast,
      @Nullable Long wallTimeAtLeastUs,
      boolean hasToolLoops,
      @Nullable Long newForUs,
      @Nullable Double scoreBelow,
      boolean hasThumbsDown) {

    /** Every trace. */
    public static final When ANY = new When(false, Set.of(), null, null, false, null, null, false);

    /** Traces with a failed span. */
    public static final When ERRORS =
        new When(true, Set.of(), null, null, false, null, null, false);

    /** Copies the reasons. */
    public When {
      finishReasons = Set.copyOf(finishReasons);
    }

    boolean holds(TraceFacts trace) {
      return (!hasErrors || trace.errors() > 0)
          && (finishReasons.isEmpty()
              || trace.finishReasons().stream().anyMatch(finishReasons::contains))
          && (costAtLeast == null
              || (trace.cost() != null && trace.cost().compareTo(costAtLeast) >= 0))
          && (wallTimeAtLeastUs == null || trace.wallTimeUs() >= wallTimeAtLeastUs)
          && (!hasToolLoops || trace.toolLoops() > 0)
          && (newForUs == null || (trace.newForUs() != null && trace.newForUs() <= newForUs))
          && (scoreBelow == null || hasScoreBelow(trace, scoreBelow))
          && (!hasThumbsDown || hasThumbsDown(trace));
    }

    private static boolean hasScoreBelow(TraceFacts trace, double limit) {
      return trace.scores().stream()
          .anyMatch(score -> score.value() != null && score.value() < limit);
    }

    private static boolean hasThumbsDown(TraceFacts trace) {
      return trace.scores().stream()
          .anyMatch(score -> score.isUsers() && score.value() != null && score.value() < 0.5);
    }
  }
}
