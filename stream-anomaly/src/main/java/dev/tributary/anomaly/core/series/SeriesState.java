package dev.tributary.anomaly.core.series;

import dev.tributary.anomaly.core.StateReader;
import dev.tributary.anomaly.core.StateWriter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of a series: about 1.7 KB for each rule that has spoken, once a week has been seen.
 */
public final class SeriesState {
  /** Scores are named by producers: more than so many rules a series does not get. */
  private static final int MOST_RULES = 64;

  /** A baseline knows a week: what is silent for longer gives its place to what is there. */
  private static final long SILENT_US = 7 * 24 * 3_600_000_000L;

  private static final int FORMAT = 4;

  /** The one before, of which episodes were not opened again. */
  private static final int OLD_FORMAT = 3;

  private final SeriesKey key;
  private final List<RuleState> rules = new ArrayList<>();
  private long lastUs = Long.MIN_VALUE;

  public SeriesState(SeriesKey key) {
    this.key = key;
  }

  /** Whose state it is. */
  public SeriesKey key() {
    return key;
  }

  /** Start of the last step that is over for it; the least number: none is. */
  public long lastUs() {
    return lastUs;
  }

  /** A step is over for it, with values or without. */
  public void seen(long stepUs) {
    lastUs = Math.max(lastUs, stepUs);
  }

  /** Whether any of its episodes is open. */
  public boolean hasOpen() {
    return rules.stream().anyMatch(RuleState::isOpen);
  }

  /** Whether a late window can still amend something, or what comes back go on with it. */
  public boolean hasEpisode() {
    return rules.stream().anyMatch(rule -> rule.episode != null);
  }

  /**
   * Whether time alone can make something of it: an episode falls silent or is past amending, and
   * an hour of scores ends.
   */
  public boolean isWaiting() {
    return rules.stream().anyMatch(rule -> rule.episode != null || rule.isGathering());
  }

  List<RuleState> rules() {
    return rules;
  }

  /**
   * Makes room for the metrics of a step where there may be too many: forgets rules of which
   * nothing was heard for long and nothing can come.
   *
   * @param shown names of the metrics that the step shows
   */
  void makeRoom(long stepStartUs, Set<String> shown) {
    // A metric may have a rule of its baseline, and one of a limit.
    if (rules.size() + 2 * shown.size() <= MOST_RULES) {
      return;
    }
    Set<String> fresh = new HashSet<>(shown);
    rules.forEach(rule -> fresh.remove(rule.metric));
    if (rules.size() + 2 * fresh.size() <= MOST_RULES) {
      return;
    }
    rules.removeIf(
        rule ->
            rule.episode == null
                && !rule.isGathering()
                && !shown.contains(rule.metric)
                && rule.lastUs <= stepStartUs - SILENT_US);
  }

  /**
   * The state of a rule, made where there is room; null: there is none. A state that nobody keeps
   * would open episodes that nothing ends.
   */
  @Nullable RuleState rule(String metric, boolean isLimit) {
    for (RuleState rule : rules) {
      if (rule.isLimit == isLimit && rule.metric.equals(metric)) {
        return rule;
      }
    }
    if (rules.size() >= MOST_RULES) {
      return null;
    }
    RuleState fresh = new RuleState(metric, isLimit);
    rules.add(fresh);
    return fresh;
  }

  /** The state as bytes. */
  public byte[] toBytes() {
    return toBytes(key);
  }

  /** The state as bytes, under the name of another series that has seen the same. */
  public byte[] toBytes(SeriesKey name) {
    StateWriter to = new StateWriter();
    to.octet(FORMAT).text(name.tenant()).text(name.environment()).text(name.groupingSet());
    to.texts(name.dimensions()).text(name.text()).whole(lastUs).whole(rules.size());
    rules.forEach(rule -> rule.save(to));
    // Behind everything else: states that older versions kept end before it.
    rules.forEach(rule -> rule.saveLater(to));
    rules.forEach(rule -> rule.saveLast(to));
    return to.toBytes();
  }

  /** The state of bytes. */
  public static SeriesState of(byte[] bytes) {
    StateReader from = new StateReader(bytes);
    int format = from.octet();
    if (format != FORMAT && format != OLD_FORMAT) {
      throw new IllegalArgumentException(
          "format " + format + " of a series; known: " + OLD_FORMAT + ", " + FORMAT);
    }
    SeriesState state =
        new SeriesState(
            new SeriesKey(from.text(), from.text(), from.text(), from.texts(), from.text()));
    state.lastUs = from.whole();
    long count = from.whole();
    for (long i = 0; i < count; i++) {
      state.rules.add(RuleState.load(from, format == OLD_FORMAT));
    }
    if (from.hasMore()) {
      state.rules.forEach(rule -> rule.loadLater(from));
    }
    if (from.hasMore()) {
      state.rules.forEach(rule -> rule.loadLast(from));
    }
    return state;
  }
}
