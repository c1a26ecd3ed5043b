package dev.tributary.anomaly.core.group;

import dev.tributary.anomaly.core.series.SeriesMetric;
import dev.tributary.schemas.Cell;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Cells of a test as the explanation knows them. */
public final class CellFacts {
  private CellFacts() {}

  /** The cell; of its tokens the three buckets that the kit fills. */
  public static CellFact of(Cell cell) {
    Map<String, Long> tokens = new TreeMap<>();
    tokens.put("in.text.uncached", cell.getTokens().getInputUncached());
    tokens.put("in.cache_read", cell.getTokens().getCacheRead());
    tokens.put("out.text", cell.getTokens().getOutputText());
    return new CellFact(
        cell.getDimensions(),
        cell.getStartTimeUs(),
        cell.getCalls(),
        cell.getErrors(),
        cell.getPricedCalls(),
        tokens,
        cell.getCostByBucket(),
        cell.getRateCards());
  }

  /** Whether the cost of the cells is said to have moved in a slice. */
  public static boolean namesASlice(List<CellFact> before, List<CellFact> after) {
    return !slices(before, after).isEmpty();
  }

  /** The slices in which the cost of the cells is said to have moved. */
  public static List<Map<String, String>> slices(List<CellFact> before, List<CellFact> after) {
    return new Explainer(before, after)
        .slices(SeriesMetric.SPEND_PER_HOUR).stream().map(NamedCause::slice).toList();
  }
}
