package dev.tributary.attribution.core;

import org.jspecify.annotations.Nullable;

/**
 * What corrections made of a line: reference versions of its own, which later bookings keep.
 *
 * @param priceVersion reference version the line is priced under; null: the trace's
 * @param ruleVersion reference version its rules come from; null: the trace's
 * @param lastVersion the version of the last correction, stamped on the line
 */
public record LineOverride(
    @Nullable Long priceVersion, @Nullable Long ruleVersion, long lastVersion) {

  /** The override after another price correction. */
  static LineOverride priced(@Nullable LineOverride before, long version) {
    return new LineOverride(version, before == null ? null : before.ruleVersion(), version);
  }

  /** The override after another attribution correction. */
  static LineOverride attributed(@Nullable LineOverride before, long version) {
    return new LineOverride(before == null ? null : before.priceVersion(), version, version);
  }
}
