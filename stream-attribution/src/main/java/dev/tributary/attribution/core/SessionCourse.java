package dev.tributary.attribution.core;

import dev.tributary.schemas.SessionSummary;
import dev.tributary.schemas.SessionTurn;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How a session went, turn by turn: the time between turns, and whether the last third of the
 * listed turns was slower, dearer, longer or worse than the first third.
 */
final class SessionCourse {
  private static final int THIRDS = 3;

  private SessionCourse() {}

  /**
   * Sets the turn list of a summary and what follows from it.
   *
   * @param first the first turns by start
   * @param latest the latest turns that are not among the first
   * @param turns all turns of the session
   */
  static void describe(
      SessionSummary summary, List<TurnFacts> first, List<TurnFacts> latest, long turns) {
    List<SessionTurn> listed = new ArrayList<>(first.size() + latest.size());
    TurnFacts before = null;
    for (TurnFacts turn : first) {
      listed.add(turn.listed(listed.size() + 1L, gap(before, turn)));
      before = turn;
    }
    long leftOut = turns - first.size() - latest.size();
    if (leftOut > 0) {
      before = null;
    }
    for (TurnFacts turn : latest) {
      listed.add(turn.listed(listed.size() + 1 + leftOut, gap(before, turn)));
      before = turn;
    }
    summary.setTurnList(listed);
    summary.setTurnListTruncated(leftOut > 0);
    gaps(summary, listed);
    if (listed.size() >= THIRDS) {
      compareThirds(summary, listed);
    }
  }

  private static @Nullable Long gap(@Nullable TurnFacts before, TurnFacts turn) {
    return before == null ? null : Long.valueOf(turn.startUs() - before.endUs());
  }

  private static void gaps(SessionSummary summary, List<SessionTurn> listed) {
    long count = 0;
    long sum = 0;
    long longest = 0;
    for (SessionTurn turn : listed) {
      if (turn.getGapUs() != null) {
        long gap = Math.max(0, turn.getGapUs());
        count++;
        sum += gap;
        longest = Math.max(longest, gap);
      }
    }
    if (count > 0) {
      summary.setGapUsMean(sum / count);
      summary.setGapUsMax(longest);
    }
  }

  private static void compareThirds(SessionSummary summary, List<SessionTurn> listed) {
    int third = listed.size() / THIRDS;
    List<SessionTurn> early = listed.subList(0, third);
    List<SessionTurn> late = listed.subList(listed.size() - third, listed.size());
    summary.setWallTimeGrowth(
        growth(early, late, turn -> BigDecimal.valueOf(turn.getWallTimeUs())));
    summary.setCostGrowth(growth(early, late, SessionTurn::getCost));
    summary.setContextGrowth(
        growth(
            early,
            late,
            turn ->
                turn.getContextTokens() == null
                    ? null
                    : BigDecimal.valueOf(turn.getContextTokens())));
    summary.setEarlyErrorShare(errorShare(early));
    summary.setLateErrorShare(errorShare(late));
  }

  private static @Nullable Double growth(
      List<SessionTurn> early,
      List<SessionTurn> late,
      Function<SessionTurn, @Nullable BigDecimal> value) {
    BigDecimal before = mean(early, value);
    BigDecimal now = mean(late, value);
    return before == null || now == null || before.signum() <= 0
        ? null
        : now.divide(before, MathContext.DECIMAL64).doubleValue();
  }

  private static @Nullable BigDecimal mean(
      List<SessionTurn> turns, Function<SessionTurn, @Nullable BigDecimal> value) {
    BigDecimal sum = BigDecimal.ZERO;
    int known = 0;
    for (SessionTurn turn : turns) {
      BigDecimal one = value.apply(turn);
      if (one != null) {
        sum = sum.add(one);
        known++;
      }
    }
    return known == 0 ? null : sum.divide(BigDecimal.valueOf(known), MathContext.DECIMAL64);
  }

  private static double errorShare(List<SessionTurn> turns) {
    return (double) turns.stream().filter(turn -> turn.getErrors() > 0).count() / turns.size();
  }
}
