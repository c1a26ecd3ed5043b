package dev.tributary.anomaly.core.series;

import dev.tributary.anomaly.core.EpisodeId;
import dev.tributary.anomaly.core.LimitDetector;
import dev.tributary.anomaly.core.Reading;
import dev.tributary.anomaly.core.SeriesDetector;
import dev.tributary.anomaly.core.SeriesStatus;
import dev.tributary.anomaly.core.StateReader;
import dev.tributary.anomaly.core.StateWriter;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Takes the steps of a series through its rules and says what became of its episodes. */
public final class SeriesEvaluator {
  /** Steps of an episode that are kept whatever can be amended, and that are at most. */
  private static final int LEAST_STEPS = 24;

  private static final int MOST_STEPS = 600;

  private final long stepUs;
  private final long silentUs;
  private final long amendableUs;

  /** Steps of an episode that a late window can still be of. */
  private final int amendableSteps;

  /**
   * @param stepUs length of a step
   * @param silentUs time without a value after which an open episode ends
   * @param amendableUs time after its end in which late windows amend an episode
   */
  public SeriesEvaluator(long stepUs, long silentUs, long amendableUs) {
    this.stepUs = stepUs;
    this.silentUs = silentUs;
    this.amendableUs = amendableUs;
    this.amendableSteps =
        (int) Math.min(MOST_STEPS, Math.max(LEAST_STEPS, amendableUs / stepUs + 2));
  }

  /**
   * What a step was to a series.
   *
   * @param values values that rules took
   * @param unusable values that are no numbers, below zero or absurd, and were left out
   */
  public record Outcome(int values, int unusable) {}

  /**
   * Takes the next step of a series.
   *
   * @param stepStartUs after that of the step before
   */
  public Outcome evaluate(
      SeriesState state, long stepStartUs, StepSums sums, RuleBook book, Consumer<Finding> out) {
    state.seen(stepStartUs);
    int values = 0;
    int unusable = 0;
    EpisodeState.Spend spend = EpisodeState.Spend.UNKNOWN;
    List<Measured> all = SeriesMetric.measure(sums, stepUs);
    state.makeRoom(stepStartUs, all.stream().map(Measured::name).collect(Collectors.toSet()));
    for (Measured measured : all) {
      if (!isUsable(measured)) {
        unusable++;
        continue;
      }
      values++;
      Rule baseline = book.baseline(state.key(), measured.metric(), measured.name());
      if (baseline != null) {
        boolean isSpend = measured.metric() == SeriesMetric.SPEND_PER_HOUR;
        EpisodeState.Spend judged = judge(state, stepStartUs, measured, baseline, sums, spend, out);
        spend = isSpend ? judged : spend;
      }
      Rule limit = book.limit(state.key(), measured.metric(), measured.name());
      if (limit != null) {
        judge(state, stepStartUs, measured, limit, sums, spend, out);
      }
    }
    return new Outcome(values, unusable);
  }

  /** Has a rule take a value, where the series has room for the rule; what is known of spend. */
  private EpisodeState.Spend judge(
      SeriesState state,
      long stepStartUs,
      Measured measured,
      Rule rule,
      StepSums sums,
      EpisodeState.Spend spend,
      Consumer<Finding> out) {
    RuleState kept = state.rule(measured.name(), rule.isLimit());
    if (kept == null) {
      return spend;
    }
    Run run = new Run(state, kept, measured.metric(), rule, sums, spend, out);
    run.take(stepStartUs, measured);
    return run.spend;
  }

  static boolean isUsable(Measured measured) {
    double value = measured.value();
    return value >= 0
        && value <= SeriesDetector.LARGEST
        && measured.samples() >= 0
        && !(measured.metric().isShare() && value > 1);
  }

  /**
   * Judges hours that are over though their last step brought nothing, ends episodes that nothing
   * is heard of or that are watched no more, and forgets those that nothing amends any more.
   */
  public void expire(SeriesState state, long stepStartUs, RuleBook book, Consumer<Finding> out) {
    for (RuleState rule : state.rules()) {
      boolean isHeardOf = flush(state, rule, stepStartUs, book, out);
      EpisodeState episode = rule.episode;
      // What is told for the first time is not over in the same breath, however late it is told.
      if (episode == null || isHeardOf) {
        continue;
      }
      if (!episode.isOpen()) {
        rule.episode = episode.isOver(stepStartUs, amendableUs) ? null : episode;
        continue;
      }
      SeriesMetric metric = SeriesMetric.ofName(rule.metric);
      long gatheredUs = metric == null ? stepUs : metric.gatheredUs(stepUs);
      if (metric == null || rule(book, state.key(), metric, rule) == null) {
        end(state, rule, episode, stepStartUs, Finding.Ending.UNWATCHED, out);
      } else if (stepStartUs - rule.lastUs >= Math.max(silentUs, 3 * gatheredUs)) {
        end(state, rule, episode, stepStartUs, Finding.Ending.SILENT, out);
      }
    }
  }

