package dev.tributary.attribution.core;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The ownership table of one reference version. Immutable; for every tag the first rule by priority
 * that matches and sets it decides. Matches are remembered by subject, up to a bound.
 */
public final class OwnershipRules {
  /** No rule. */
  public static final OwnershipRules NONE = new OwnershipRules(List.of());

  private static final int REMEMBERED_SUBJECTS = 10_000;
  private static final Comparator<OwnershipRule> ORDER =
      Comparator.comparingInt(OwnershipRule::priority)
          .reversed()
          .thenComparing(OwnershipRule::id)
          .thenComparing(rule -> rule.effectiveFromUs() == null ? 0L : rule.effectiveFromUs());

  /** What rules look at. */
  record Subject(
      @Nullable String service,
      @Nullable String feature,
      @Nullable String agent,
      @Nullable String keyAlias) {}

  private final List<OwnershipRule> rules;
  private final boolean anyShadow;
  private final Map<Subject, List<OwnershipRule>> matches = new ConcurrentHashMap<>();

  public OwnershipRules(Collection<OwnershipRule> rules) {
    List<OwnershipRule> sorted = new ArrayList<>(rules);
    sorted.sort(ORDER);
    this.rules = List.copyOf(sorted);
    this.anyShadow = sorted.stream().anyMatch(OwnershipRule::shadow);
  }

  boolean isEmpty() {
    return rules.isEmpty();
  }

  /** Whether any rule declares a shadow at all. */
  boolean hasShadow() {
    return anyShadow;
  }

  /** The value the table gives a subject for a tag; null: none. */
  @Nullable String value(TagField field, Subject subject, long timeUs) {
    for (OwnershipRule rule : matching(subject)) {
      String value = rule.values().get(field);
      if (value != null && rule.isValidAt(timeUs)) {
        return value;
      }
    }
    return null;
  }

  boolean isShadow(Subject subject, long timeUs) {
    for (OwnershipRule rule : matching(subject)) {
      if (rule.shadow() && rule.isValidAt(timeUs)) {
        return true;
      }
    }
    return false;
  }

  private List<OwnershipRule> matching(Subject subject) {
    if (rules.isEmpty()) {
      return rules;
    }
    List<OwnershipRule> known = matches.get(subject);
    if (known != null) {
      return known;
    }
    List<OwnershipRule> found =
        rules.stream()
            .filter(
                rule ->
                    Patterns.match(rule.service(), subject.service())
                        && Patterns.match(rule.feature(), subject.feature())
                        && Patterns.match(rule.agent(), subject.agent())
                        && Patterns.match(rule.keyAlias(), subject.keyAlias()))
            .toList();
    if (matches.size() >= REMEMBERED_SUBJECTS) {
      matches.clear();
    }
    matches.put(subject, found);
    return found;
  }
}
