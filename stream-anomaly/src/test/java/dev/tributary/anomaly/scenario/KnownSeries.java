package dev.tributary.anomaly.scenario;

import dev.tributary.anomaly.WindowFeed;
import dev.tributary.anomaly.core.Policy;
import java.util.Arrays;
import java.util.List;

/**
 * A series of the kit as one sees it who knows what it is without noise, and how chance moves it
 * from further weeks in which nothing is done.
 */
final class KnownSeries {
  /** A sum of so many windows at most is what is surprising. */
  private static final int WINDOWS = 3;

  /**
   * A window counts as so much beyond what it should be at most. Chance makes a wild one alone, an
   * injection makes the next one, too: of 1.5, 2.5 and no limit this one found most on seeds 1 and
   * 2, as many false ones given.
   */
  private static final double MOST_OFF = 2.5;

  private static final double OVER = 1.5;
  private static final double AT_ONCE = 5;

  private final KitRun run;
  private final double[] surprises;

  /** Of the windows of {@link #isBreach} that chance alone made. */
  private final double[] byChance;

  private final int seenByChance;

  /**
   * @param nullWeeks weeks in which nothing is done
   */
  KnownSeries(long seed, int number, int weeks, int nullWeeks) {
    KitSeries series = new KitSeries(seed, number);
    this.run = drawn(series, series.injections(weeks, 2.2, 10), weeks);
    this.surprises = surprises(run);
    KitRun quiet = drawn(series, List.of(), nullWeeks);
    double[] ofQuiet = surprises(quiet);
    double[] doubled = new double[quiet.values()];
    int count = 0;
    int seen = 0;
    for (int value = 0; value < quiet.values(); value++) {
      seen += quiet.isSeen(value) ? 1 : 0;
      if (isBreach(quiet, value)) {
        doubled[count++] = ofQuiet[value];
      }
    }
    this.byChance = Arrays.copyOf(doubled, count);
    this.seenByChance = seen;
  }

  private static KitRun drawn(KitSeries series, List<Injection> injections, int weeks) {
    KitRun run = new KitRun(series, injections, weeks * ScenarioKit.WEEK);
    for (int window = 0; window < weeks * ScenarioKit.WEEK; window++) {
      run.sent(window, series.step(window, run.injectionAt(window), false));
    }
    return run;
  }

  /**
   * The greatest sum of the last one, two or three deviations, each in units of what chance makes
   * of it, which falls with the root of the calls; a sum over the root of how many they are.
   */
  private static double[] surprises(KitRun run) {
    double[] surprises = new double[run.values()];
    double[] last = new double[WINDOWS];
    for (int value = 0; value < run.values(); value++) {
      if (!run.isSeen(value)) {
        continue;
      }
      System.arraycopy(last, 0, last, 1, WINDOWS - 1);
      double off = Math.min(run.extent(value) - 1, MOST_OFF);
      last[0] = off * Math.sqrt(run.expectedCalls(value));
      double sum = 0;
      double most = Double.NEGATIVE_INFINITY;
      for (int windows = 1; windows <= WINDOWS; windows++) {
        sum += last[windows - 1];
        most = Math.max(most, sum / Math.sqrt(windows));
      }
      surprises[value] = most;
    }
    return surprises;
  }

  /** Two of the last three are doubled, this one among them, or it is five times as much. */
  private static boolean isBreach(KitRun run, int value) {
    if (!run.isDouble(value) || run.extent(value) >= AT_ONCE) {
      return run.isDouble(value);
    }
    int seen = 1;
    for (int before = value - 1; before >= 0 && seen < WINDOWS; before--) {
      if (run.isDouble(before)) {
        return true;
      }
      seen += run.isSeen(before) ? 1 : 0;
    }
    return false;
  }

  /** Share of quiet windows that chance alone makes a breach and as surprising. */
  private double rarity(int value) {
    long asRare = Arrays.stream(byChance).filter(each -> each >= surprises[value]).count();
    return asRare / (double) seenByChance;
  }

  /**
   * Opens at doubled windows of at most that rarity; ends as an episode does, below 1.5 for three,
   * and goes on as one does where it comes back.
   */
  EpisodeMatch judged(double limit) {
    boolean[] isOpen = new boolean[run.values()];
    boolean[] isAgain = new boolean[run.values()];
    int within =
        (int) (Policy.DEFAULT.reopenWithin().toMillis() * 1000 / WindowFeed.STEP_US)
            / run.series().watched().steps();
    int last = Integer.MIN_VALUE / 2;
    int over = WINDOWS;
    for (int value = 0; value < run.values(); value++) {
      if (isBreach(run, value) && rarity(value) <= limit) {
        over = 0;
      } else if (run.isSeen(value) && over < WINDOWS) {
        over = run.extent(value) < OVER ? over + 1 : 0;
      }
      isOpen[value] = over < WINDOWS;
      isAgain[value] = value > 0 && isOpen[value] && !isOpen[value - 1] && value - last <= within;
      last = isOpen[value] ? value : last;
    }
    return run.match(isOpen, isAgain);
  }

  KitRun run() {
    return run;
  }
}
