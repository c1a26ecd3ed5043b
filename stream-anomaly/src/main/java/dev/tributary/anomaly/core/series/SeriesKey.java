package dev.tributary.anomaly.core.series;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A series of windows.
 *
 * @param tenant organisation
 * @param environment so that production and staging never share a baseline
 * @param groupingSet name of the grouping set
 * @param dimensions values by label, in the order of the set
 * @param text the series' canonical text, environment included
 */
public record SeriesKey(
    String tenant,
    String environment,
    String groupingSet,
    Map<String, String> dimensions,
    String text) {

  public SeriesKey {
    dimensions = Collections.unmodifiableMap(new LinkedHashMap<>(dimensions));
  }
}
