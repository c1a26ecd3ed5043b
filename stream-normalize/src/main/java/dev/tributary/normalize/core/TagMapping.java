package dev.tributary.normalize.core;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which attributes state which tag, in order of precedence, on spans and on resources. Immutable;
 * {@link #with} answers an extended one.
 */
public final class TagMapping {
  /** Names of the tags that every span has; others are custom tags. */
  public static final List<String> STANDARD =
      List.of(
          "feature",
          "team",
          "workspace",
          "environment",
          "project",
          "cost_center",
          "user_tier",
          "experiment",
          "retrieval_version",
          "prompt_name",
          "prompt_version",
          "prompt_hash",
          "agent");

  /** Most custom tags. */
  public static final int MAX_CUSTOM = 4;

  /** Before the names of members of OpenInference's JSON attribute {@code metadata}. */
  static final String JSON_METADATA = "metadata.";

  /**
   * Where a tag is stated.
   *
   * @param span names of span attributes, the first one present stands
   * @param resource names of resource attributes, the same
   */
  public record Sources(List<String> span, List<String> resource) {
    /** Copies the lists. */
    public Sources {
      span = List.copyOf(span);
      resource = List.copyOf(resource);
    }
  }

  /** One use of an attribute: for which tag, and how early in that tag's order. */
  record Use(int tag, int rank) {}

  private final Map<String, Sources> sources;
  private final List<String> tags;
  private final Map<String, List<Use>> onSpan;
  private final Map<String, List<Use>> onResource;
  private final boolean[] isStatedByKnown = new boolean[Attr.COUNT];

  /**
   * A mapping.
   *
   * @param sources by tag; standard tags may be left out, others are custom tags
   * @throws IllegalArgumentException when there are more than {@value #MAX_CUSTOM} custom tags
   */
  public TagMapping(Map<String, Sources> sources) {
    this.sources = new LinkedHashMap<>(sources);
    Set<String> names = new LinkedHashSet<>(STANDARD);
    names.addAll(sources.keySet());
    this.tags = List.copyOf(names);
    if (tags.size() > STANDARD.size() + MAX_CUSTOM) {
      throw new IllegalArgumentException(
          "at most "
              + MAX_CUSTOM
              + " custom tags, found "
              + tags.subList(STANDARD.size(), tags.size()));
    }
    this.onSpan = new HashMap<>();
    this.onResource = new HashMap<>();
    for (int tag = 0; tag < tags.size(); tag++) {
      Sources of = sources.get(tags.get(tag));
      if (of != null) {
        index(onSpan, of.span(), tag);
        index(onResource, of.resource(), tag);
      }
    }
    for (Attr attr : Attr.values()) {
      isStatedByKnown[attr.index] =
          onSpan.containsKey(attr.attribute) || onResource.containsKey(attr.attribute);
    }
  }

  /**
   * This mapping with more attributes for some tags, before those it has.
   *
   * @param isReplacing whether the tags named here forget what they had
   */
  public TagMapping with(Map<String, List<String>> attributes, boolean isReplacing) {
    Map<String, Sources> merged = new LinkedHashMap<>(sources);
    attributes.forEach(
        (tag, names) -> {
          Sources had = isReplacing ? null : sources.get(tag);
          merged.put(
              tag,
              had == null
                  ? new Sources(names, names)
                  : new Sources(joined(names, had.span()), joined(names, had.resource())));
        });
    return new TagMapping(merged);
  }

  /** The attributes of every tag, for documentation. */
  public Map<String, Sources> sources() {
    return Map.copyOf(sources);
  }

  List<String> tags() {
    return tags;
  }

  Map<String, List<Use>> onSpan() {
    return onSpan;
  }

  Map<String, List<Use>> onResource() {
    return onResource;
  }

  /** By {@link Attr#index}: whether an attribute that dialects know states a tag as well. */
  boolean[] isStatedByKnown() {
    return isStatedByKnown;
  }

  private static void index(Map<String, List<Use>> index, List<String> names, int tag) {
    for (int rank = 0; rank < names.size(); rank++) {
      index.computeIfAbsent(names.get(rank), name -> new ArrayList<>(1)).add(new Use(tag, rank));
    }
  }

  private static List<String> joined(List<String> first, List<String> then) {
    Set<String> all = new LinkedHashSet<>(first);
    all.addAll(then);
    return List.copyOf(all);
  }
}
