package dev.tributary.anomaly;

import dev.tributary.anomaly.core.group.CellFact;
import dev.tributary.anomaly.core.group.Version;
import dev.tributary.anomaly.core.series.Finding;
import java.util.List;

/** What travels from the series to the desk of their environment. */
sealed interface DeskInput {

  /**
   * A finding.
   *
   * @param untilUs end of the step it belongs to
   */
  record Found(long untilUs, Finding finding) implements DeskInput {}

  /**
   * A cell.
   *
   * @param untilUs end of the step in which it may be used
   * @param versions that its calls were made with
   */
  record Seen(
      long untilUs, String tenant, String environment, CellFact cell, List<Version> versions)
      implements DeskInput {
    public Seen {
      versions = List.copyOf(versions);
    }
  }

  /**
   * Everything up to a time has been sent.
   *
   * @param source partition of llm.windows
   */
  record Closed(int source, long untilUs) implements DeskInput {}
}
