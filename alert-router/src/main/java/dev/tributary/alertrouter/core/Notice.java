package dev.tributary.alertrouter.core;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An alert as it was raised.
 *
 * @param tenant organisation
 * @param alertId idempotency key
 * @param team owning team
 * @param routes routes that the alert states itself; empty: none
 * @param severity how urgent
 * @param title one line
 * @param sentence the episode in one plain sentence; empty: none
 * @param episodeId the episode
 * @param groupId episode that leads its group; null: itself
 * @param state the episode's state
 * @param environment environment
 * @param series series
 * @param metric metric, unit last
 * @param dimensions dimension values, sorted by name
 * @param openedAt start of the opening window
 * @param windowStart start of the window of this state
 * @param createdAt event time of this state: its window's close
 * @param observed observed value; null: missing
 * @param baseline baseline; null: warm-up
 * @param factor observed over baseline; null: no baseline
 * @param moneySoFar money above the baseline, ledger currency; null: not money
 * @param moneyPerHour its rate; null: not money
 * @param causes causes, largest first
 * @param traceIds traces to open
 */
public record Notice(
    String tenant,
    String alertId,
    String team,
    List<String> routes,
    Severity severity,
    String title,
    String sentence,
    String episodeId,
    @Nullable String groupId,
    EpisodeState state,
    String environment,
    String series,
    String metric,
    SortedMap<String, String> dimensions,
    Instant openedAt,
    Instant windowStart,
    Instant createdAt,
    @Nullable Double observed,
    @Nullable Double baseline,
    @Nullable Double factor,
    @Nullable BigDecimal moneySoFar,
    @Nullable BigDecimal moneyPerHour,
    List<Reason> causes,
    List<String> traceIds) {

  /**
   * One cause of the episode.
   *
   * @param driver what moved
   * @param slice dimension values that carry it; empty: all
   * @param amount its share of the change, ledger currency; null: not money
   * @param share the same, 0 to 1; null: unknown
   * @param evidence in words
   */
  public record Reason(
      String driver,
      SortedMap<String, String> slice,
      @Nullable BigDecimal amount,
      @Nullable Double share,
      String evidence) {
    /** Copies the slice. */
    public Reason {
      slice = Collections.unmodifiableSortedMap(new TreeMap<>(slice));
    }
  }

  /** Copies what can change. */
  public Notice {
    routes = List.copyOf(routes);
    dimensions = Collections.unmodifiableSortedMap(new TreeMap<>(dimensions));
    causes = List.copyOf(causes);
    traceIds = List.copyOf(traceIds);
  }

  /**
   * What says that two alerts have one cause: their group, which its leader names by itself, and
   * where there is one the slice that carries the change. Alerts with a key in common have one.
   */
  public List<String> causeKeys() {
    String group = tenant + "|group|" + (groupId == null ? episodeId : groupId);
    if (causes.isEmpty() || causes.get(0).slice().isEmpty()) {
      return List.of(group);
    }
    Reason first = causes.get(0);
    return List.of(
        group, tenant + "|" + environment + "|cause|" + first.driver() + "|" + first.slice());
  }

  /** Every field that a pattern may name, by name; dimensions as they are called. */
  public Map<String, String> fields() {
    Map<String, String> fields = new TreeMap<>(dimensions);
    fields.put("tenant", tenant);
    fields.put("team", team);
    fields.put("environment", environment);
    fields.put("series", series);
    fields.put("metric", metric);
    fields.put("severity", severity.text());
    fields.put("episode", episodeId);
    return fields;
  }
}
