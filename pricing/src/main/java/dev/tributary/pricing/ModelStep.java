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

  private final String responseName = "response." + wireName();
  private final String requestName = "request." + wireName();

  /** The name where the response's model decided; made once, since every call carries it. */
  String responseName() {
    return this == UNKNOWN ? wireName() : responseName;
  }

  /** The name where the request's model decided. */
  String requestName() {
    return this == UNKNOWN ? wireName() : requestName;
  }

  /** The name on topics: lower case. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
