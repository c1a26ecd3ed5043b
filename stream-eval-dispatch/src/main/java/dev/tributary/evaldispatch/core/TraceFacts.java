package dev.tributary.evaldispatch.core;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What policies read of a closed trace.
 *
 * @param tenant organisation
 * @param traceId lower-case hex
 * @param closedAtUs partition clock at its close, microseconds since the epoch
 * @param dimensions tag values by name, absent where unattributed; {@code team} among them
 * @param models models called
 * @param errors failed spans
 * @param finishReasons normalised, lower case
 * @param cost null: unknown
 * @param wallTimeUs from the first start to the last end
 * @param toolLoops loops of tools
 * @param newForUs how long ago its prompt version or model was first seen, the younger of the two;
 *     null: no prompt version and no model
 * @param scores scores that were there before the close
 */
public record TraceFacts(
    String tenant,
    String traceId,
    long closedAtUs,
    Map<String, String> dimensions,
    List<String> models,
    long errors,
    Set<String> finishReasons,
    @Nullable BigDecimal cost,
    long wallTimeUs,
    long toolLoops,
    @Nullable Long newForUs,
    List<PriorScore> scores) {

  /** Team of traces whose team nobody knows. */
  public static final String NO_TEAM = "unattributed";

  /** Copies the collections. */
  public TraceFacts {
    dimensions = Map.copyOf(dimensions);
    models = List.copyOf(models);
    finishReasons = Set.copyOf(finishReasons);
    scores = List.copyOf(scores);
  }

  /**
   * A score that came before the trace closed.
   *
   * @param value 0 to 1, turned so that 1 is good; null: a label only, or which end is good is not
   *     known
   * @param isUsers whether a user gave it
   */
  public record PriorScore(String name, @Nullable Double value, boolean isUsers) {}

  /** Whose ceiling its judges count against. */
  public String team() {
    return dimensions.getOrDefault("team", NO_TEAM);
  }
}
