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
  private final long startMs;
  private final SortedMap<Integer, Source> sources = new TreeMap<>();

  /**
   * Sources not heard of yet.
   *
   * @param expected number of sources, numbered from 0; others are taken in when they speak
   * @param silenceMs silent longer than this, a source is left out, milliseconds
   * @param nowMs wall clock, milliseconds since the epoch
   */
  public SourceClocks(int expected, long silenceMs, long nowMs) {
    this.silenceMs = silenceMs;
    this.startMs = nowMs;
    for (int source = 0; source < expected; source++) {
      sources.put(source, new Source(nowMs));
    }
  }

  /** Takes a clock in that was stored before; the source has until the limit to speak again. */
  public void restore(int source, long clockUs) {
    hear(source, clockUs, startMs);
  }

  /**
   * Takes a clock in. A clock never runs backwards.
   *
   * @param nowMs wall clock, milliseconds since the epoch
   */
  public void hear(int source, long clockUs, long nowMs) {
    Source known = sources.computeIfAbsent(source, number -> new Source(nowMs));
    Long before = known.clockUs;
    known.clockUs = before == null ? clockUs : Math.max(before, clockUs);
    known.heardMs = Math.max(known.heardMs, nowMs);
  }

  /**
   * What the sources agree on now.
   *
   * @param nowMs wall clock, milliseconds since the epoch
   */
  public Reading read(long nowMs) {
    SortedMap<Integer, Long> counted = new TreeMap<>();
    List<Integer> left = new ArrayList<>();
    boolean isAwaited = false;
    for (Map.Entry<Integer, Source> entry : sources.entrySet()) {
      Source source = entry.getValue();
      if (nowMs - source.heardMs >= silenceMs) {
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
    return new Reading(runningOn(nowMs), counted, left);
  }

  private OptionalLong runningOn(long nowMs) {
    long largest = Long.MIN_VALUE;
    long lastHeardMs = startMs;
    for (Source source : sources.values()) {
      if (source.clockUs != null) {
        largest = Math.max(largest, source.clockUs);
      }
      lastHeardMs = Math.max(lastHeardMs, source.heardMs);
    }
    return largest == Long.MIN_VALUE
        ? OptionalLong.empty()
        : OptionalLong.of(largest + (nowMs - lastHeardMs) * 1_000);
  }
}
