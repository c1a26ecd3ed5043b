package dev.tributary.attribution.core;

import dev.tributary.schemas.Attribution;
import dev.tributary.schemas.Provenance;
import dev.tributary.schemas.ResolvedTag;
import dev.tributary.schemas.Span;
import dev.tributary.schemas.Tags;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds every tag of a span, each from the first place that knows it: the span, its nearest
 * ancestor, the trace root, its resource, an ownership rule.
 */
final class TagResolution {
  private static final ResolvedTag UNATTRIBUTED = new ResolvedTag(null, Provenance.UNATTRIBUTED);

  /** Where a span's tags may come from besides itself and its resource. */
  record Places(
      Provenance ownProvenance,
      Inherited ancestors,
      Inherited fallback,
      Provenance fallbackProvenance) {}

  private TagResolution() {}

  static Attribution resolve(Span span, Places places, OwnershipRules rules) {
    Attribution found = new Attribution();
    for (TagField field : TagField.ALL) {
      field.set(found, stated(field, span, places));
    }
    resolvePrompt(found, span, places);
    found.setCustom(custom(span, places));
    return byRules(found, span, rules);
  }

  /** Resolves again what the table once decided or left open; what was stated stays. */
  static Attribution again(
      Attribution before,
      @Nullable String service,
      @Nullable String keyAlias,
      long timeUs,
      OwnershipRules rules) {
    Attribution found = new Attribution();
    for (TagField field : TagField.ALL) {
      ResolvedTag tag = field.resolved(before);
      field.set(found, tag.getProvenance() == Provenance.RULE ? UNATTRIBUTED : tag);
    }
    found.setCustom(before.getCustom());
    applyRules(found, service, keyAlias, timeUs, rules);
    return found;
  }

  /**
   * Takes what a line lacks from what its trace is known by, with provenance {@code STUB}; what the
   * table said of either is decided again. Prompts belong to a call and are not taken.
   */
  static Attribution filled(
      Attribution own,
      Attribution trace,
      @Nullable String service,
      @Nullable String keyAlias,
      long timeUs,
      OwnershipRules rules) {
    Attribution found = new Attribution();
    for (TagField field : TagField.ALL) {
      ResolvedTag tag = field.resolved(own);
      ResolvedTag known = field.resolved(trace);
      boolean isPrompt = field == TagField.PROMPT_NAME || field == TagField.PROMPT_VERSION;
      boolean isTaken = !isStated(tag) && !isPrompt && isStated(known);
      field.set(found, isTaken ? new ResolvedTag(known.getValue(), Provenance.STUB) : tag);
    }
    found.setCustom(own.getCustom());
    found.setOwnerConflict(false);
    return again(found, service, keyAlias, timeUs, rules);
  }

  private static boolean isStated(ResolvedTag tag) {
    return tag.getProvenance() != Provenance.RULE && tag.getProvenance() != Provenance.UNATTRIBUTED;
  }

  private static ResolvedTag stated(TagField field, Span span, Places places) {
    String value = field.stated(span.getTags());
    if (value != null) {
      return new ResolvedTag(value, places.ownProvenance());
    }
    value = places.ancestors().value(field);
    if (value != null) {
      return new ResolvedTag(value, Provenance.ANCESTOR);
    }
    value = places.fallback().value(field);
    if (value != null) {
      return new ResolvedTag(value, places.fallbackProvenance());
    }
    value = field.stated(span.getResourceTags());
    return value != null ? new ResolvedTag(value, Provenance.RESOURCE) : UNATTRIBUTED;
  }

  /** Name and version of a prompt come from one place, or they would name a template nobody has. */
  private static void resolvePrompt(Attribution found, Span span, Places places) {
    if (Inherited.statesPrompt(span.getTags())) {
      setPrompt(found, span.getTags(), places.ownProvenance());
    } else if (places.ancestors().knowsPrompt()) {
      setPrompt(found, places.ancestors(), Provenance.ANCESTOR);
    } else if (places.fallback().knowsPrompt()) {
      setPrompt(found, places.fallback(), places.fallbackProvenance());
    }
  }

  private static void setPrompt(Attribution found, Tags place, Provenance provenance) {
    found.setPromptName(tag(place.getPromptName(), provenance));
    found.setPromptVersion(tag(place.getPromptVersion(), provenance));
  }

  private static void setPrompt(Attribution found, Inherited place, Provenance provenance) {
    found.setPromptName(tag(place.value(TagField.PROMPT_NAME), provenance));
    found.setPromptVersion(tag(place.value(TagField.PROMPT_VERSION), provenance));
  }

  private static ResolvedTag tag(@Nullable String value, Provenance provenance) {
    return value == null ? UNATTRIBUTED : new ResolvedTag(value, provenance);
  }

  private static Map<String, ResolvedTag> custom(Span span, Places places) {
    Map<String, String> own = span.getTags().getCustom();
    Map<String, String> resource = span.getResourceTags().getCustom();
    if (own.isEmpty()
        && resource.isEmpty()
        && places.ancestors().custom().isEmpty()
        && places.fallback().custom().isEmpty()) {
      return Map.of();
    }
    // Sorted, because a line's bytes are compared: equal tags must have one encoding.
    Map<String, ResolvedTag> found = new TreeMap<>();
    put(found, resource, Provenance.RESOURCE);
    put(found, places.fallback().custom(), places.fallbackProvenance());
    put(found, places.ancestors().custom(), Provenance.ANCESTOR);
    put(found, own, places.ownProvenance());
    return found;
  }

  private static void put(
      Map<String, ResolvedTag> found, Map<String, String> place, Provenance provenance) {
    place.forEach((name, value) -> found.put(name, new ResolvedTag(value, provenance)));
  }

  private static Attribution byRules(Attribution found, Span span, OwnershipRules rules) {
    applyRules(found, span.getServiceName(), span.getKeyAlias(), span.getEndTimeUs(), rules);
    return found;
  }

  private static void applyRules(
      Attribution found,
      @Nullable String service,
      @Nullable String keyAlias,
      long timeUs,
      OwnershipRules rules) {
    found.setOwnerConflict(false);
    if (rules.isEmpty()) {
      return;
    }
    String agent = found.getAgent().getValue();
    if (found.getFeature().getValue() == null) {
      OwnershipRules.Subject unnamed = new OwnershipRules.Subject(service, null, agent, keyAlias);
      found.setFeature(tag(rules.value(TagField.FEATURE, unnamed, timeUs), Provenance.RULE));
    }
    OwnershipRules.Subject subject =
        new OwnershipRules.Subject(service, found.getFeature().getValue(), agent, keyAlias);
    for (TagField field : TagField.ALL) {
      if (field != TagField.FEATURE && field.resolved(found).getValue() == null) {
        field.set(found, tag(rules.value(field, subject, timeUs), Provenance.RULE));
      }
    }
    if (found.getTeam().getProvenance() == Provenance.OWN) {
      String owner = rules.value(TagField.TEAM, subject, timeUs);
      found.setOwnerConflict(owner != null && !owner.equals(found.getTeam().getValue()));
    }
  }
}
