package dev.tributary.normalize.core;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tributary.schemas.Tags;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Collects the tags stated in one place, a span or a resource. */
final class TagReader {
  /**
   * Attributes that hold metadata as one object, read as if each member were {@code metadata.*}.
   */
  private static final Attr[] OBJECTS = {
    Attr.METADATA,
    Attr.LANGFUSE_TRACE_METADATA,
    Attr.LANGFUSE_OBSERVATION_METADATA,
    Attr.LITELLM_REQUESTER_METADATA
  };

  private final TagMapping mapping;
  private final Map<String, List<TagMapping.Use>> index;
  private final boolean[] isStatedByKnown;
  private final Coercion coercion;
  private final @Nullable String[] values;
  private final int[] ranks;

  private TagReader(
      TagMapping mapping, Map<String, List<TagMapping.Use>> index, Coercion coercion) {
    this.mapping = mapping;
    this.index = index;
    this.isStatedByKnown = mapping.isStatedByKnown();
    this.coercion = coercion;
    this.values = new @Nullable String[mapping.tags().size()];
    this.ranks = new int[values.length];
  }

  static TagReader onResource(TagMapping mapping, Attributes attributes, Coercion coercion) {
    TagReader reader = new TagReader(mapping, mapping.onResource(), coercion);
    reader.readAll(attributes);
    return reader;
  }

  static TagReader onSpan(TagMapping mapping, Attributes attributes, Facts facts) {
    TagReader reader = new TagReader(mapping, mapping.onSpan(), facts.coercion());
    reader.readAll(attributes);
    for (Attr object : OBJECTS) {
      if (facts.has(object)) {
        reader.readMetadata(object, facts.raw(object));
      }
    }
    reader.prefer("prompt_name", facts.identifier(Precedence.PROMPT_NAMES));
    reader.prefer("prompt_version", facts.identifier(Precedence.PROMPT_VERSIONS));
    reader.prefer("agent", agent(facts));
    return reader;
  }

  private static @Nullable String agent(Facts facts) {
    String named = facts.identifier(Precedence.AGENT);
    boolean isAgent = "agent".equals(facts.raw(Attr.TRACELOOP_SPAN_KIND));
    return named == null && isAgent ? facts.identifier(Attr.TRACELOOP_ENTITY_NAME) : named;
  }

  private void readAll(Attributes attributes) {
    for (int i = 0; i < attributes.size(); i++) {
      Attr attr = attributes.known(i);
      List<TagMapping.Use> uses =
          attr != null && !isStatedByKnown[attr.index] ? null : index.get(attributes.name(i));
      if (uses != null) {
        offer(uses, attributes.name(i), attributes.value(i));
      }
    }
  }

  /** A metadata object as JSON or Python text, or as a structure. */
  private void readMetadata(Attr attribute, @Nullable Object metadata) {
    if (metadata instanceof Map<?, ?> map) {
      map.forEach((name, value) -> offerMember(attribute, String.valueOf(name), value));
    } else if (metadata instanceof String text) {
      JsonNode tree = Json.lenientTree(text);
      if (tree == null || !tree.isObject()) {
        return;
      }
      for (Map.Entry<String, JsonNode> member : tree.properties()) {
        if (member.getValue().isValueNode() && !member.getValue().isNull()) {
          offerMember(attribute, member.getKey(), member.getValue().asText());
        }
      }
    }
  }

  private void offerMember(Attr attribute, String name, @Nullable Object value) {
    List<TagMapping.Use> uses = index.get(TagMapping.JSON_METADATA + name);
    if (uses != null && value != null) {
      offer(uses, attribute.attribute, value);
    }
  }

  private void offer(List<TagMapping.Use> uses, String attribute, Object value) {
    // The name may be a user's own, so it is no label of a counter.
    String text = coercion.identifier(Attr.of(attribute) == null ? "tag" : attribute, value);
    if (text == null) {
      return;
    }
    for (TagMapping.Use use : uses) {
      if (values[use.tag()] == null || use.rank() < ranks[use.tag()]) {
        values[use.tag()] = text;
        ranks[use.tag()] = use.rank();
      }
    }
  }

  private void prefer(String tag, @Nullable String value) {
    if (value != null) {
      values[TagMapping.STANDARD.indexOf(tag)] = value;
    }
  }

  /** Sets a tag that nothing stated so far; null values change nothing. */
  void otherwise(String tag, @Nullable String value) {
    int index = TagMapping.STANDARD.indexOf(tag);
    if (values[index] == null) {
      values[index] = value;
    }
  }

  /** The tags as a record. */
  Tags tags() {
    Tags tags = new Tags();
    tags.setFeature(values[0]);
    tags.setTeam(values[1]);
    tags.setWorkspace(values[2]);
    tags.setEnvironment(values[3]);
    tags.setProject(values[4]);
    tags.setCostCenter(values[5]);
    tags.setUserTier(values[6]);
    tags.setExperiment(values[7]);
    tags.setRetrievalVersion(values[8]);
    tags.setPromptName(values[9]);
    tags.setPromptVersion(values[10]);
    tags.setPromptHash(values[11]);
    tags.setAgent(values[12]);
    Map<String, String> custom = Map.of();
    for (int i = TagMapping.STANDARD.size(); i < values.length; i++) {
      String value = values[i];
      if (value != null) {
        custom = custom.isEmpty() ? new LinkedHashMap<>() : custom;
        custom.put(mapping.tags().get(i), value);
      }
    }
    tags.setCustom(custom);
    return tags;
  }
}
