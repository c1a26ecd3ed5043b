package dev.tributary.runtime.serde;

/** What a new version of a schema must be able to do with older ones, in the registry's words. */
public enum CompatibilityLevel {
  /** Anything goes. */
  NONE(false, false, false),
  /** The new version reads data of the last one. */
  BACKWARD(true, false, false),
  /** The new version reads data of all earlier ones. */
  BACKWARD_TRANSITIVE(true, false, true),
  /** The last version reads data of the new one. */
  FORWARD(false, true, false),
  /** All earlier versions read data of the new one. */
  FORWARD_TRANSITIVE(false, true, true),
  /** Both directions, last version. */
  FULL(true, true, false),
  /** Both directions, all earlier versions. */
  FULL_TRANSITIVE(true, true, true);

  private final boolean newReadsOld;
  private final boolean oldReadsNew;
  private final boolean isTransitive;

  CompatibilityLevel(boolean newReadsOld, boolean oldReadsNew, boolean isTransitive) {
    this.newReadsOld = newReadsOld;
    this.oldReadsNew = oldReadsNew;
    this.isTransitive = isTransitive;
  }

  boolean newReadsOld() {
    return newReadsOld;
  }

  boolean oldReadsNew() {
    return oldReadsNew;
  }

  boolean isTransitive() {
    return isTransitive;
  }
}
