package dev.tributary.cost.core;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A set of dimensions by which lines are summed, beside tenant and environment, which belong to
 * every set.
 *
 * <p>A line enters a set when one of its roles is known to <em>every</em> dimension of the set. So
 * a set with a model counts calls only, one with a tool counts tool spans only, and a set of
 * feature, team, workspace or service alone counts everything, the closed traces included.
 *
 * @param name lower-case letters, digits and underscores; part of every series
 * @param dimensions at least one, no two equal; their order is the order in the series
 */
public record GroupingSet(String name, List<Dimension> dimensions) {
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,62}");

  /** The sets that are watched unless a setting says otherwise. */
  public static final List<GroupingSet> DEFAULTS =
      List.of(
          of("feature", Dimension.FEATURE),
          of(
              "feature_prompt_version",
              Dimension.FEATURE,
              Dimension.PROMPT_NAME,
              Dimension.PROMPT_VERSION),
          of("feature_model", Dimension.FEATURE, Dimension.MODEL),
          of("feature_agent", Dimension.FEATURE, Dimension.AGENT),
          of("tool", Dimension.TOOL, Dimension.MCP_SERVER),
          of("retrieval_source", Dimension.RETRIEVAL_SOURCE),
          of("team", Dimension.TEAM),
          of("workspace", Dimension.WORKSPACE),
          of("provider_surface_model", Dimension.PROVIDER, Dimension.SURFACE, Dimension.MODEL),
          of("service", Dimension.SERVICE),
          of("user_tier", Dimension.USER_TIER));

  /** Name under which spend for budgets travels; no set that can be configured has it. */
  static final String SPEND_NAME = "spend";

  /** The dimensions of cells, the feature first; no set that can be configured has its name. */
  static final GroupingSet CELLS =
      of(
          "cell",
          Dimension.FEATURE,
          Dimension.WORKSPACE,
          Dimension.MODEL,
          Dimension.PROMPT_VERSION,
          Dimension.AGENT,
          Dimension.REGION);

  /** Checks that the set can hold a line at all. */
  public GroupingSet {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "name of a grouping set: lower-case letters, digits, '_': \"" + name + '"');
    }
    dimensions = List.copyOf(dimensions);
    if (dimensions.isEmpty() || Set.copyOf(dimensions).size() != dimensions.size()) {
      throw new IllegalArgumentException(
          "grouping set " + name + " needs at least one dimension, none twice: " + dimensions);
    }
    if (roles(dimensions) == 0) {
      throw new IllegalArgumentException(
          "grouping set " + name + ": no line has all of " + labels(dimensions));
    }
  }

  /** A set of these dimensions. */
  public static GroupingSet of(String name, Dimension... dimensions) {
    return new GroupingSet(name, List.of(dimensions));
  }

  /**
   * A set from its text: the name of a default set, or {@code name=dimension+dimension}.
   *
   * @throws IllegalArgumentException naming what is not known, and what is
   */
  public static GroupingSet parse(String text) {
    int equals = text.indexOf('=');
    if (equals < 0) {
      return DEFAULTS.stream()
          .filter(set -> set.name.equals(text))
          .findFirst()
          .orElseThrow(() -> new IllegalArgumentException(unknown("grouping set", text)));
    }
    List<Dimension> dimensions =
        Arrays.stream(text.substring(equals + 1).split("\\+", -1))
            .map(
                label ->
                    Dimension.ofLabel(label.strip())
                        .orElseThrow(
                            () -> new IllegalArgumentException(unknown("dimension", label))))
            .toList();
    GroupingSet set = new GroupingSet(text.substring(0, equals).strip(), dimensions);
    if (set.name.equals(CELLS.name) || set.name.equals(SPEND_NAME)) {
      throw new IllegalArgumentException("the name " + set.name + " is taken");
    }
    return set;
  }

  /** The text that {@link #parse} reads. */
  public String text() {
    return DEFAULTS.contains(this) ? name : name + '=' + String.join("+", labels(dimensions));
  }

  private static String unknown(String what, String text) {
    List<String> known =
        what.equals("dimension")
            ? labels(List.of(Dimension.values()))
            : DEFAULTS.stream().map(GroupingSet::name).toList();
    return "no such " + what + ": \"" + text + "\"; known: " + String.join(", ", known);
  }

  private static List<String> labels(List<Dimension> dimensions) {
    return dimensions.stream().map(Dimension::label).toList();
  }

  /** The roles whose lines enter the set. */
  public Set<LineRole> lineRoles() {
    return LineRole.ofMask(roleMask());
  }

  int roleMask() {
    return roles(dimensions);
  }

  private static int roles(List<Dimension> dimensions) {
    int mask = LineRole.ALL;
    for (Dimension dimension : dimensions) {
      mask &= dimension.roles();
    }
    return mask;
  }
}
