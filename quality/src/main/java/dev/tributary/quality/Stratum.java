package dev.tributary.quality;

/**
 * A part of the traffic within which two arms are comparable.
 *
 * @param group whose traffic, and what for: a workspace, within its environment and feature where
 *     those are known
 * @param hour hour of the day, UTC, 0 to 23: arms that did not run at once still meet here
 */
public record Stratum(String group, int hour) implements Comparable<Stratum> {
  public Stratum {
    if (hour < 0 || hour > 23) {
      throw new IllegalArgumentException("an hour of the day is 0 to 23: " + hour);
    }
  }

  @Override
  public int compareTo(Stratum other) {
    int order = group.compareTo(other.group);
    return order != 0 ? order : Integer.compare(hour, other.hour);
  }
}
