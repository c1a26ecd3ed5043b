package dev.tributary.cost.core;

/** Key of a part of a window, of a cell or of spend while it is combined on the heap. */
public interface PartKey {
  /** Start of the window, event time, microseconds since the epoch. */
  long startUs();

  /** The record key the part travels under. */
  String recordKey();
}
