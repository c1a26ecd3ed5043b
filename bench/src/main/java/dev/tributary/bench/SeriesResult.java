package dev.tributary.bench;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * Event minutes that went through stream-anomaly, and whether it keeps pace.
 *
 * @param series grouping set times metric
 * @param cores that everything shared
 * @param minutes in their order, at least one that closes a step
 * @param rest what was left to do after the last minute was taken
 */
record SeriesResult(long series, int cores, List<Minute> minutes, Use rest) {
  /** Minutes of a step. */
  static final int STEP_MINUTES = 5;

  private static final double MINUTE_S = 60;

  /**
   * What something took.
   *
   * @param wall on the clock
   * @param application CPU time of its process
   * @param broker CPU time of the broker
   */
  record Use(Duration wall, Duration application, Duration broker) {
    Use plus(Use other) {
      return new Use(
          wall.plus(other.wall), application.plus(other.application), broker.plus(other.broker));
    }
  }

  /**
   * An event minute.
   *
   * @param number from 1
   * @param use from the minute before until all of it was committed
   * @param lag records that were written by then and not committed, later minutes included
   * @param residentBytes of the application then
   * @param load average of the machine then
   */
  record Minute(int number, Use use, long lag, long residentBytes, double load) {
    /** Whether a step of series is judged at its end. */
    boolean closesStep() {
      return number % STEP_MINUTES == 0;
    }

    void print(PrintWriter out) {
      out.printf(
          Locale.ROOT,
          "minute %3d  %6.1f s on the clock, CPU %6.1f s application, %5.1f s broker; lag %,9d;"
              + " resident %,d MiB; load %.1f%s%n",
          number,
          seconds(use.wall()),
          seconds(use.application()),
          seconds(use.broker()),
          lag,
          residentBytes >> 20,
          load,
          closesStep() ? "; a step closes" : "");
      out.flush();
    }
  }

  /** Copies the list. */
  SeriesResult {
    minutes = List.copyOf(minutes);
  }

  /** Steps that were judged. */
  static int steps(int minutes) {
    return minutes / STEP_MINUTES;
  }

  /**
   * Minutes that count: those of whole steps. What the others took counts nevertheless, so that no
   * step is judged for nothing.
   */
  int counted() {
    return steps(minutes.size()) * STEP_MINUTES;
  }

  private Use total() {
    return minutes.stream().map(Minute::use).reduce(rest, Use::plus);
  }

  /** How many times faster than events come, on the clock. */
  double timesRealTime() {
    return counted() * MINUTE_S / seconds(total().wall());
  }

  /** How many times the CPU of the machine would do, application and broker together. */
  double timesCpu() {
    return cores * MINUTE_S / (perMinute(Use::application) + perMinute(Use::broker));
  }

  /** Seconds per event minute. */
  double perMinute(Function<Use, Duration> of) {
    return seconds(of.apply(total())) / counted();
  }

  /** The minute that took longest on the clock. */
  Minute worst() {
    return minutes.stream().max(Comparator.comparing(minute -> minute.use().wall())).orElseThrow();
  }

  void print(PrintWriter out) {
    out.printf(
        Locale.ROOT,
        "per event minute, over %d minutes of whole steps: %.1f s on the clock, CPU %.1f s"
            + " application, %.1f s broker, of %.0f s that %d cores have%n",
        counted(),
        perMinute(Use::wall),
        perMinute(Use::application),
        perMinute(Use::broker),
        cores * MINUTE_S,
        cores);
    Minute worst = worst();
    out.printf(
        Locale.ROOT,
        "worst minute: %d, %.1f s on the clock, CPU %.1f s application; most lag at the end of one:"
            + " %,d records%n",
        worst.number(),
        seconds(worst.use().wall()),
        seconds(worst.use().application()),
        minutes.stream().mapToLong(Minute::lag).max().orElse(0));
    out.printf(
        Locale.ROOT,
        "%,d series: %.1f times real time on the clock, %.1f times by CPU%n",
        series,
        timesRealTime(),
        timesCpu());
    out.flush();
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }
}
