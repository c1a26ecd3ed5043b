package dev.tributary.attribution.core;

import dev.tributary.schemas.Attribution;
import dev.tributary.schemas.Span;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whose an open trace is, as far as it is known while it is open.
 *
 * @param feature null: unknown
 * @param team null: unknown
 * @param environment null: unknown
 * @param workspace null: unknown
 */
record KnownTags(
    @Nullable String feature,
    @Nullable String team,
    @Nullable String environment,
    @Nullable String workspace) {
  /** Nothing is known, or nothing needs to be said. */
  static final KnownTags NONE = new KnownTags(null, null, null, null);

  /** What a span was attributed to. */
  static KnownTags of(Attribution attribution) {
    return new KnownTags(
        attribution.getFeature().getValue(),
        attribution.getTeam().getValue(),
        attribution.getEnvironment().getValue(),
        attribution.getWorkspace().getValue());
  }

  /** What a span says by itself; its environment is most often its resource's. */
  static KnownTags of(Span span) {
    return new KnownTags(
        stated(span, TagField.FEATURE),
        stated(span, TagField.TEAM),
        stated(span, TagField.ENVIRONMENT),
        stated(span, TagField.WORKSPACE));
  }

  private static @Nullable String stated(Span span, TagField field) {
    String own = field.stated(span.getTags());
    return own == null ? field.stated(span.getResourceTags()) : own;
  }

  /** Adds what is known, by the names of the tags. */
  void putInto(Map<String, String> facts) {
    put(facts, TagField.FEATURE, feature);
    put(facts, TagField.TEAM, team);
    put(facts, TagField.ENVIRONMENT, environment);
    put(facts, TagField.WORKSPACE, workspace);
  }

  private static void put(Map<String, String> facts, TagField field, @Nullable String value) {
    if (value != null) {
      facts.put(field.wireName(), value);
    }
  }
}
