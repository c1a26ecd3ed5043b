package dev.tributary.pricing.allocation;

import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * Who used a pool. A part that is null is unattributed, which is somebody, too.
 *
 * @param environment null: unattributed
 * @param feature null: unattributed
 * @param team null: unattributed
 * @param workspace null: unattributed
 */
public record Consumer(
    @Nullable String environment,
    @Nullable String feature,
    @Nullable String team,
    @Nullable String workspace)
    implements Comparable<Consumer> {

  private static final Comparator<@Nullable String> TEXT =
      Comparator.nullsFirst(Comparator.naturalOrder());

  /** By environment, feature, team, workspace; what is unattributed comes first. */
  @Override
  public int compareTo(Consumer other) {
    int order = TEXT.compare(environment, other.environment);
    order = order != 0 ? order : TEXT.compare(feature, other.feature);
    order = order != 0 ? order : TEXT.compare(team, other.team);
    return order != 0 ? order : TEXT.compare(workspace, other.workspace);
  }
}
