package dev.tributary.standalone.compare;

import dev.tributary.quality.Moments;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Recorded results of an evaluation set: values by dimension and case. */
public final class Cases {
  private final Map<String, SortedMap<String, Moments>> values = new LinkedHashMap<>();
  private final SortedSet<String> ids = new TreeSet<>();
  private long withoutValue;

  void see(String id) {
    ids.add(id);
  }

  /** Takes a value in; a case that ran several times has several. */
  void add(String dimension, String id, Moments value) {
    values.computeIfAbsent(dimension, unused -> new TreeMap<>()).merge(id, value, Moments::plus);
  }

  /** A score that failed, which is no score of 0. */
  void addMissing() {
    withoutValue++;
  }

  /** Cases that the file names. */
  public SortedSet<String> ids() {
    return ids;
  }

  /** Scores that were stated to have no value. */
  public long withoutValue() {
    return withoutValue;
  }

  /** Names of dimensions with a value. */
  Iterable<String> dimensions() {
    return values.keySet();
  }

  /** Values of a dimension by case. */
  SortedMap<String, Moments> of(String dimension) {
    return values.getOrDefault(dimension, new TreeMap<>());
  }
}
