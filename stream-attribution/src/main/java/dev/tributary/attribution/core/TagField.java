package dev.tributary.attribution.core;

import dev.tributary.schemas.Attribution;
import dev.tributary.schemas.ResolvedTag;
import dev.tributary.schemas.Tags;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The named tags, each with where it stands in the records. */
@SuppressWarnings("ImmutableEnumChecker") // method references hold no state
public enum TagField {
  FEATURE(Tags::getFeature, Attribution::getFeature, Attribution::setFeature),
  TEAM(Tags::getTeam, Attribution::getTeam, Attribution::setTeam),
  WORKSPACE(Tags::getWorkspace, Attribution::getWorkspace, Attribution::setWorkspace),
  ENVIRONMENT(Tags::getEnvironment, Attribution::getEnvironment, Attribution::setEnvironment),
  PROJECT(Tags::getProject, Attribution::getProject, Attribution::setProject),
  COST_CENTER(Tags::getCostCenter, Attribution::getCostCenter, Attribution::setCostCenter),
  USER_TIER(Tags::getUserTier, Attribution::getUserTier, Attribution::setUserTier),
  EXPERIMENT(Tags::getExperiment, Attribution::getExperiment, Attribution::setExperiment),
  RETRIEVAL_VERSION(
      Tags::getRetrievalVersion,
      Attribution::getRetrievalVersion,
      Attribution::setRetrievalVersion),
  PROMPT_NAME(Tags::getPromptName, Attribution::getPromptName, Attribution::setPromptName),
  PROMPT_VERSION(
      Tags::getPromptVersion, Attribution::getPromptVersion, Attribution::setPromptVersion),
  AGENT(Tags::getAgent, Attribution::getAgent, Attribution::setAgent);

  /** All fields in declaration order; a list, because {@code values()} copies on each call. */
  static final List<TagField> ALL = List.of(values());

  private final Function<Tags, @Nullable String> stated;
  private final Function<Attribution, ResolvedTag> resolved;
  private final BiConsumer<Attribution, ResolvedTag> setter;

  TagField(
      Function<Tags, @Nullable String> stated,
      Function<Attribution, ResolvedTag> resolved,
      BiConsumer<Attribution, ResolvedTag> setter) {
    this.stated = stated;
    this.resolved = resolved;
    this.setter = setter;
  }

  /** All fields in the order of the records' schema. */
  public static List<TagField> inOrder() {
    return ALL;
  }

  /** Its place in {@link #ALL} and in stored tags; the order of the constants is a format. */
  @SuppressWarnings("EnumOrdinal")
  int index() {
    return ordinal();
  }

  /** What one place states; null: nothing. */
  @Nullable String stated(Tags tags) {
    return stated.apply(tags);
  }

  /** What a line says. */
  public ResolvedTag resolved(Attribution attribution) {
    return resolved.apply(attribution);
  }

  void set(Attribution attribution, ResolvedTag tag) {
    setter.accept(attribution, tag);
  }

  /** The name in settings, rules and output: lower case. */
  public String wireName() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }

  /** The field of that name; null: none. */
  public static @Nullable TagField ofWireName(String name) {
    for (TagField field : ALL) {
      if (field.wireName().equals(name)) {
        return field;
      }
    }
    return null;
  }
}
