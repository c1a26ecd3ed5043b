package dev.tributary.cost.core;

/** What the record read last adds to a part. */
public interface PartContribution {
  /** Adds it; cannot fail. */
  void addTo(CombinedPart part);
}
