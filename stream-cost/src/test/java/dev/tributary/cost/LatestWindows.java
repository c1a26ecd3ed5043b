package dev.tributary.cost;

import dev.tributary.schemas.Cell;
import dev.tributary.schemas.MinuteClosed;
import dev.tributary.schemas.Window;
import dev.tributary.schemas.WindowRecord;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What a reader of llm.windows knows: of each window the highest revision. */
public final class LatestWindows {
  private final Map<String, Window> latest = new HashMap<>();
  private final Map<String, Cell> cells = new HashMap<>();
  private final List<MinuteClosed> minutes = new ArrayList<>();

  /** Takes a record in. */
  public void read(WindowRecord record) {
    if (record.getBody() instanceof Window window) {
      String id = window.getTenant() + '|' + window.getSeries() + '@' + window.getStartTimeUs();
      latest.merge(id, window, (a, b) -> a.getRevision() >= b.getRevision() ? a : b);
    } else if (record.getBody() instanceof Cell cell) {
      String id =
          String.join(
              "|",
              cell.getTenant(),
              cell.getEnvironment(),
              new TreeMap<>(cell.getDimensions()).toString(),
              String.valueOf(cell.getStartTimeUs()));
      cells.merge(id, cell, (a, b) -> a.getRevision() >= b.getRevision() ? a : b);
    } else if (record.getBody() instanceof MinuteClosed closed) {
      minutes.add(closed);
    }
  }

  /** The windows. */
  public Collection<Window> windows() {
    return latest.values();
  }

  /** The ends of minutes, in order. */
  public List<MinuteClosed> minutes() {
    return minutes;
  }

  /** The cells. */
  public Collection<Cell> cells() {
    return cells.values();
  }

  /** Totals by grouping set and measure; those of cells under {@code cell}, where there are any. */
  public Map<String, Map<String, BigDecimal>> totals() {
    Map<String, Map<String, BigDecimal>> totals =
        latest.values().stream()
            .collect(
                Collectors.groupingBy(
                    Window::getGroupingSet,
                    TreeMap::new,
                    Collectors.collectingAndThen(Collectors.toList(), MeasureTotals::ofWindows)));
    if (!cells.isEmpty()) {
      totals.put("cell", MeasureTotals.ofCells(cells.values()));
    }
    return totals;
  }

  /** Totals of scores in the windows of a grouping set. */
  public Map<String, BigDecimal> scores(String groupingSet) {
    return MeasureTotals.ofWindowScores(
        latest.values().stream()
            .filter(window -> window.getGroupingSet().equals(groupingSet))
            .toList());
  }
}
