package dev.tributary.evaldispatch;

import dev.tributary.evaldispatch.TraceProcessor.Output;
import dev.tributary.evaldispatch.core.Cell;
import dev.tributary.evaldispatch.core.EvalPolicy;
import dev.tributary.evaldispatch.core.Route;
import dev.tributary.evaldispatch.core.Sampling;
import dev.tributary.evaldispatch.core.Sampling.Drawn;
import dev.tributary.evaldispatch.core.TraceFacts;
import dev.tributary.runtime.metrics.InputMetrics;
import dev.tributary.schemas.EvalControl;
import dev.tributary.schemas.EvalJob;
import dev.tributary.schemas.EvalSubject;
import dev.tributary.schemas.Keys;
import dev.tributary.schemas.Purpose;
import dev.tributary.schemas.TraceSummary;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Decides closed traces: deterministic evaluators at once, judges and people as candidates for the
 * controller, which knows the rates and the money.
 */
final class TraceDecisions {
  /** Version of an evaluator that looks at a later revision of a trace. */
  private static final String REVISED = "+revised";

  private record Demand(Cell cell, String stratum) {}

  private final DispatchConfig config;
  private final DispatchMetrics metrics;
  private final LoadedPolicies policies;
  private final TaskStores stores;
  private final Output output;
  private final Map<Demand, Long> demand = new LinkedHashMap<>();

  TraceDecisions(
      DispatchConfig config,
      DispatchMetrics metrics,
      LoadedPolicies policies,
      TaskStores stores,
      Output output) {
    this.config = config;
    this.metrics = metrics;
    this.policies = policies;
    this.stores = stores;
    this.output = output;
  }

  static String jobKey(String tenant, String jobId) {
    return tenant + Keys.SEPARATOR + jobId;
  }

  /**
   * Decides a trace.
   *
   * @return whether scores can be written for it: it is no judge's own
   */
  boolean decide(String key, TraceSummary trace, InputMetrics input, long nowUs) {
    if (trace.getPurpose() == Purpose.EVAL) {
      input.dropped(DropReason.PURPOSE_EVAL);
      return false;
    }
    EvalSubject before = stores.subject(key);
    EvalSubject subject = TraceFactsReader.subject(trace);
    stores.putSubject(key, subject, nowUs + DispatchConfig.micros(config.subjectRetention()));
    tellSession(subject);
    if (trace.getPurpose() == Purpose.UNKNOWN) {
      input.dropped(DropReason.PURPOSE_UNKNOWN);
      return true;
    }
    boolean isFirst = before == null && trace.getRevision() <= 1;
    Collection<EvalPolicy> wanting = policies.of(trace.getTenant());
    if (!isFirst) {
      wanting = before == null ? List.of() : secondLooks(trace, wanting, nowUs);
      if (wanting.isEmpty()) {
        input.dropped(trace.getRevision() <= 1 ? DropReason.DUPLICATE : DropReason.REVISION);
        return true;
      }
    }
    List<TraceFacts.PriorScore> scores = new ArrayList<>();
    stores.waitingFor(key).forEach(result -> scores.add(TraceFactsReader.prior(result.getScore())));
    TraceFacts facts = TraceFactsReader.facts(trace, newForUs(trace), scores);
    draw(key, trace, facts, wanting, isFirst ? "" : REVISED, nowUs);
    input.sentPrimary();
    return true;
  }

  /** Policies that want to see the trace once more and have not yet. */
  private List<EvalPolicy> secondLooks(
      TraceSummary trace, Collection<EvalPolicy> wanting, long nowUs) {
    String mark = jobKey(trace.getTenant(), trace.getTraceId() + REVISED);
    List<EvalPolicy> again = wanting.stream().filter(EvalPolicy::hasSecondLook).toList();
    if (again.isEmpty() || stores.isWritten(mark)) {
      return List.of();
    }
    stores.markWritten(mark, nowUs + DispatchConfig.micros(config.subjectRetention()));
    return again;
  }

  private void tellSession(EvalSubject subject) {
    if (subject.getSessionId() != null) {
      output.send(
          Keys.session(subject.getTenant(), subject.getSessionId()),
          subject,
          subject.getClosedAtUs());
    }
  }

