package dev.tributary.evaldispatch;

import dev.tributary.schemas.Attribution;
import dev.tributary.schemas.EvalResult;
import dev.tributary.schemas.Provenance;
import dev.tributary.schemas.Purpose;
import dev.tributary.schemas.ResolvedTag;
import dev.tributary.schemas.Score;
import dev.tributary.schemas.ScoreSource;
import dev.tributary.schemas.SubjectKind;
import dev.tributary.schemas.TraceSummary;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Closed traces and results for tests. */
final class Traces {
  static final String TENANT = "default";

  private Traces() {}

  static String id(long number) {
    return "%032x".formatted(number);
  }

  static TraceSummary closed(String traceId, long closedAtUs) {
    return TraceSummary.newBuilder()
        .setTenant(TENANT)
        .setTraceId(traceId)
        .setRevision(1)
        .setCloseReason("settled")
        .setStartTimeUs(closedAtUs - 7_000_000)
        .setEndTimeUs(closedAtUs - 5_000_000)
        .setClosedAtUs(closedAtUs)
        .setAttribution(attribution())
        .setModels(List.of("model-a"))
        .setSpans(3)
        .setCalls(1)
        .setTools(0)
        .setRetrievals(1)
        .setErrors(0)
        .setRetries(0)
        .setFallbacks(0)
        .setOrphans(0)
        .setUnpricedCalls(0)
        .setUnpricedTokens(0)
        .setWallTimeUs(2_000_000)
        .setHandoffs(0)
        .setHandoffGapUs(0)
        .setToolLoops(0)
        .setToolLoopCalls(0)
        .setReferenceVersion(1)
        .build();
  }

  static TraceSummary ofJudge(String traceId, long closedAtUs) {
    TraceSummary trace = closed(traceId, closedAtUs);
    trace.setPurpose(Purpose.EVAL);
    return trace;
  }

  static Attribution attribution() {
    return Attribution.newBuilder()
        .setFeature(tag("checkout"))
        .setTeam(tag("blue"))
        .setWorkspace(tag("acme"))
        .setEnvironment(tag("production"))
        .setProject(tag(null))
        .setCostCenter(tag(null))
        .setUserTier(tag(null))
        .setExperiment(tag(null))
        .setRetrievalVersion(tag(null))
        .setPromptName(tag("answer"))
        .setPromptVersion(tag("v12"))
        .setAgent(tag(null))
        .setCustom(Map.of())
        .build();
  }

  private static ResolvedTag tag(@Nullable String value) {
    return ResolvedTag.newBuilder()
        .setValue(value)
        .setProvenance(value == null ? Provenance.UNATTRIBUTED : Provenance.OWN)
        .build();
  }

  /** A user's thumb on a trace, as normalisation writes it. */
  static EvalResult thumb(String traceId, double value, long atUs) {
    return EvalResult.newBuilder()
        .setTenant(TENANT)
        .setJobId("thumb-" + traceId)
        .setScore(
            score("thumb-" + traceId, "thumbs", value, atUs)
                .setSubjectId(traceId)
                .setTraceId(traceId)
                .build())
        .build();
  }

  /** A business outcome of a session. */
  static EvalResult ofSession(String session, double value, long atUs) {
    return EvalResult.newBuilder()
        .setTenant(TENANT)
        .setJobId("outcome-" + session)
        .setScore(
            score("outcome-" + session, "resolved", value, atUs)
                .setSource(ScoreSource.BUSINESS)
                .setSubjectKind(SubjectKind.SESSION)
                .setSubjectId(session)
                .setSessionId(session)
                .build())
        .build();
  }

  static Score.Builder score(String id, String name, double value, long atUs) {
    return Score.newBuilder()
        .setTenant(TENANT)
        .setScoreId(id)
        .setSubjectKind(SubjectKind.TRACE)
        .setSubjectId("")
        .setName(name)
        .setValue(value)
        .setSource(ScoreSource.USER)
        .setScoredAtUs(atUs);
  }
}
