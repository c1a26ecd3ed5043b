package dev.tributary.anomaly.core.group;

import dev.tributary.anomaly.core.series.SeriesKey;
import dev.tributary.anomaly.core.series.SeriesMetric;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Whether two episodes show one cause, and which of several speaks for them. */
final class Kinship {
  /** Two views of one cause move by amounts that differ by less than this factor. */
  private static final double LIKE = 2;

  /** An episode speaks for others when it carries this share of what they carry. */
  private static final double CARRIES = 0.7;

  /** Volumes this close are the same calls seen twice. */
  private static final double SAME = 0.1;

  private static final String TEAM = "team";
  private static final String SERVICE = "service";

  /** Of equal volumes, the set that people know best speaks. */
  private static final List<String> KNOWN_BEST =
      List.of(
          CellFact.FEATURE,
          "feature_prompt_version",
          "feature_model",
          "feature_agent",
          "tool",
          "retrieval_source",
          "workspace",
          TEAM,
          SERVICE,
          "user_tier");

  private final Owners owners;
  private final long nearUs;

  /**
   * @param nearUs how far apart two openings of one cause may lie
   */
  Kinship(Owners owners, long nearUs) {
    this.owners = owners;
    this.nearUs = nearUs;
  }

  boolean areKin(OpenEpisode a, OpenEpisode b) {
    SeriesMetric ours = a.metric();
    SeriesMetric theirs = b.metric();
    if (ours == null
        || theirs == null
        || ours.family() != theirs.family()
        || Math.abs(a.opened.windowUs() - b.opened.windowUs()) > nearUs) {
      return false;
    }
    SeriesKey one = a.opened.key();
    SeriesKey other = b.opened.key();
    // Negative where one rose and the other fell: that is not one cause.
    double ratio = a.opened.excess() / b.opened.excess();
    boolean isOneMetric = a.opened.metric().equals(b.opened.metric());
    if (contradict(one.dimensions(), other.dimensions()) || (isOneMetric && ratio < 0)) {
      return false;
    }
    return contains(one, other)
        || contains(other, one)
        || (isOneMetric && ratio < LIKE && ratio > 1 / LIKE);
  }

  private boolean contradict(Map<String, String> one, Map<String, String> other) {
    for (Map.Entry<String, String> dimension : one.entrySet()) {
      String value = other.get(dimension.getKey());
      if (value != null && !value.equals(dimension.getValue())) {
        return true;
      }
    }
    return isOfAnotherTeam(one, other) || isOfAnotherTeam(other, one);
  }

  private boolean isOfAnotherTeam(Map<String, String> one, Map<String, String> other) {
    String team = one.get(TEAM);
    String owner = owner(other);
    return team != null && owner != null && !team.equals(owner);
  }

  /** Whether all calls of the second are calls of the first. */
  private boolean contains(SeriesKey wide, SeriesKey narrow) {
    if (narrow.dimensions().entrySet().containsAll(wide.dimensions().entrySet())) {
      return true;
    }
    String team = wide.dimensions().get(TEAM);
    return wide.dimensions().size() == 1 && team != null && team.equals(owner(narrow.dimensions()));
  }

  private @Nullable String owner(Map<String, String> dimensions) {
    return owners.teamOf(dimensions.get(CellFact.FEATURE), dimensions.get(SERVICE));
  }

  /** The narrowest that carries most of it, of the metric that says most. */
  static OpenEpisode leader(List<OpenEpisode> group) {
    int rank = group.stream().mapToInt(OpenEpisode::rank).min().orElse(0);
    List<OpenEpisode> leading = group.stream().filter(e -> e.rank() == rank).toList();
    double most = leading.stream().mapToDouble(e -> Math.abs(e.opened.excess())).max().orElse(0);
    return leading.stream()
        .filter(e -> Math.abs(e.opened.excess()) >= CARRIES * most)
        .min(
            Comparator.comparingLong(Kinship::size)
                .thenComparingInt(Kinship::fame)
                .thenComparing(e -> e.opened.key().text())
                .thenComparing(OpenEpisode::id))
        .orElse(group.get(0));
  }

  private static long size(OpenEpisode episode) {
    return Math.round(Math.log(Math.max(1e-12, Math.abs(episode.volume()))) / SAME);
  }

  private static int fame(OpenEpisode episode) {
    int at = KNOWN_BEST.indexOf(episode.opened.key().groupingSet());
    return at < 0 ? KNOWN_BEST.size() : at;
  }
}
