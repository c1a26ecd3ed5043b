package dev.tributary.normalize.core;

import java.util.List;

/**
 * What can be configured about normalising. Immutable.
 *
 * @param tags which attributes state which tag
 * @param scopes what is known about instrumentations
 * @param content bounds of kept text
 * @param times which times are believed
 * @param privacy what is kept of texts
 */
public record NormalizeRules(
    TagMapping tags,
    List<ScopeRule> scopes,
    ContentLimits content,
    TimeBounds times,
    ContentPolicy privacy) {
  /** Copies the list. */
  public NormalizeRules {
    scopes = List.copyOf(scopes);
  }

  /** The same with other bounds on times. */
  public NormalizeRules withTimes(TimeBounds bounds) {
    return new NormalizeRules(tags, scopes, content, bounds, privacy);
  }
}
