package dev.tributary.attribution.core;

import org.jspecify.annotations.Nullable;

/** Reference data by tenant and version. */
public interface References {
  /** The active version; {@link ReferenceView#NOTHING} where none was ever loaded. */
  ReferenceView current(String tenant);

  /** A version by number; {@link ReferenceView#NOTHING} for 0, null where it is not loaded. */
  @Nullable ReferenceView find(String tenant, long version);

  /**
   * The version a trace or a line is booked under. Nothing is ever booked again under another one
   * in silence.
   *
   * @throws IllegalStateException where it is not loaded
   */
  default ReferenceView version(String tenant, long version) {
    ReferenceView found = find(tenant, version);
    if (found == null) {
      throw new IllegalStateException(
          "lines of tenant "
              + tenant
              + " are booked under reference version "
              + version
              + ", which is not loaded; the active one is "
              + current(tenant).version());
    }
    return found;
  }
}
