package dev.tributary.standalone.e2e;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Named exact sums from one place, to be compared with those from another. */
final class Figures {
  private final Map<String, BigDecimal> values = new TreeMap<>();

  Figures() {}

  Figures(Map<String, BigDecimal> values) {
    this.values.putAll(values);
  }

  Figures add(String name, long value) {
    return add(name, BigDecimal.valueOf(value));
  }

  Figures add(String name, BigDecimal value) {
    values.merge(name, value, BigDecimal::add);
    return this;
  }

  BigDecimal get(String name) {
    return values.getOrDefault(name, BigDecimal.ZERO);
  }

  /**
   * What differs, one line each; empty where all is equal to the last digit.
   *
   * @param where the other's place
   */
  List<String> differences(String where, Figures other) {
    Set<String> names = new TreeSet<>(values.keySet());
    names.addAll(other.values.keySet());
    List<String> lines = new ArrayList<>();
    for (String name : names) {
      BigDecimal expected = get(name);
      BigDecimal found = other.get(name);
      if (expected.compareTo(found) != 0) {
        lines.add(
            "%s: %s: expected %s, found %s"
                .formatted(where, name, expected.toPlainString(), found.toPlainString()));
      }
    }
    return lines;
  }

  @Override
  public String toString() {
    return values.toString();
  }
}
