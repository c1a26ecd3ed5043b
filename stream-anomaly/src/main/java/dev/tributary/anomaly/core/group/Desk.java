package dev.tributary.anomaly.core.group;

import dev.tributary.anomaly.core.StateReader;
import dev.tributary.anomaly.core.StateWriter;
import dev.tributary.anomaly.core.series.Finding;
import dev.tributary.anomaly.core.series.SeriesKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The episodes of one tenant and environment: puts those of one cause under one of them, explains
 * that one, and tells its owner once. Takes whole steps, so that what it says depends on no order
 * of arrival.
 */
public final class Desk {
  /** More episodes than this at a time are told without group or alert. */
  private static final int MOST_EPISODES = 1_000;

  /** Steps of an episode after which its explanation stands; of short steps half an hour. */
  private static final int MOST_EXPLAINED = 6;

  private static final long CELL_US = 300_000_000L;

  /** A factor from which on a rise is critical. */
  private static final double CRITICAL = 5;

  private static final String SEVERE = "critical";
  private static final String WARNING = "warning";

  private static final Comparator<Finding> ORDER =
      Comparator.comparing((Finding f) -> f.key().text())
          .thenComparing(Finding::metric)
          .thenComparing(Finding::isLimit)
          .thenComparingLong(Finding::revision);

  /** What is known of cells and of what was new. */
  public interface Evidence {
    /**
     * Cells of a series.
     *
     * @param fromUs earliest start, inclusive
     * @param untilUs latest start, exclusive
     */
    List<CellFact> cells(SeriesKey key, long fromUs, long untilUs);

    /** What was first seen in a time, in the features of a series. */
    List<Change> changes(SeriesKey key, long fromUs, long untilUs);
  }

  private final long stepUs;
  private final long lookBackUs;
  private final long keepUs;
  private final int mostExplained;
  private final Map<String, OpenEpisode> episodes = new TreeMap<>();

  /**
   * @param stepUs length of a step
   * @param lookBackUs time before an episode that its cells are compared with, and in which a
   *     change counts as one that came with it
   * @param keepUs time after its end in which an episode can be amended
   */
  public Desk(long stepUs, long lookBackUs, long keepUs) {
    this.stepUs = stepUs;
    this.lookBackUs = lookBackUs;
    this.keepUs = keepUs;
    this.mostExplained = mostExplained(stepUs);
  }

  /**
   * How long cells have to be kept: those of the time before an episode are asked for until its
   * explanation stands, which begins a few steps after its first suspicious one.
   */
  public static long cellsKeptUs(long stepUs, long lookBackUs) {
    return lookBackUs + Math.max(lookBackUs, 2L * mostExplained(stepUs) * stepUs);
  }

  private static int mostExplained(long stepUs) {
    return (int) Math.max(MOST_EXPLAINED, MOST_EXPLAINED * CELL_US / stepUs);
  }

  /** Whether nothing is open or remembered. */
  public boolean isEmpty() {
    return episodes.isEmpty();
  }

  /**
   * Takes a step.
   *
   * @param untilUs its end
   * @param findings all of the step, in any order
   */
  public void take(
      long untilUs, List<Finding> findings, Evidence evidence, Owners owners, Consumer<Told> out) {
    List<Finding> sorted = findings.stream().sorted(ORDER).toList();
    List<OpenEpisode> fresh = new ArrayList<>();
    Set<String> led = new HashSet<>();
    Set<String> over = overBefore(sorted);
    for (Finding finding : sorted) {
      OpenEpisode known = episodes.get(finding.episodeId());
      boolean isOpening = finding.state() == Finding.State.OPENED;
      if (known != null && !(isOpening && over.contains(known.id()))) {
        update(known, finding, untilUs - stepUs);
      } else if (isOpening && (known != null || episodes.size() < MOST_EPISODES)) {
        OpenEpisode episode =
            known == null ? new OpenEpisode(finding) : known.again(finding, mostExplained);
        if (known != null && known.leads()) {
          led.add(known.id());
        }
        fresh.add(episode);
        episodes.put(episode.id(), episode);
      }
    }
    // Two openings of one cause may be as far apart as persistence allows.
    new Grouping(episodes, new Kinship(owners, 3 * stepUs)).group(fresh);
    for (Finding finding : sorted) {
      tell(finding, evidence, owners, out);
    }
    for (OpenEpisode episode : fresh) {
      if (episode.leads()) {
        out.accept(notice(episode, evidence, owners, false));
      } else if (led.contains(episode.id())) {
        // The group that it led is over, and it speaks for none that will be forgotten.
        out.accept(new Told.Forgotten(episode.id()));
      }
    }
    raise(evidence, owners, out);
    endGroups(evidence, owners, out);
    forget(untilUs, out);
  }

