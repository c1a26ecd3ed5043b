package dev.tributary.anomaly.core;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Gathers the readings of one series into episodes. */
public final class EpisodeTracker {
  private @Nullable Episode current;

  /** Takes a reading; gives the episode that it ended, if it ended one. */
  public Optional<Episode> add(long timeUs, double value, Reading reading) {
    Episode open = current;
    if (open == null) {
      if (reading.status() == SeriesStatus.OPEN) {
        current = Episode.opened(timeUs, value, reading);
      }
      return Optional.empty();
    }
    Episode grown = open.with(timeUs, value, reading);
    boolean hasEnded = grown.end() != Episode.End.STILL_OPEN;
    current = hasEnded ? null : grown;
    return hasEnded ? Optional.of(grown) : Optional.empty();
  }

  /** The episode that is open now. */
  public Optional<Episode> open() {
    return Optional.ofNullable(current);
  }
}
