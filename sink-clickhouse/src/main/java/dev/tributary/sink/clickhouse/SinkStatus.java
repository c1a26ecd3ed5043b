package dev.tributary.sink.clickhouse;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a sink is doing.
 *
 * @param state where it is
 * @param lagByTopic committed records that are not in ClickHouse yet, by topic on the cluster; only
 *     of this member's partitions
 * @param rowsByTable rows acknowledged since the start, by table
 * @param trouble what it waits for; null: nothing
 */
public record SinkStatus(
    State state,
    Map<String, Long> lagByTopic,
    Map<String, Long> rowsByTable,
    @Nullable String trouble) {

  /** Where a sink is. */
  public enum State {
    /** Waiting for ClickHouse, migrating, or joining the group. */
    STARTING,
    RUNNING,
    /** Closed. */
    STOPPED,
    /** A fault that needs somebody: see the trouble. */
    FAILED
  }
}
