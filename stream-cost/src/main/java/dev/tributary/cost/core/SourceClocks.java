package dev.tributary.cost.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The clocks of the combine tasks as a merge task knows them, and the time they agree on: the
 * smallest clock of those heard of within the silence limit. A source not heard of for so long is
 * left out until it speaks again; one never heard of counts as silent since this object was made.
 * When all are silent the largest clock runs on with the wall clock, since the last word of any.
 *
 * <p>Between two looks no more than half the silence limit passes: a wall clock that jumps, or a
 * machine that slept, silences nobody who goes on speaking.
 */
public final class SourceClocks {
  private static final class Source {
    private @Nullable Long clockUs;
    private long heardMs;

    private Source(long heardMs) {
      this.heardMs = heardMs;
    }
  }

  /**
   * What the sources agree on.
   *
   * @param clockUs the time, microseconds since the epoch; empty: nothing can be said yet
   * @param counted clocks that counted, by source
   * @param left sources left out because they were silent
   */
  public record Reading(
      OptionalLong clockUs, SortedMap<Integer, Long> counted, List<Integer> left) {}

  private final long silenceMs;
  private final SortedMap<Integer, Source> sources = new TreeMap<>();
  private long lastLookMs;

  /** Time since this object was made, as it passed from look to look. */
  private long passedMs;

  /** How far a reading had come before this object was made. */
  private long restoredUs = Long.MIN_VALUE;

  private long reachedUs = Long.MIN_VALUE;

  /**
   * Sources not heard of yet.
   *
   * @param expected number of sources, numbered from 0; others are taken in when they speak
   * @param silenceMs silent longer than this, a source is left out, milliseconds
   * @param nowMs wall clock, milliseconds since the epoch
   */
  public SourceClocks(int expected, long silenceMs, long nowMs) {
    this.silenceMs = silenceMs;
    this.lastLookMs = nowMs;
    for (int source = 0; source < expected; source++) {
      sources.put(source, new Source(0));
    }
  }

  /** Takes a clock in that was stored before; the source has until the limit to speak again. */
  public void restore(int source, long clockUs) {
    hear(source, clockUs);
  }

  /**
   * Takes in how far a reading had come before: with all sources silent it had run on beyond every
   * clock that is stored, and runs on from there.
   */
  public void restoreReached(long clockUs) {
    restoredUs = clockUs;
    reached(clockUs);
  }

  /** Somebody has acted on this time: {@link #time} does not fall behind it again. */
  public void reached(long clockUs) {
    reachedUs = Math.max(reachedUs, clockUs);
  }

  /**
   * Takes a clock in. A clock never runs backwards.
   *
   * @param nowMs wall clock, milliseconds since the epoch
   */
  public void hear(int source, long clockUs, long nowMs) {
    look(nowMs);
    hear(source, clockUs);
  }

  private void hear(int source, long clockUs) {
    Source known = sources.computeIfAbsent(source, number -> new Source(passedMs));
    Long before = known.clockUs;
    known.clockUs = before == null ? clockUs : Math.max(before, clockUs);
    known.heardMs = passedMs;
  }

  private void look(long nowMs) {
    passedMs += Math.max(0, Math.min(nowMs - lastLookMs, silenceMs / 2));
    lastLookMs = nowMs;
  }

  /**
   * What the sources agree on now.
   *
   * @param nowMs wall clock, milliseconds since the epoch
   */
  public Reading read(long nowMs) {
    look(nowMs);
    SortedMap<Integer, Long> counted = new TreeMap<>();
    List<Integer> left = new ArrayList<>();
    boolean isAwaited = false;
    for (Map.Entry<Integer, Source> entry : sources.entrySet()) {
      Source source = entry.getValue();
      if (passedMs - source.heardMs >= silenceMs) {
        left.add(entry.getKey());
      } else if (source.clockUs == null) {
        isAwaited = true;
      } else {
        counted.put(entry.getKey(), source.clockUs);
      }
    }
    if (isAwaited) {
      return new Reading(OptionalLong.empty(), counted, left);
    }
    if (!counted.isEmpty()) {
      long least = counted.values().stream().mapToLong(Long::longValue).min().orElseThrow();
      return new Reading(OptionalLong.of(least), counted, left);
    }
    return new Reading(runningOn(), counted, left);
  }

  /**
   * The reading for what does not go back, as the period that a budget is in: a source that speaks
   * again after a silence, or has until the limit to do so, may have an older clock.
   *
   * @param nowMs wall clock, milliseconds since the epoch
   */
  public OptionalLong time(long nowMs) {
    OptionalLong reading = read(nowMs).clockUs();
    return reading.isEmpty() ? reading : OptionalLong.of(Math.max(reading.getAsLong(), reachedUs));
  }

  private OptionalLong runningOn() {
    long largest = Long.MIN_VALUE;
    long lastHeardMs = 0;
    for (Source source : sources.values()) {
      if (source.clockUs != null) {
        largest = Math.max(largest, source.clockUs);
      }
      lastHeardMs = Math.max(lastHeardMs, source.heardMs);
    }
    return largest == Long.MIN_VALUE
        ? OptionalLong.empty()
        : OptionalLong.of(Math.max(largest, restoredUs) + (passedMs - lastHeardMs) * 1_000);
  }
}
