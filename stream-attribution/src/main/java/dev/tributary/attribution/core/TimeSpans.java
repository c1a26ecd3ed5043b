package dev.tributary.attribution.core;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A set of moments, given as spans of time that may overlap. */
final class TimeSpans {
  private record Between(long afterUs, long upToUs) {}

  private final List<Between> given = new ArrayList<>();
  private List<Between> apart = List.of();
  private boolean isMerged = true;

  /** Adds the moments after the first (exclusive) up to the second (inclusive). */
  void add(long afterUs, long upToUs) {
    given.add(new Between(afterUs, upToUs));
    isMerged = false;
  }

  boolean holds(long timeUs) {
    if (!isMerged) {
      merge();
    }
    int low = 0;
    int high = apart.size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      Between between = apart.get(middle);
      if (timeUs <= between.afterUs()) {
        high = middle - 1;
      } else if (timeUs > between.upToUs()) {
        low = middle + 1;
      } else {
        return true;
      }
    }
    return false;
  }

  private void merge() {
    given.sort(Comparator.comparingLong(Between::afterUs));
    List<Between> merged = new ArrayList<>();
    for (Between next : given) {
      Between last = merged.isEmpty() ? null : merged.get(merged.size() - 1);
      if (last == null || next.afterUs() > last.upToUs()) {
        merged.add(next);
      } else if (next.upToUs() > last.upToUs()) {
        merged.set(merged.size() - 1, new Between(last.afterUs(), next.upToUs()));
      }
    }
    apart = merged;
    isMerged = true;
  }
}