  /** Since when the younger of prompt version and model is known here. */
  private @Nullable Long newForUs(TraceSummary trace) {
    Long newest = null;
    String version = trace.getAttribution().getPromptVersion().getValue();
    List<String> seen = new ArrayList<>();
    if (version != null) {
      seen.add("prompt|" + trace.getAttribution().getPromptName().getValue() + "|" + version);
    }
    trace
        .getModels()
        .forEach(
            model ->
                seen.add("model|" + trace.getAttribution().getFeature().getValue() + "|" + model));
    for (String what : seen) {
      long first =
          stores.firstSeenUs(trace.getTenant() + Keys.SEPARATOR + what, trace.getClosedAtUs());
      long age = trace.getClosedAtUs() - first;
      newest = newest == null ? age : Math.min(newest, age);
    }
    return newest;
  }

  private void draw(
      String key,
      TraceSummary trace,
      TraceFacts facts,
      Collection<EvalPolicy> wanting,
      String versionSuffix,
      long nowUs) {
    Set<Demand> told = new HashSet<>();
    for (Drawn drawn : Sampling.drawn(wanting, facts)) {
      if (drawn.evaluator().route() == Route.FAST) {
        metrics.decision(drawn.isChosen() ? "fast" : "fast_not_drawn");
        if (drawn.isChosen()) {
          EvalJob job = job(key, trace, drawn, versionSuffix, nowUs);
          job.setInclusionProbability(drawn.policy().fastRate());
          output.send(key, job, trace.getClosedAtUs());
          metrics.job(job.getRoute(), (nowUs - trace.getClosedAtUs()) / 1_000);
        }
        continue;
      }
      Demand where =
          new Demand(
              new Cell(trace.getTenant(), drawn.policy().id(), facts.team()),
              drawn.stratum().name());
      if (told.add(where)) {
        metrics.eligible(drawn.policy().id(), drawn.stratum().name());
        demand.merge(where, 1L, Long::sum);
      }
      if (drawn.isCandidate()) {
        output.send(
            key,
            control("candidate", where, trace.getClosedAtUs())
                .setDraw(drawn.draw())
                .setMostRate(drawn.policy().mostRate(drawn.stratum()))
                .setCandidate(job(key, trace, drawn, versionSuffix, nowUs))
                .build(),
            trace.getClosedAtUs());
      }
    }
  }

  private EvalJob job(
      String key, TraceSummary trace, Drawn drawn, String versionSuffix, long nowUs) {
    String route = drawn.evaluator().route().label();
    long deadlineUs = nowUs + config.timeoutUs(route);
    return EvalJob.newBuilder()
        .setTenant(trace.getTenant())
        .setJobId(Sampling.jobId(trace.getTraceId(), drawn.evaluator()) + versionSuffix)
        .setRoute(route)
        .setPolicy(drawn.policy().id())
        .setStratum(drawn.stratum().name())
        .setTraceId(trace.getTraceId())
        .setEvaluator(drawn.evaluator().name())
        .setEvaluatorVersion(drawn.evaluator().version() + versionSuffix)
        .setInclusionProbability(0)
        .setContentRefs(List.of(key))
        .setContentLeaseUntilUs(deadlineUs)
        .setPriority(drawn.policy().priority())
        .setDispatchedAtUs(nowUs)
        .setDeadlineUs(deadlineUs)
        .setSubjectEndUs(trace.getEndTimeUs())
        .setModel(trace.getModels().isEmpty() ? null : trace.getModels().get(0))
        .setAttribution(trace.getAttribution())
        .setSessionId(trace.getSessionId())
        .setParameters(parameters(trace, drawn))
        .build();
  }

  /** The policy's parameters, and the facts of the trace that deterministic evaluators measure. */
  private static Map<String, String> parameters(TraceSummary trace, Drawn drawn) {
    Map<String, String> parameters = new TreeMap<>(drawn.evaluator().parameters());
    parameters.put("trace.wall_time_us", Long.toString(trace.getWallTimeUs()));
    return parameters;
  }

  private static EvalControl.Builder control(String kind, Demand where, long atUs) {
    return EvalControl.newBuilder()
        .setTenant(where.cell().tenant())
        .setKind(kind)
        .setPolicy(where.cell().policy())
        .setTeam(where.cell().team())
        .setStratum(where.stratum())
        .setAtUs(atUs);
  }

  /** Tells the controller what has closed since the last time. An estimate: a crash loses it. */
  void tellDemand(long nowUs) {
    demand.forEach(
        (where, traces) ->
            output.send(
                where.cell().tenant() + Keys.SEPARATOR + where.cell().policy(),
                control("demand", where, nowUs).setTraces(traces).build(),
                nowUs));
    demand.clear();
  }
}
