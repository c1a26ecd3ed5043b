package dev.tributary.evalworker;

import dev.tributary.evalworker.core.SpanText;
import dev.tributary.schemas.Attribution;
import dev.tributary.schemas.EvalJob;
import dev.tributary.schemas.Provenance;
import dev.tributary.schemas.ResolvedTag;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Jobs and content for tests. */
final class Jobs {
  private Jobs() {}

  static String traceId(int number) {
    return "%032x".formatted(number);
  }

  static EvalJob job(int number, String route, String evaluator, long nowUs) {
    return EvalJob.newBuilder()
        .setTenant("default")
        .setJobId(traceId(number) + "|" + evaluator + "|1")
        .setRoute(route)
        .setPolicy("answers")
        .setStratum("rest")
        .setTraceId(traceId(number))
        .setEvaluator(evaluator)
        .setEvaluatorVersion("1")
        .setInclusionProbability(0.25)
        .setContentLeaseUntilUs(nowUs + 600_000_000L)
        .setDispatchedAtUs(nowUs)
        .setDeadlineUs(nowUs + 600_000_000L)
        .setSubjectEndUs(nowUs - 9_000_000L)
        .setAttribution(attribution())
        .build();
  }

  private static Attribution attribution() {
    ResolvedTag blue =
        ResolvedTag.newBuilder().setValue("blue").setProvenance(Provenance.OWN).build();
    ResolvedTag none = ResolvedTag.newBuilder().build();
    return Attribution.newBuilder()
        .setFeature(blue)
        .setTeam(blue)
        .setWorkspace(none)
        .setEnvironment(blue)
        .setProject(none)
        .setCostCenter(none)
        .setUserTier(none)
        .setExperiment(none)
        .setRetrievalVersion(none)
        .setPromptName(none)
        .setPromptVersion(none)
        .setAgent(none)
        .build();
  }

  /** Content whose answer says how the judge shall behave. */
  static ContentSource content(Map<String, String> behaviours) {
    return (String tenant, Collection<String> traceIds) -> {
      Map<String, List<SpanText>> found = new HashMap<>();
      for (String id : traceIds) {
        String behaviour = behaviours.getOrDefault(id, "ok");
        if (!behaviour.equals("missing")) {
          found.put(id, List.of(span("case " + id + " " + behaviour)));
        }
      }
      return found;
    };
  }

  private static SpanText span(String answer) {
    return new SpanText(
        "00000000000000aa",
        1,
        "FULL",
        "chat",
        "What?",
        answer,
        null,
        null,
        null,
        "[\"a document\"]",
        Map.of(),
        false);
  }
}
