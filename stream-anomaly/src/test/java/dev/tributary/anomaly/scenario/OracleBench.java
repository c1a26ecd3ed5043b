package dev.tributary.anomaly.scenario;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * How soon the kit's true episodes could be found by a detector that has nothing to learn: {@code
 * OracleBench SEED ...}. It knows what each window should have been without noise, and from further
 * weeks of the same series, in which nothing is done, how rare it is that chance alone makes
 * windows so great. It opens where two of three windows, or one at five times, are doubled and at
 * most so rare. A row is a limit of that rarity: what is found with the first or second window of
 * the true episodes, and what is opened besides.
 *
 * <p>Nothing of it is a rule of the product: it says what the kit's noise leaves possible.
 */
public final class OracleBench {
  private static final int SERIES = 60;
  private static final int WEEKS = 3;
  private static final int NULL_WEEKS = 48;
  private static final double[] LIMITS = {1, 1e-3, 3e-4, 1e-4, 5e-5, 2.5e-5, 0};

  private OracleBench() {}

  /** Seeds. */
  public static void main(String[] args) {
    List<List<KnownSeries>> seeds =
        Arrays.stream(args).map(Long::parseLong).map(OracleBench::known).toList();
    System.out.println(
        "| rarity at most | true | found in 2 | least of a seed | false (while injected) | of a series"
            + " and week at most, of all in the worst week |\n|---|---|---|---|---|---|");
    for (double limit : LIMITS) {
      List<Count> counts = seeds.stream().map(seed -> Count.of(seed, limit)).toList();
      System.out.println(row(limit, counts));
    }
  }

  private static List<KnownSeries> known(long seed) {
    System.err.println("seed " + seed);
    return IntStream.range(0, SERIES)
        .parallel()
        .mapToObj(number -> new KnownSeries(seed, number, WEEKS, NULL_WEEKS))
        .toList();
  }

  private static String row(double limit, List<Count> counts) {
    int truth = counts.stream().mapToInt(Count::truth).sum();
    return String.format(
        Locale.ROOT,
        "| %.1e | %d | %.3f | %.3f | %d (%d) | %d, %d |",
        limit,
        truth,
        counts.stream().mapToInt(Count::found).sum() / (double) truth,
        counts.stream()
            .mapToDouble(count -> count.found() / (double) count.truth())
            .min()
            .orElse(1),
        counts.stream().mapToInt(Count::falses).sum(),
        counts.stream().mapToInt(Count::injected).sum(),
        counts.stream().mapToInt(Count::mostOfSeries).max().orElse(0),
        counts.stream().mapToInt(Count::mostOfWeek).max().orElse(0));
  }

  /**
   * What is made of all series of a seed.
   *
   * @param truth true episodes that something was done to
   * @param found of them those that are open by the second window of the row
   * @param falses episodes where no true one is
   * @param injected of them those while something is done: bursts that never last three windows
   * @param mostOfSeries those of the worst series in its worst week
   * @param mostOfWeek those of all series in the worst week
   */
  private record Count(
      int truth, int found, int falses, int injected, int mostOfSeries, int mostOfWeek) {
    static Count of(List<KnownSeries> all, double limit) {
      int truth = 0;
      int found = 0;
      int injected = 0;
      int mostOfSeries = 0;
      int[] ofAll = new int[WEEKS];
      for (KnownSeries known : all) {
        EpisodeMatch match = known.judged(limit);
        for (EpisodeMatch.Run episode : match.truth()) {
          if (known.run().isInjected(episode, 0)) {
            int delay = match.delay(episode, match.begin(episode));
            truth++;
            found += delay == 0 || delay == 1 ? 1 : 0;
          }
        }
        int[] own = new int[WEEKS];
        for (EpisodeMatch.Opened episode : match.opened()) {
          if (!match.isTrue(episode)) {
            own[known.run().week(episode.first().from())]++;
            injected += known.run().isInjected(episode.first(), 2) ? 1 : 0;
          }
        }
        for (int week = 0; week < WEEKS; week++) {
          ofAll[week] += own[week];
          mostOfSeries = Math.max(mostOfSeries, own[week]);
        }
      }
      return new Count(
          truth,
          found,
          Arrays.stream(ofAll).sum(),
          injected,
          mostOfSeries,
          Arrays.stream(ofAll).max().orElse(0));
    }
  }
}