  private void update(OpenEpisode known, Finding finding, long nowUs) {
    if (finding.state() != Finding.State.AMENDED) {
      known.last = finding;
    }
    if (finding.state().isEnd()) {
      known.isEnded = true;
      // Of one that fell silent the last window is long ago.
      known.endedUs = finding.endedWithoutWindow() ? nowUs : finding.windowUs();
    } else if (finding.state() == Finding.State.OPENED) {
      known.goOn(finding, mostExplained);
    }
  }

  /**
   * Episodes that come back of which the team was told that they are over; as it was before the
   * step, whoever of them is looked at first.
   */
  private Set<String> overBefore(List<Finding> findings) {
    Set<String> over = new HashSet<>();
    for (Finding finding : findings) {
      OpenEpisode known = episodes.get(finding.episodeId());
      if (known != null && finding.state() == Finding.State.OPENED) {
        OpenEpisode leader = episodes.get(known.leaderId);
        // A leader that came back may lead no more: its group of then has ended.
        if (leader == null || !leader.leads() || leader.isGroupOver) {
          over.add(known.id());
        }
      }
    }
    return over;
  }

  private void tell(Finding finding, Evidence evidence, Owners owners, Consumer<Told> out) {
    OpenEpisode episode = episodes.get(finding.episodeId());
    if (episode == null) {
      out.accept(
          new Told.State(
              finding,
              null,
              List.of(),
              List.of(),
              Sentences.of(finding, List.of(), List.of(), null)));
      return;
    }
    explain(episode, finding, evidence);
    out.accept(state(episode, finding, evidence, owners));
  }

  private Told.State state(OpenEpisode episode, Finding finding, Evidence evidence, Owners owners) {
    List<Change> changes = episode.causes.isEmpty() ? List.of() : changes(episode, evidence);
    String team = episode.leads() ? team(episode, owners) : null;
    return new Told.State(
        finding,
        episode.leads() ? null : episode.leaderId,
        episode.causes,
        episode.traces,
        Sentences.of(finding, episode.causes, changes, team));
  }

  private List<Change> changes(OpenEpisode episode, Evidence evidence) {
    Finding opened = episode.opened;
    return evidence.changes(
        opened.key(), opened.suspectUs() - lookBackUs, opened.windowUs() + stepUs);
  }

  /** Explains a leader until it has been seen for long enough. */
  private void explain(OpenEpisode episode, Finding finding, Evidence evidence) {
    boolean isGrowing =
        finding.state() == Finding.State.OPENED || finding.state() == Finding.State.UPDATED;
    if (!episode.leads() || !isGrowing || episode.stepsExplained >= mostExplained) {
      return;
    }
    episode.stepsExplained++;
    // A step before the first breach may be half of the old and half of the new: it is neither. So
    // is a cell that the first breach lies in.
    long untilUs = finding.suspectUs() - Math.max(stepUs, CELL_US);
    List<CellFact> before = evidence.cells(finding.key(), untilUs - lookBackUs, untilUs);
    List<CellFact> after =
        evidence.cells(finding.key(), finding.suspectUs(), finding.windowUs() + stepUs);
    // Where nothing is known any more of the time before, what was found then stands.
    if (!before.isEmpty() || episode.causes.isEmpty()) {
      episode.causes = new Explainer(before, after).causes(finding, changes(episode, evidence));
      episode.traces = ExampleTraces.of(before, after, episode.causes);
    }
  }

  private Told.Notice notice(OpenEpisode leader, Evidence evidence, Owners owners, boolean isEnd) {
    String team = team(leader, owners);
    if (leader.toldTeam == null) {
      leader.toldTeam = team;
      leader.toldRoutes = owners.routesOf(team);
    }
    String severity = isEnd ? "info" : severity(leader.last);
    boolean isRaise = !isEnd && leader.toldSeverity != null;
    if (!isEnd) {
      leader.toldSeverity = severity;
    }
    return new Told.Notice(
        state(leader, leader.last, evidence, owners),
        team,
        leader.toldRoutes,
        severity,
        isEnd,
        isRaise);
  }