  /** The rule of what is kept; null: it is not watched any more. */
  private static @Nullable Rule rule(
      RuleBook book, SeriesKey key, SeriesMetric metric, RuleState kept) {
    return kept.isLimit
        ? book.limit(key, metric, kept.metric)
        : book.baseline(key, metric, kept.metric);
  }

  /** Ends an episode with its last window, long ago as that may be. */
  private void end(
      SeriesState state,
      RuleState rule,
      EpisodeState episode,
      long atUs,
      Finding.Ending ending,
      Consumer<Finding> out) {
    episode.endWithoutWindow(atUs);
    rule.detector = expired(rule, atUs);
    out.accept(
        episode.finding(
            state.key(),
            rule.metric,
            rule.isLimit,
            Finding.State.RESOLVED,
            rule.lastUs,
            episode.valueAt(rule.lastUs),
            episode.baselineAt(rule.lastUs),
            1,
            0,
            EpisodeState.Spend.UNKNOWN,
            ending));
  }

  /**
   * Has a rule take what was gathered, where the time is over that it was gathered for.
   *
   * @return whether it took something
   */
  private boolean flush(
      SeriesState state, RuleState kept, long stepStartUs, RuleBook book, Consumer<Finding> out) {
    SeriesMetric metric = kept.isGathering() ? SeriesMetric.ofName(kept.metric) : null;
    if (metric == null || stepStartUs + stepUs < kept.gatherUs + metric.gatheredUs(stepUs)) {
      return false;
    }
    Rule rule = rule(book, state.key(), metric, kept);
    if (rule == null) {
      kept.forgetGathered(); // a policy says that it is not watched any more
      return false;
    }
    EpisodeState.Spend unknown = EpisodeState.Spend.UNKNOWN;
    new Run(state, kept, metric, rule, new StepSums(), unknown, out).flush();
    return true;
  }

  /** The latch is the same whatever the policy is. */
  private byte[] expired(RuleState rule, long atUs) {
    SeriesMetric metric = SeriesMetric.ofName(rule.metric);
    if (metric == null) {
      return rule.detector;
    }
    if (rule.isLimit) {
      int windows = SavedLimit.windows(rule.detector);
      LimitDetector detector = new LimitDetector(metric.policy(), 0.5, windows);
      SavedLimit.load(detector, rule.detector);
      detector.expire(atUs);
      return SavedLimit.of(detector, windows);
    }
    SeriesDetector detector = new SeriesDetector(metric.policy(), metric.gatheredUs(stepUs));
    detector.load(new StateReader(rule.detector));
    detector.expire(atUs);
    StateWriter to = new StateWriter();
    detector.save(to);
    return to.toBytes();
  }

  /**
   * Puts a step of an episode right with what came late; decides nothing anew.
   *
   * @param sums the whole step as it is known now
   */
  public void amend(SeriesState state, long stepStartUs, StepSums sums, Consumer<Finding> out) {
    new Amendment(state, stepStartUs, sums, stepUs, out).run();
  }

  /** One rule of a series at one step. */
  private final class Run {
    private final SeriesState state;
    private final SeriesMetric metric;
    private final Rule rule;
    private final RuleState kept;
    private final StepSums sums;
    private final Consumer<Finding> out;
    private final long gatheredUs;
    private EpisodeState.Spend spend;

    Run(
        SeriesState state,
        RuleState kept,
        SeriesMetric metric,
        Rule rule,
        StepSums sums,
        EpisodeState.Spend spend,
        Consumer<Finding> out) {
      this.state = state;
      this.metric = metric;
      this.rule = rule;
      this.kept = kept;
      this.sums = sums;
      this.spend = metric.family() == Family.COST ? spend : EpisodeState.Spend.UNKNOWN;
      this.out = out;
      this.gatheredUs = metric.gatheredUs(stepUs);
    }

    void take(long stepStartUs, Measured measured) {
      if (gatheredUs == stepUs) {
        feed(stepStartUs, measured);
        return;
      }
      long startUs = Math.floorDiv(stepStartUs, gatheredUs) * gatheredUs;
      if (kept.gatherUs != startUs) {
        flush();
        kept.gatherUs = startUs;
      }
      kept.gather(measured);
      if (stepStartUs + stepUs == startUs + gatheredUs) {
        flush();
      }
    }

