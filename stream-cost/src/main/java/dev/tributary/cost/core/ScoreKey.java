package dev.tributary.cost.core;

import java.util.Comparator;

/**
 * What scores are summed by inside a window.
 *
 * @param name name of the score, such as faithfulness
 * @param source evaluator, user, human or business
 */
record ScoreKey(String name, String source) implements Comparable<ScoreKey> {
  private static final Comparator<ScoreKey> ORDER =
      Comparator.comparing(ScoreKey::name).thenComparing(ScoreKey::source);

  @Override
  public int compareTo(ScoreKey other) {
    return ORDER.compare(this, other);
  }
}