  /** Who wants to hear of critical ones alone has not heard of what becomes one later. */
  private void raise(Evidence evidence, Owners owners, Consumer<Told> out) {
    for (OpenEpisode episode : episodes.values()) {
      if (episode.leads()
          && !episode.isEnded
          && !episode.isGroupOver
          && WARNING.equals(episode.toldSeverity)
          && severity(episode.last).equals(SEVERE)) {
        out.accept(notice(episode, evidence, owners, false));
      }
    }
  }

  private static String severity(Finding finding) {
    double extent = Math.max(finding.factor(), 1 / Math.max(1e-9, finding.factor()));
    return extent >= CRITICAL && !finding.isLimit() ? SEVERE : WARNING;
  }

  /**
   * Who is told: the series' own team, the owner of its feature, or a team seen in the group. Who
   * was told that it began is told that it is over, whoever owns it by then.
   */
  private String team(OpenEpisode leader, Owners owners) {
    if (leader.toldTeam != null) {
      return leader.toldTeam;
    }
    Map<String, String> dimensions = leader.opened.key().dimensions();
    String team = dimensions.get("team");
    if (team == null) {
      team = owners.teamOf(dimensions.get(CellFact.FEATURE), dimensions.get("service"));
    }
    if (team == null) {
      team =
          episodes.values().stream()
              .filter(episode -> episode.leaderId.equals(leader.id()))
              .map(episode -> episode.opened.key().dimensions().get("team"))
              .filter(name -> name != null && !name.equals(Owners.UNATTRIBUTED))
              .findFirst()
              .orElse(null);
    }
    return team == null ? Owners.UNATTRIBUTED : team;
  }

  private void endGroups(Evidence evidence, Owners owners, Consumer<Told> out) {
    Map<String, Boolean> isOpen = new HashMap<>();
    episodes.values().forEach(e -> isOpen.merge(e.leaderId, !e.isEnded, Boolean::logicalOr));
    for (OpenEpisode episode : episodes.values()) {
      if (episode.leads() && !episode.isGroupOver && !isOpen.getOrDefault(episode.id(), false)) {
        episode.isGroupOver = true;
        out.accept(notice(episode, evidence, owners, true));
      }
    }
  }

  /** Groups that are over and past amending. */
  private void forget(long untilUs, Consumer<Told> out) {
    Map<String, Long> until = new HashMap<>();
    for (OpenEpisode episode : episodes.values()) {
      long last = episode.isEnded ? episode.endedUs : Long.MAX_VALUE;
      until.merge(episode.leaderId, last, Math::max);
    }
    episodes
        .values()
        .removeIf(
            episode -> {
              long last = until.getOrDefault(episode.leaderId, Long.MAX_VALUE);
              boolean isOld = last != Long.MAX_VALUE && untilUs - last > keepUs + stepUs;
              if (isOld && episode.leads()) {
                out.accept(new Told.Forgotten(episode.id()));
              }
              return isOld;
            });
  }

  /** The state as bytes. */
  public byte[] toBytes() {
    StateWriter to = new StateWriter();
    to.whole(episodes.size());
    episodes.values().forEach(episode -> episode.save(to));
    // Behind everything else: states that older versions kept end before it.
    for (OpenEpisode episode : episodes.values()) {
      episode.saveTold(to);
    }
    for (OpenEpisode episode : episodes.values()) {
      episode.saveSeverity(to);
    }
    for (OpenEpisode episode : episodes.values()) {
      episode.saveTraces(to);
    }
    return to.toBytes();
  }

  /** Takes a state that {@link #toBytes} gave. */
  public void load(byte[] bytes) {
    StateReader from = new StateReader(bytes);
    for (long i = from.whole(); i > 0; i--) {
      OpenEpisode episode = OpenEpisode.load(from);
      episodes.put(episode.id(), episode);
    }
    if (from.hasMore()) {
      episodes.values().forEach(episode -> episode.loadTold(from));
    }
    if (from.hasMore()) {
      episodes.values().forEach(episode -> episode.loadSeverity(from));
    }
    if (from.hasMore()) {
      episodes.values().forEach(episode -> episode.loadTraces(from));
    }
  }
}
