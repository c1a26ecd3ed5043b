package dev.tributary.attribution.core;

import java.util.Set;

/**
 * Bounds of the join.
 *
 * @param spansPerTrace spans of a trace that are joined; further ones are booked for themselves
 * @param rootlessBytes bytes of closed traces without a root that are kept beyond the revisable
 *     time, per task
 * @param cachedSpans spans of open traces kept decoded on the heap, per task; only a read cache
 * @param requiredTags tags a span must state itself to be booked at once; empty: always at once
 */
public record JoinLimits(
    int spansPerTrace, long rootlessBytes, int cachedSpans, Set<TagField> requiredTags) {

  /** The defaults of the settings. */
  public static final JoinLimits DEFAULT =
      new JoinLimits(
          20_000,
          64L << 20,
          20_000,
          Set.of(
              TagField.FEATURE,
              TagField.WORKSPACE,
              TagField.ENVIRONMENT,
              TagField.PROMPT_VERSION,
              TagField.AGENT));

  /** A copy of the tags. */
  public JoinLimits {
    requiredTags = Set.copyOf(requiredTags);
  }
}
