package dev.tributary.pricing;

import java.util.Locale;

/** Which step of model resolution decided. */
public enum ModelStep {
  /** A tenant's own name. */
  OVERRIDE,
  /** The catalogue's own spelling. */
  EXACT,
  /** A listed further name. */
  ALIAS,
  /** A known name after prefixes, dates, case and suffixes were taken off. */
  CANONICAL,
  /** A glob. */
  PATTERN,
  /** The name is listed as another, unpriced model. */
  EXCLUDED,
  /** No step found a model. */
  UNKNOWN;

  /** The name on topics: lower case. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
