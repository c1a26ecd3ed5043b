package dev.tributary.attribution.core;

/** Whether a span owns the usage it carries, and where not, why. */
enum UsageDecision {
  /** A call that spent it. */
  LEAF(null),
  /** An agent, workflow or step below which nobody carries any. */
  AGGREGATE(null),
  /** A call or aggregate without usage. */
  NO_USAGE(null),
  /** The kind can own no usage. */
  NOT_OWNING_KIND("kind owns no usage"),
  /** A descendant owns it. */
  BELOW("descendants own the usage"),
  /** An ancestor owns it: it was reported where this was only estimated. */
  ABOVE("an ancestor owns the usage"),
  /** The same response id was counted on another span of the trace. */
  DOUBLE("double reported"),
  /** An ownership rule declares the service a shadow. */
  SHADOW("shadow service"),
  /** An aggregate whose trace is over its limit or not ripe: descendants may still come. */
  NOT_YET("descendants may still come");

  private final @org.jspecify.annotations.Nullable String reason;

  UsageDecision(@org.jspecify.annotations.Nullable String reason) {
    this.reason = reason;
  }

  boolean owns() {
    return this == LEAF || this == AGGREGATE;
  }

  /**
   * Whether by this call its response is taken to be counted, so that a later record of it is a
   * double. What is counted below a wrapper may be less than its response: then too little is
   * counted late, never too much. A call without usage leaves it to come, one of a shadow service
   * is not counted at all, and for a double the record speaks that was kept.
   */
  boolean countsResponse() {
    return this == LEAF || this == BELOW || this == ABOVE;
  }

  /** Text for the line's price reason; null where the status says it all. */
  @org.jspecify.annotations.Nullable
  String reason() {
    return reason;
  }
}
