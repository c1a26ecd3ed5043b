package dev.tributary.anomaly;

import dev.tributary.anomaly.core.series.Finding;
import dev.tributary.anomaly.core.series.PolicyRow;
import dev.tributary.anomaly.core.series.RuleBook;
import dev.tributary.anomaly.core.series.SeriesEvaluator;
import dev.tributary.anomaly.core.series.SeriesState;
import dev.tributary.schemas.Window;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The rules without the topology around them: windows of whole steps in, findings out, as the
 * topology has them before they are grouped and explained.
 */
public final class JudgedWindows {
  private static final long HOUR_US = 3_600_000_000L;

  private final RuleBook rules;
  private final SeriesEvaluator evaluator =
      new SeriesEvaluator(WindowFeed.STEP_US, HOUR_US, HOUR_US);
  private final Map<String, SeriesState> states = new TreeMap<>();

  /**
   * @param policies as reference rows carry them
   */
  public JudgedWindows(Collection<String> policies) {
    this.rules =
        new RuleBook(
            policies.stream()
                .map(json -> Objects.requireNonNull(PolicyReader.readRow("kit", json)))
                .map(PolicyRow.class::cast)
                .toList());
  }

  /** Judges the window of a series at the step it makes. */
  public void take(Window window, Consumer<Finding> out) {
    SeriesState state =
        states.computeIfAbsent(
            window.getSeries(), key -> new SeriesState(WindowMapper.key(window)));
    evaluator.evaluate(state, window.getStartTimeUs(), WindowMapper.sums(window), rules, out);
  }

  /** Ends what nothing was heard of until the end of a step. */
  public void close(long stepStartUs, Consumer<Finding> out) {
    for (SeriesState state : states.values()) {
      if (state.hasEpisode()) {
        evaluator.expire(state, stepStartUs, rules, out);
      }
    }
  }
}
