package dev.tributary.evalworker.core;

import java.util.List;

/** Several answers of one judge to one case. */
public final class Votes {
  private Votes() {}

  /**
   * The mean of the votes, where more than half of them are scores; else the first reason why one
   * is not. The explanation is that of the vote nearest to the mean.
   */
  public static Verdict count(List<Verdict> votes) {
    List<Verdict.Scored> scored =
        votes.stream()
            .filter(Verdict.Scored.class::isInstance)
            .map(Verdict.Scored.class::cast)
            .toList();
    if (scored.size() * 2 <= votes.size()) {
      return votes.stream()
          .filter(Verdict.NoScore.class::isInstance)
          .findFirst()
          .orElseThrow(() -> new IllegalArgumentException("no votes"));
    }
    double mean = scored.stream().mapToDouble(Verdict.Scored::value).average().orElseThrow();
    Verdict.Scored nearest = scored.get(0);
    for (Verdict.Scored vote : scored) {
      if (Math.abs(vote.value() - mean) < Math.abs(nearest.value() - mean)) {
        nearest = vote;
      }
    }
    return new Verdict.Scored(mean, null, nearest.explanation());
  }

  /** Distance between the highest and the lowest vote. */
  public static double spread(List<Verdict> votes) {
    double low = 1;
    double high = 0;
    for (Verdict vote : votes) {
      if (vote instanceof Verdict.Scored scored) {
        low = Math.min(low, scored.value());
        high = Math.max(high, scored.value());
      }
    }
    return Math.max(0, high - low);
  }
}
