package dev.tributary.sink.clickhouse.core;

import dev.tributary.sink.clickhouse.core.ContentPolicies.Workspace;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Text that must be gone: of spans of these workspaces that ended before an instant.
 *
 * @param before spans that ended at it keep their text
 * @param workspaces of any tenants; not empty
 */
public record ExpiredText(Instant before, List<Workspace> workspaces) {
  /** Copies the list. */
  public ExpiredText {
    workspaces = List.copyOf(workspaces);
  }

  /** Parameters of a question for all days: {@code before}, {@code tenants}. */
  public Map<String, Object> parameters() {
    Map<String, Object> parameters = new TreeMap<>();
    parameters.put("before", micros(before));
    parameters.put("tenants", array(Workspace::tenant));
    return parameters;
  }

  /**
   * Parameters of a statement on a {@code day}: {@code from} and {@code before}, in microseconds
   * since the epoch, are where the spans end, the second not included; {@code tenants} and {@code
   * workspaces} are arrays, of which the same places belong together.
   */
  public Map<String, Object> parameters(LocalDate day) {
    Instant end = day.plusDays(1).atStartOfDay().toInstant(ZoneOffset.UTC);
    Map<String, Object> parameters = new TreeMap<>(parameters());
    parameters.put("day", day.toString());
    parameters.put("from", micros(day.atStartOfDay().toInstant(ZoneOffset.UTC)));
    parameters.put("before", micros(end.isBefore(before) ? end : before));
    parameters.put("workspaces", array(Workspace::name));
    return parameters;
  }

  private static long micros(Instant time) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, time);
  }

  /** One of each workspace, in their order. */
  private List<String> array(Function<Workspace, String> part) {
    return workspaces.stream().map(part).toList();
  }
}
