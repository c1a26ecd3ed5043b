package dev.tributary.evaldispatch;

import dev.tributary.evaldispatch.core.TraceFacts;
import dev.tributary.evaldispatch.core.TraceFacts.PriorScore;
import dev.tributary.schemas.Attribution;
import dev.tributary.schemas.EvalSubject;
import dev.tributary.schemas.ResolvedTag;
import dev.tributary.schemas.Score;
import dev.tributary.schemas.ScoreSource;
import dev.tributary.schemas.TraceSummary;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads closed traces for the core, and what of them is kept for scores. */
final class TraceFactsReader {
  private TraceFactsReader() {}

  static TraceFacts facts(TraceSummary trace, @Nullable Long newForUs, List<PriorScore> scores) {
    Set<String> finish = new HashSet<>();
    trace
        .getFinishReasons()
        .forEach(
            (reason, count) -> {
              if (count > 0) {
                finish.add(reason.toLowerCase(Locale.ROOT));
              }
            });
    return new TraceFacts(
        trace.getTenant(),
        trace.getTraceId(),
        trace.getClosedAtUs(),
        dimensions(trace.getAttribution()),
        trace.getModels(),
        trace.getErrors(),
        finish,
        trace.getCost(),
        trace.getWallTimeUs(),
        trace.getToolLoops(),
        newForUs,
        scores);
  }

  static Map<String, String> dimensions(Attribution attribution) {
    Map<String, String> dimensions = new HashMap<>();
    put(dimensions, "feature", attribution.getFeature());
    put(dimensions, "team", attribution.getTeam());
    put(dimensions, "workspace", attribution.getWorkspace());
    put(dimensions, "environment", attribution.getEnvironment());
    put(dimensions, "project", attribution.getProject());
    put(dimensions, "cost_center", attribution.getCostCenter());
    put(dimensions, "user_tier", attribution.getUserTier());
    put(dimensions, "experiment", attribution.getExperiment());
    put(dimensions, "retrieval_version", attribution.getRetrievalVersion());
    put(dimensions, "prompt_name", attribution.getPromptName());
    put(dimensions, "prompt_version", attribution.getPromptVersion());
    put(dimensions, "agent", attribution.getAgent());
    return dimensions;
  }

  private static void put(Map<String, String> dimensions, String name, ResolvedTag tag) {
    if (tag.getValue() != null) {
      dimensions.put(name, tag.getValue());
    }
  }

  static EvalSubject subject(TraceSummary trace) {
    return EvalSubject.newBuilder()
        .setTenant(trace.getTenant())
        .setTraceId(trace.getTraceId())
        .setSessionId(trace.getSessionId())
        .setEndUs(trace.getEndTimeUs())
        .setClosedAtUs(trace.getClosedAtUs())
        .setModel(trace.getModels().isEmpty() ? null : trace.getModels().get(0))
        .setAttribution(trace.getAttribution())
        .build();
  }

  /** A score that was there before the close, turned so that 1 is good. */
  static PriorScore prior(Score score) {
    Double stated = score.getValue();
    Double value =
        stated == null
            ? null
            : switch (score.getDirection()) {
              case HIGHER_IS_BETTER -> stated;
              case LOWER_IS_BETTER -> 1 - stated;
              case UNKNOWN -> null;
            };
    return new PriorScore(score.getName(), value, score.getSource() == ScoreSource.USER);
  }
}
