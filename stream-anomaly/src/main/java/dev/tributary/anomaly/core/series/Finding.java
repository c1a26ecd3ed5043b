package dev.tributary.anomaly.core.series;

import dev.tributary.anomaly.core.StateReader;
import dev.tributary.anomaly.core.StateWriter;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a step changed in an episode of a series, before anything is said about its cause.
 *
 * @param key the series
 * @param metric name of the metric
 * @param isLimit whether a fixed limit was passed; the baseline is the limit then
 * @param episodeId deterministic
 * @param revision from 1
 * @param state what happened
 * @param openedUs start of the window that opened it first
 * @param suspectUs start of the first window of the run that led to its last opening: windows from
 *     there on are no baseline
 * @param windowUs start of the window this is of
 * @param observed value there; of a limit the mean over the steps up to there that it is one of
 * @param baseline expected there
 * @param factor observed over baseline, as the rule reads it; of the peak once it is over
 * @param score 0 to 1
 * @param excess distance from the baseline in an additive unit, this window
 * @param money above the baseline so far; null: the metric is not about money
 * @param moneyPerHour its rate at this window; null as before, and where the window's is unknown
 * @param ending why it ended; meaningless before
 */
public record Finding(
    SeriesKey key,
    String metric,
    boolean isLimit,
    String episodeId,
    long revision,
    State state,
    long openedUs,
    long suspectUs,
    long windowUs,
    double observed,
    double baseline,
    double factor,
    double score,
    double excess,
    @Nullable BigDecimal money,
    @Nullable BigDecimal moneyPerHour,
    Ending ending) {

  /** What happened to an episode. */
  public enum State {
    OPENED,
    UPDATED,
    AMENDED,
    RESOLVED,
    LEVEL_SHIFT;

    /** Whether the episode is over. */
    public boolean isEnd() {
      return this == RESOLVED || this == LEVEL_SHIFT;
    }
  }

  /** Why an episode ended; the numbers are part of the kept format, of which 0 and 1 are older. */
  public enum Ending {
    /** Its values say so. */
    VALUES,
    /** Nothing came any more. */
    SILENT,
    /** A policy says that it is not watched any more. */
    UNWATCHED
  }

  /** Whether its last window says nothing of when it ended. */
  public boolean endedWithoutWindow() {
    return state.isEnd() && ending != Ending.VALUES;
  }

  /** Whether the episode had ended and came back. */
  public boolean isAgain() {
    return suspectUs > openedUs;
  }

  /**
   * Since when it is as it is, in words to people: its opening, or when it came back. What is
   * amended may be of any time since it opened.
   */
  public long sinceUs() {
    return state == State.AMENDED ? openedUs : Math.max(openedUs, suspectUs);
  }

  private static final List<State> STATES =
      List.of(State.OPENED, State.UPDATED, State.AMENDED, State.RESOLVED, State.LEVEL_SHIFT);

  private static final List<Ending> ENDINGS =
      List.of(Ending.VALUES, Ending.SILENT, Ending.UNWATCHED);

  /** Writes the finding. */
  public void save(StateWriter to) {
    to.text(key.tenant()).text(key.environment()).text(key.groupingSet());
    to.texts(key.dimensions()).text(key.text());
    to.text(metric).flag(isLimit).text(episodeId).whole(revision).octet(STATES.indexOf(state));
    to.whole(openedUs).whole(suspectUs).whole(windowUs);
    to.number(observed).number(baseline).number(factor).number(score).number(excess);
    to.flag(money != null);
    if (money != null) {
      to.amount(money);
    }
    to.flag(moneyPerHour != null);
    if (moneyPerHour != null) {
      to.amount(moneyPerHour);
    }
    to.octet(ENDINGS.indexOf(ending));
  }

  /** Reads what {@link #save} wrote. */
  public static Finding load(StateReader from) {
    return new Finding(
        new SeriesKey(from.text(), from.text(), from.text(), from.texts(), from.text()),
        from.text(),
        from.flag(),
        from.text(),
        from.whole(),
        STATES.get(from.octet()),
        from.whole(),
        from.whole(),
        from.whole(),
        from.number(),
        from.number(),
        from.number(),
        from.number(),
        from.number(),
        from.flag() ? from.amount() : null,
        from.flag() ? from.amount() : null,
        ENDINGS.get(from.octet()));
  }
}
