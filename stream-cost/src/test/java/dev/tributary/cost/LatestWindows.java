package dev.tributary.cost;

import dev.tributary.schemas.MinuteClosed;
import dev.tributary.schemas.Window;
import dev.tributary.schemas.WindowRecord;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What a reader of llm.windows knows: of each window the highest revision. */
public final class LatestWindows {
  private final Map<String, Window> latest = new HashMap<>();
  private final List<MinuteClosed> minutes = new ArrayList<>();

  /** Takes a record in. */
  public void read(WindowRecord record) {
    if (record.getBody() instanceof Window window) {
      String id = window.getTenant() + '|' + window.getSeries() + '@' + window.getStartTimeUs();
      latest.merge(id, window, (a, b) -> a.getRevision() >= b.getRevision() ? a : b);
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

  /** Totals by grouping set and measure. */
  public Map<String, Map<String, BigDecimal>> totals() {
    return latest.values().stream()
        .collect(
            Collectors.groupingBy(
                Window::getGroupingSet,
                Collectors.collectingAndThen(Collectors.toList(), MeasureTotals::ofWindows)));
  }
}
