package dev.tributary.cost.core;

import java.util.Arrays;

/**
 * Key of a part of a window while it is combined: tenant, environment, grouping set, values and the
 * window's start. The text of the series is built only when the part leaves.
 */
public final class CellKey implements PartKey {
  private final String tenant;
  private final String environment;
  private final GroupingSet set;
  private final String[] values;
  private final long startUs;
  private final int hash;

  CellKey(String tenant, String environment, GroupingSet set, String[] values, long startUs) {
    this.tenant = tenant;
    this.environment = environment;
    this.set = set;
    this.values = values;
    this.startUs = startUs;
    int code = tenant.hashCode();
    code = 31 * code + environment.hashCode();
    code = 31 * code + set.name().hashCode();
    for (String value : values) {
      code = 31 * code + value.hashCode();
    }
    code = 31 * code + Long.hashCode(startUs);
    this.hash = code;
  }

  @Override
  public long startUs() {
    return startUs;
  }

  @Override
  public String recordKey() {
    return Series.key(tenant, environment, set, values);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CellKey that
        && hash == that.hash
        && startUs == that.startUs
        && set.equals(that.set)
        && tenant.equals(that.tenant)
        && environment.equals(that.environment)
        && Arrays.equals(values, that.values);
  }

  @Override
  public int hashCode() {
    return hash;
  }

  @Override
  public String toString() {
    return recordKey() + '@' + startUs;
  }
}
