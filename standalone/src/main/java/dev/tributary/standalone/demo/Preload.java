package dev.tributary.standalone.demo;

import dev.tributary.runtime.config.Settings;
import dev.tributary.standalone.demo.Demo.Progress;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** Writes the weeks before the demo, so that there is something to compare its two hours with. */
final class Preload {
  /** The least that knows each hour of the week more than once. */
  private static final Duration LENGTH = Duration.ofDays(21);

  /** Ends of minutes are said once an hour: no task has to keep more than that. */
  private static final long CLOSED_EVERY_US = 3_600_000_000L;

  private final Settings settings;
  private final long seed;

  Preload(Settings settings, long seed) {
    this.settings = settings;
    this.seed = seed;
  }

  /**
   * Writes windows up to a time, unless there are windows already.
   *
   * @param untilUs the time, the start of a step
   * @param usualUs when the season is what the traffic afterwards is: that has none of its own
   * @param tracesPerStep traces of the whole company in a step at that time
   */
  void run(
      long untilUs, long usualUs, double tracesPerStep, Progress progress, Consumer<String> lines)
      throws InterruptedException {
    long startNanos = System.nanoTime();
    long fromUs = untilUs - LENGTH.toNanos() / 1_000;
    long windows = 0;
    try (WindowLog log = new WindowLog(settings)) {
      if (!log.isEmpty()) {
        lines.accept("windows of before are kept: none are preloaded");
        return;
      }
      List<History.Rate> rates = History.company(seed, tracesPerStep);
      History history = new History(seed, usualUs);
      for (long stepUs = fromUs; stepUs < untilUs; stepUs += History.STEP_US) {
        var step = history.step(stepUs, rates);
        step.forEach(log::send);
        windows += step.size();
        long endUs = stepUs + History.STEP_US;
        if (endUs % CLOSED_EVERY_US == 0 || endUs == untilUs) {
          log.closeUntil(endUs);
          progress.show(
              "preloading %3.0f %%  %,d windows",
              100.0 * (endUs - fromUs) / (untilUs - fromUs), windows);
        }
      }
      log.flush();
    }
    lines.accept(
        "preloaded %,d windows of three weeks in %.1f s"
            .formatted(windows, (System.nanoTime() - startNanos) / 1e9));
  }
}
