package dev.tributary.attribution.core;

/** How many random traces a property is tried with. */
final class PropertySize {
  private PropertySize() {}

  /** {@code -Dtributary.traces}, by default few enough for every build. */
  static int traces() {
    return Integer.getInteger("tributary.traces", 200);
  }
}
