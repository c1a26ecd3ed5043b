package dev.tributary.attribution.core;

/** Reference data by tenant and version. */
public interface References {
  /** The active version; {@link ReferenceView#NOTHING} where none was loaded. */
  ReferenceView current(String tenant);

  /** A version by number; {@link ReferenceView#NOTHING} for 0. */
  ReferenceView version(String tenant, long version);
}
