package dev.tributary.anomaly.core.group;

import dev.tributary.anomaly.core.StateReader;
import dev.tributary.anomaly.core.StateWriter;
import dev.tributary.anomaly.core.series.Finding;
import dev.tributary.anomaly.core.series.SeriesMetric;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An episode as the desk of its environment keeps it, until its whole group is over. */
final class OpenEpisode {
  private static final List<SeriesMetric> METRICS = List.of(SeriesMetric.values());

  /** The last finding of it. */
  Finding last;

  /**
   * Finding that opened it. After a pause that ended its group, or where no cause of it was found,
   * the one that opened it last: what it was explained by is of that time.
   */
  Finding opened;

  /** Id of the episode that speaks for it; its own where it leads. */
  String leaderId;

  boolean isEnded;

  /** Start of the step it ended with; meaningless while open. */
  long endedUs;

  /** Whether the end of its group was told; only of leaders. */
  boolean isGroupOver;

  /** Team that was told that its group began; null: nobody was yet, or an older version told it. */
  @Nullable String toldTeam;

  /** Routes by which it was told. */
  List<String> toldRoutes = List.of();

  /** The highest severity that was told; null: nobody was yet, or an older version told it. */
  @Nullable String toldSeverity;

  /** Steps since its opening that its causes rest on; only of leaders. */
  int stepsExplained;

  List<NamedCause> causes = new ArrayList<>();

  /** Traces to open: of what its causes name. */
  List<String> traces = List.of();

  OpenEpisode(Finding opened) {
    this.opened = opened;
    this.last = opened;
    this.leaderId = opened.episodeId();
  }

  /** The same episode after a pause that ended its group, so that it is told again. */
  OpenEpisode again(Finding reopened, int enoughExplained) {
    OpenEpisode again = new OpenEpisode(reopened);
    again.causes = causes;
    again.traces = traces;
    again.goOn(reopened, enoughExplained);
    return again;
  }

  /**
   * It came back. Its cause stands where one was found: the hour before is that of the episode
   * itself.
   */
  void goOn(Finding reopened, int enoughExplained) {
    isEnded = false;
    stepsExplained = causes.isEmpty() ? 0 : enoughExplained;
    opened = causes.isEmpty() ? reopened : opened;
  }

  String id() {
    return opened.episodeId();
  }

  boolean leads() {
    return leaderId.equals(id());
  }

  /** Null for a metric that is known no more. */
  @Nullable SeriesMetric metric() {
    return SeriesMetric.ofName(opened.metric());
  }

  /** How early its metric speaks for others of its family. */
  int rank() {
    SeriesMetric metric = metric();
    return metric == null ? METRICS.size() : METRICS.indexOf(metric);
  }

  /** What it should have been in the additive unit: the smaller, the narrower. */
  double volume() {
    double distance = opened.observed() - opened.baseline();
    return distance == 0 ? opened.baseline() : opened.baseline() * opened.excess() / distance;
  }

  void save(StateWriter to) {
    opened.save(to);
    last.save(to);
    to.text(leaderId).flag(isEnded).whole(endedUs).flag(isGroupOver).whole(stepsExplained);
    to.whole(causes.size());
    causes.forEach(cause -> cause.save(to));
  }

  /** Writes who was told; apart from the rest, which older versions kept without it. */
  void saveTold(StateWriter to) {
    to.text(toldTeam == null ? "" : toldTeam).whole(toldRoutes.size());
    toldRoutes.forEach(to::text);
  }

  /** Writes how severe it was told to be; apart from the rest for the same reason. */
  void saveSeverity(StateWriter to) {
    to.text(toldSeverity == null ? "" : toldSeverity);
  }

  /** Writes the traces to open; apart from the rest for the same reason. */
  void saveTraces(StateWriter to) {
    to.whole(traces.size());
    traces.forEach(to::text);
  }

  void loadTraces(StateReader from) {
    List<String> ids = new ArrayList<>();
    for (long i = from.whole(); i > 0; i--) {
      ids.add(from.text());
    }
    traces = ids;
  }

  void loadSeverity(StateReader from) {
    String severity = from.text();
    toldSeverity = severity.isEmpty() ? null : severity;
  }

  void loadTold(StateReader from) {
    String team = from.text();
    toldTeam = team.isEmpty() ? null : team;
    List<String> routes = new ArrayList<>();
    for (long i = from.whole(); i > 0; i--) {
      routes.add(from.text());
    }
    toldRoutes = routes;
  }

  static OpenEpisode load(StateReader from) {
    OpenEpisode episode = new OpenEpisode(Finding.load(from));
    episode.last = Finding.load(from);
    episode.leaderId = from.text();
    episode.isEnded = from.flag();
    episode.endedUs = from.whole();
    episode.isGroupOver = from.flag();
    episode.stepsExplained = (int) from.whole();
    for (long i = from.whole(); i > 0; i--) {
      episode.causes.add(NamedCause.load(from));
    }
    return episode;
  }
}
