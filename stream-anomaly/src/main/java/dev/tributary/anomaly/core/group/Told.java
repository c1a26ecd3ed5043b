package dev.tributary.anomaly.core.group;

import dev.tributary.anomaly.core.series.Finding;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What goes out. */
public sealed interface Told {

  /**
   * A state of an episode.
   *
   * @param groupId episode that speaks for it; null: it leads
   * @param causes the most telling first
   * @param traces ids of traces to open: the dearest, a typical one before (may be left out), a
   *     typical one since; empty: none is known
   */
  record State(
      Finding finding,
      @Nullable String groupId,
      List<NamedCause> causes,
      List<String> traces,
      String sentence)
      implements Told {
    public State {
      causes = List.copyOf(causes);
      traces = List.copyOf(traces);
    }
  }

  /**
   * A notification.
   *
   * @param state of the episode that leads
   * @param team owner
   * @param routes of the owner
   * @param severity info, warning or critical
   * @param isEnd whether the group is over
   * @param isRaise whether it was told before, as less severe
   */
  record Notice(
      State state,
      String team,
      List<String> routes,
      String severity,
      boolean isEnd,
      boolean isRaise)
      implements Told {
    public Notice {
      routes = List.copyOf(routes);
    }
  }

  /**
   * A group that was told to be over is remembered no more.
   *
   * @param episodeId of the episode that led it
   */
  record Forgotten(String episodeId) implements Told {}
}