    void flush() {
      if (kept.isGathering()) {
        feed(kept.gatherUs, kept.gathered(metric));
      }
      kept.forgetGathered();
    }

    private void feed(long timeUs, Measured measured) {
      if (kept.detector.length > 0 && timeUs <= kept.lastUs) {
        return; // a gathered value whose hour was told already
      }
      Reading reading = rule.isLimit() ? limit(timeUs, measured) : baseline(timeUs, measured);
      kept.lastUs = timeUs;
      if (metric == SeriesMetric.SPEND_PER_HOUR && !rule.isLimit()) {
        spend = EpisodeState.Spend.of(sums, reading.baseline(), stepUs);
      }
      if (reading.breach()) {
        boolean isNew =
            kept.lastBreachUs == Long.MIN_VALUE
                || timeUs - kept.lastBreachUs >= rule.policy().outOf() * gatheredUs;
        kept.suspectUs = isNew ? timeUs : kept.suspectUs;
        kept.lastBreachUs = timeUs;
      }
      tell(timeUs, measured, reading);
    }

    private Reading baseline(long timeUs, Measured m) {
      SeriesDetector detector = new SeriesDetector(rule.policy(), gatheredUs);
      if (kept.detector.length > 0) {
        detector.load(new StateReader(kept.detector));
      }
      Reading reading = detector.add(timeUs, m.value(), m.samples(), m.tokens());
      StateWriter to = new StateWriter();
      detector.save(to);
      kept.detector = to.toBytes();
      return reading;
    }

    private Reading limit(long timeUs, Measured m) {
      LimitDetector detector = new LimitDetector(rule.policy(), rule.limit(), rule.limitWindows());
      boolean isSaved = kept.detector.length > 0;
      if (isSaved && SavedLimit.windows(kept.detector) == rule.limitWindows()) {
        SavedLimit.load(detector, kept.detector);
      }
      Reading reading = detector.add(timeUs, m.value(), m.samples());
      kept.detector = SavedLimit.of(detector, rule.limitWindows());
      return reading;
    }

    private void tell(long timeUs, Measured measured, Reading reading) {
      EpisodeState episode = kept.episode;
      boolean wasOpen = episode != null && episode.isOpen();
      if (!wasOpen && reading.status() == SeriesStatus.OPEN) {
        EpisodeState opened = opened(timeUs);
        kept.episode = opened;
        send(opened, Finding.State.OPENED, timeUs, measured, reading);
      } else if (wasOpen && episode != null) {
        boolean isEnd = reading.status() != SeriesStatus.OPEN;
        Finding.State next =
            !isEnd
                ? Finding.State.UPDATED
                : reading.levelShift() ? Finding.State.LEVEL_SHIFT : Finding.State.RESOLVED;
        if (isEnd) {
          episode.end(timeUs, reading.levelShift() ? 0 : reopenUs());
        }
        send(episode, next, timeUs, measured, reading);
      }
    }

    /** The one that came back, or a new one. */
    private EpisodeState opened(long timeUs) {
      long suspectUs = Math.min(timeUs, kept.suspectUs);
      EpisodeState last = kept.episode;
      if (last != null && last.goesOn(timeUs)) {
        last.reopen(suspectUs);
        return last;
      }
      SeriesKey key = state.key();
      String series = key.text() + '|' + kept.metric + (rule.isLimit() ? ">limit" : "");
      String id = EpisodeId.of(key.tenant(), key.environment(), series, timeUs);
      return new EpisodeState(id, timeUs, suspectUs, reopenUs());
    }

    private long reopenUs() {
      return rule.policy().reopenWithin().toMillis() * 1000;
    }

    private void send(
        EpisodeState episode, Finding.State next, long timeUs, Measured measured, Reading reading) {
      // A limit is one of a mean over several steps, of which this one may be within it.
      double judged = rule.isLimit() ? reading.ratio() * reading.baseline() : measured.value();
      episode.addStep(timeUs, judged, reading.baseline(), reading.ratio(), reading.score(), spend);
      episode.keepSteps(amendableSteps);
      out.accept(
          episode.finding(
              state.key(),
              kept.metric,
              rule.isLimit(),
              next,
              timeUs,
              judged,
              reading.baseline(),
              reading.ratio(),
              measured.weight(),
              spend,
              Finding.Ending.VALUES));
    }
  }
}
