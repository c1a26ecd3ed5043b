package dev.tributary.bench;

import dev.tributary.runtime.config.Settings;
import dev.tributary.schemas.Measures;
import dev.tributary.standalone.demo.WindowLog;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;

/**
 * Writes the windows of one event minute after another, each ended by {@code minute closed}, one
 * minute ahead of the one that is being taken.
 */
final class MinuteFeed implements Callable<Void> {
  static final long MINUTE_US = 60_000_000L;

  private static final double TROUBLE = 10;

  /** The minute that is being taken, and the one that waits. */
  private final Semaphore room = new Semaphore(2);

  private final BlockingQueue<Map<Integer, Long>> written = new LinkedBlockingQueue<>();
  private final WatchedSeries series;
  private final Settings settings;
  private final GroupOffsets offsets;
  private final SplittableRandom random;
  private final long startUs;
  private final int minutes;
  private final Set<Integer> troubled;

  /**
   * A feed that has not begun.
   *
   * @param offsets used by nobody else
   * @param troubled features that spend ten times as much in the first step
   */
  MinuteFeed(
      WatchedSeries series,
      Settings settings,
      GroupOffsets offsets,
      long seed,
      long startUs,
      int minutes,
      Set<Integer> troubled) {
    this.series = series;
    this.settings = settings;
    this.offsets = offsets;
    this.random = new SplittableRandom(seed);
    this.startUs = startUs;
    this.minutes = minutes;
    this.troubled = Set.copyOf(troubled);
  }

  @Override
  public Void call() throws Exception {
    try (WindowLog log = new WindowLog(settings)) {
      for (int minute = 0; minute < minutes; minute++) {
        room.acquire();
        long fromUs = startUs + minute * MINUTE_US;
        write(log, fromUs);
        log.closeUntil(fromUs + MINUTE_US);
        log.flush();
        written.add(offsets.ends());
      }
    }
    return null;
  }

  private void write(WindowLog log, long fromUs) {
    boolean isTrouble = fromUs < startUs + WarmStates.STEP_US;
    List<Measures> usual = new ArrayList<>();
    for (int kind = 0; kind < series.kinds(); kind++) {
      usual.add(series.measures(kind, fromUs, MINUTE_US, 1, random));
    }
    for (int number = 0; number < series.windows(); number++) {
      int kind = series.kindOf(number);
      Measures measures =
          isTrouble && troubled.contains(number)
              ? series.measures(kind, fromUs, MINUTE_US, TROUBLE, random)
              : usual.get(kind);
      log.send(WatchedSeries.window(number, fromUs, MINUTE_US, measures));
    }
  }

  /** Where minutes end that were written, in their order. */
  BlockingQueue<Map<Integer, Long>> written() {
    return written;
  }

  /** A minute was taken: the next may be written. */
  void taken() {
    room.release();
  }
}
