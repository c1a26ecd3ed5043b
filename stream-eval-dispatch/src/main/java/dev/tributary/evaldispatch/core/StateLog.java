package dev.tributary.evaldispatch.core;

import org.jspecify.annotations.Nullable;

/** Where the controller writes every change of its state, so that another can go on from it. */
@FunctionalInterface
public interface StateLog {
  /** A log that forgets, for simulations. */
  StateLog NONE = (key, value) -> {};

  /**
   * The value of a key changed.
   *
   * @param value null: the key is gone
   */
  void save(String key, @Nullable String value);
}
