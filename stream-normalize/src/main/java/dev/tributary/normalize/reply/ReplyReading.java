package dev.tributary.normalize.reply;

import dev.tributary.schemas.UsageConvention;
import dev.tributary.schemas.UsageQuality;
import java.util.Map;

/** What a provider's reply says about its usage. */
public sealed interface ReplyReading {
  /** What else the reply says; known whether or not it has usage. */
  ReplyFacts facts();

  /**
   * A usage that adds up.
   *
   * @param tokens disjoint buckets
   * @param quality REPORTED, or DERIVED where a count was computed from others
   * @param convention how the provider counted cached input
   * @param raw every number of the usage as the reply names it, by dotted path, of the last block
   *     that stated it
   */
  record Counted(
      ReplyTokens tokens,
      UsageQuality quality,
      UsageConvention convention,
      Map<String, Long> raw,
      ReplyFacts facts)
      implements ReplyReading {
    /** Copies the map. */
    public Counted {
      raw = Map.copyOf(raw);
    }
  }

  /**
   * No usage stated.
   *
   * @param reason EMPTY, TOO_LONG, NOT_JSON, ERROR_REPLY or NO_COUNTS
   */
  record NoUsage(String reason, ReplyFacts facts) implements ReplyReading {}

  /**
   * Counts that cannot be true; nothing is clamped.
   *
   * @param reason which rule they break; names and numbers only
   * @param raw as in {@link Counted}
   */
  record Invalid(String reason, Map<String, Long> raw, ReplyFacts facts) implements ReplyReading {
    /** Copies the map. */
    public Invalid {
      raw = Map.copyOf(raw);
    }
  }
}
