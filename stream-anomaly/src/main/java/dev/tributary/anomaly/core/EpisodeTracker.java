package dev.tributary.anomaly.core;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Gathers the readings of one series into episodes. */
public final class EpisodeTracker {
  private final long reopenUs;
  private @Nullable Episode current;

  /** The last that has ended. */
  private @Nullable Episode before;

  /**
   * @param reopenWithin as {@link Policy#reopenWithin()}
   */
  public EpisodeTracker(Duration reopenWithin) {
    this.reopenUs = reopenWithin.toMillis() * 1000;
  }

  /** Takes a reading; gives the episode that it ended, if it ended one. */
  public Optional<Episode> add(long timeUs, double value, Reading reading) {
    Episode open = current;
    if (open == null) {
      if (reading.status() == SeriesStatus.OPEN) {
        current = Episode.opened(firstUs(timeUs), timeUs, value, reading);
      }
      return Optional.empty();
    }
    Episode grown = open.with(timeUs, value, reading);
    boolean hasEnded = grown.end() != Episode.End.STILL_OPEN;
    current = hasEnded ? null : grown;
    before = hasEnded ? grown : before;
    return hasEnded ? Optional.of(grown) : Optional.empty();
  }

  /** When the episode began that one goes on with which opens now. */
  private long firstUs(long timeUs) {
    Episode last = before;
    if (last == null || last.end() != Episode.End.RESOLVED) {
      return timeUs;
    }
    return timeUs - last.lastUs() < reopenUs ? last.firstUs() : timeUs;
  }

  /** The episode that is open now. */
  public Optional<Episode> open() {
    return Optional.ofNullable(current);
  }
}
