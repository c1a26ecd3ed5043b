package dev.tributary.normalize.core;

/** Why token counts of a span cannot be true together. */
public enum UsageError {
  /** A count below zero. */
  NEGATIVE_COUNT,
  /** A count that no model's context could hold, beyond a million million. */
  ABSURD_COUNT,
  /** Parts of the input add up to more than the input. */
  SUBSETS_EXCEED_INPUT,
  /** Reasoning and other parts of the output add up to more than the output. */
  SUBSETS_EXCEED_OUTPUT,
  /**
   * The provider's reply, which stands whole in an attribute, states counts of one of these kinds.
   */
  CONTRADICTORY_REPLY
}
