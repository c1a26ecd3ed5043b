package dev.tributary.attribution.core;

import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Says whose a span is that states nothing itself. A rule holds where all of its patterns match;
 * {@code *} stands for any text, everything else for itself.
 *
 * @param id name of the rule, unique in the table
 * @param priority the higher one wins; at a tie the smaller id
 * @param service pattern on the service; null: any
 * @param feature pattern on the resolved feature; null: any. A rule with it sets no feature
 * @param agent pattern on the resolved agent; null: any
 * @param keyAlias pattern on the key alias; null: any
 * @param effectiveFromUs valid from (inclusive), microseconds since the epoch; null: always
 * @param effectiveUntilUs valid until (exclusive); null: open
 * @param values what it sets, by tag
 * @param shadow true: the span repeats what others report and is never counted
 */
public record OwnershipRule(
    String id,
    int priority,
    @Nullable String service,
    @Nullable String feature,
    @Nullable String agent,
    @Nullable String keyAlias,
    @Nullable Long effectiveFromUs,
    @Nullable Long effectiveUntilUs,
    Map<TagField, String> values,
    boolean shadow) {

  /** Checks that the rule says something and contradicts nothing. */
  public OwnershipRule {
    Objects.requireNonNull(id, "id");
    values = Map.copyOf(values);
    if (service == null && feature == null && agent == null && keyAlias == null) {
      throw new IllegalArgumentException(
          "match: at least one of service, feature, agent, key_alias");
    }
    if (values.isEmpty() && !shadow) {
      throw new IllegalArgumentException("set: at least one tag, or shadow: true");
    }
    if (feature != null && values.containsKey(TagField.FEATURE)) {
      throw new IllegalArgumentException("set.feature: a rule that matches on feature sets none");
    }
    if (feature != null && shadow) {
      throw new IllegalArgumentException("shadow: not together with match.feature");
    }
    if (effectiveFromUs != null
        && effectiveUntilUs != null
        && effectiveFromUs >= effectiveUntilUs) {
      throw new IllegalArgumentException("effective_until: must be later than effective_from");
    }
  }

  boolean isValidAt(long timeUs) {
    return (effectiveFromUs == null || effectiveFromUs <= timeUs)
        && (effectiveUntilUs == null || timeUs < effectiveUntilUs);
  }

  /** The rule with the validity of its row in the reference timeline. */
  public OwnershipRule within(@Nullable Long fromUs, @Nullable Long untilUs) {
    return new OwnershipRule(
        id, priority, service, feature, agent, keyAlias, fromUs, untilUs, values, shadow);
  }
}
