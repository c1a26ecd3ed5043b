package dev.tributary.anomaly.core.group;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Puts the episodes that open under those that speak for them. */
final class Grouping {
  private final Map<String, OpenEpisode> known;
  private final Kinship kinship;

  /**
   * @param known all episodes by id, in the order in which they are looked at
   */
  Grouping(Map<String, OpenEpisode> known, Kinship kinship) {
    this.known = known;
    this.kinship = kinship;
  }

  /**
   * Says of each who leads it.
   *
   * @param fresh what opened with this step, among all that are known
   */
  void group(List<OpenEpisode> fresh) {
    for (List<OpenEpisode> group : kin(fresh)) {
      List<OpenEpisode> left = new ArrayList<>();
      OpenEpisode joined = null;
      for (OpenEpisode episode : group) {
        OpenEpisode its = knownLeader(episode, fresh);
        if (its == null) {
          left.add(episode);
        } else {
          episode.leaderId = its.id();
          joined = joined == null ? its : joined;
        }
      }
      // What opens with one that joins a group is of that group, as it would be a step later.
      OpenEpisode leader = joined == null ? Kinship.leader(group) : joined;
      left.forEach(episode -> episode.leaderId = leader.id());
    }
  }

  /** Episodes that are kin, or of which each is kin of another one there. */
  private List<List<OpenEpisode>> kin(List<OpenEpisode> fresh) {
    List<List<OpenEpisode>> groups = new ArrayList<>();
    for (OpenEpisode episode : fresh) {
      List<OpenEpisode> joined = new ArrayList<>();
      joined.add(episode);
      groups.removeIf(
          group -> {
            boolean isKin = group.stream().anyMatch(other -> kinship.areKin(episode, other));
            if (isKin) {
              joined.addAll(group);
            }
            return isKin;
          });
      groups.add(joined);
    }
    return groups;
  }

  /** The leader of a group from before that an episode belongs to; null: none. */
  private @Nullable OpenEpisode knownLeader(OpenEpisode episode, List<OpenEpisode> fresh) {
    for (OpenEpisode other : known.values()) {
      if (!fresh.contains(other) && !other.isEnded && kinship.areKin(episode, other)) {
        OpenEpisode leader = known.get(other.leaderId);
        if (leader != null && !leader.isGroupOver) {
          return leader;
        }
      }
    }
    return null;
  }
}
