package dev.tributary.evaldispatch;

import dev.tributary.evaldispatch.core.Admission;
import dev.tributary.evaldispatch.core.Candidate;
import dev.tributary.evaldispatch.core.Cell;
import dev.tributary.evaldispatch.core.Coverage;
import dev.tributary.evaldispatch.core.EvalPolicy;
import dev.tributary.evaldispatch.core.EvaluatorChoice;
import dev.tributary.evaldispatch.core.QueueBook;
import dev.tributary.evaldispatch.core.RateChange;
import dev.tributary.evaldispatch.core.RateController;
import dev.tributary.evaldispatch.core.StateLog;
import dev.tributary.schemas.EvalControl;
import dev.tributary.schemas.EvalJob;
import dev.tributary.schemas.EvalRate;
import dev.tributary.schemas.Event;
import dev.tributary.schemas.Keys;
import dev.tributary.schemas.ScoreStatus;
import dev.tributary.schemas.Signal;
import java.math.BigDecimal;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * The one task that knows money and wall clock: lets candidates through, writes rates, and says
 * what was not sampled.
 */
final class ControllerProcessor
    extends ContextualProcessor<String, EvalControl, String, SpecificRecord> {

  private final DispatchConfig config;
  private final DispatchMetrics metrics;
  private final LoadedPolicies policies;
  private final Clock clock;
  private RateController controller;
  private QueueBook queues;

  @SuppressWarnings("NullAway.Init") // init() comes before everything else
  ControllerProcessor(
      DispatchConfig config, DispatchMetrics metrics, LoadedPolicies policies, Clock clock) {
    this.config = config;
    this.metrics = metrics;
    this.policies = policies;
    this.clock = clock;
  }

  @Override
  public void init(ProcessorContext<String, SpecificRecord> context) {
    super.init(context);
    KeyValueStore<String, String> store = context.getStateStore(DispatchTopologyNames.CONTROLLER);
    StateLog log =
        (key, value) -> {
          if (value == null) {
            store.delete(key);
          } else {
            store.put(key, value);
          }
        };
    controller = new RateController(config.controller(), log);
    queues = new QueueBook(log);
    try (KeyValueIterator<String, String> all = store.all()) {
      all.forEachRemaining(
          entry -> {
            if (entry.key.charAt(0) == QueueBook.KIND) {
              queues.restore(entry.key, entry.value);
            } else {
              controller.restore(entry.key, entry.value);
            }
          });
    }
    context.schedule(config.rateInterval(), PunctuationType.WALL_CLOCK_TIME, now -> plan(nowUs()));
  }

  private long nowUs() {
    return TraceProcessor.micros(clock.instant());
  }

  @Override
  public void process(Record<String, EvalControl> record) {
    EvalControl told = record.value();
    switch (told.getKind()) {
      case "demand" -> controller.demand(cell(told), told.getStratum(), told.getTraces());
      case "settled" -> controller.settle(jobKey(told, told.getSubject()), told.getCost());
      case "episode" ->
          controller.episode(
              jobKey(told, told.getSubject()), told.getDimensions(), told.getActive());
      case QueueRecords.QUEUE ->
          queues.tell(String.valueOf(told.getSubject()), QueueRecords.waiting(told));
      case QueueRecords.QUEUES_ANEW -> queues.forget(String.valueOf(told.getSubject()));
      case "candidate" -> {
        EvalJob job = told.getCandidate();
        if (job != null) {
          decide(told, job);
        }
      }
      default -> throw new IllegalStateException("no message of dispatch: " + told.getKind());
    }
    metrics.queued(controller.queued());
  }

  private static Cell cell(EvalControl told) {
    return new Cell(told.getTenant(), told.getPolicy(), told.getTeam());
  }

  private static String jobKey(EvalControl told, @Nullable String id) {
    return TraceDecisions.jobKey(told.getTenant(), String.valueOf(id));
  }

  private void decide(EvalControl told, EvalJob job) {
    long nowUs = nowUs();
    EvalPolicy policy = policies.find(told.getTenant(), told.getPolicy());
    EvaluatorChoice evaluator =
        policy == null ? null : policy.evaluator(job.getEvaluator(), job.getRoute());
    Candidate candidate =
        new Candidate(
            jobKey(told, job.getJobId()),
            cell(told),
            told.getStratum(),
            told.getDraw(),
            told.getMostRate(),
            told.getAtUs(),
            evaluator == null ? BigDecimal.ZERO : evaluator.mostCost());
    // What the policy does not ask for any more has no cost to reserve: it would not be held back.
    Admission admission = controller.admit(candidate, evaluator == null ? null : policy, nowUs);
    String key = Keys.trace(job.getTenant(), job.getTraceId());
    if (admission instanceof Admission.Admitted admitted) {
      metrics.decision("admitted");
      dispatch(key, job, admitted.inclusionProbability(), told.getAtUs(), nowUs);
    } else if (admission instanceof Admission.Gap gap) {
      metrics.decision("gap_" + gap.reason().name());
      gap.changes().forEach(change -> send(change, nowUs));
      metrics.score();
      context()
          .forward(
              new Record<>(
                  key,
                  Scores.without(job, ScoreStatus.NOT_SAMPLED, gap.reason().name(), nowUs),
                  nowUs / 1_000));
    } else {
      metrics.decision(admission instanceof Admission.NotDrawn ? "not_drawn" : "repeated");
    }
  }

  private void dispatch(
      String key, EvalJob job, double inclusionProbability, long closedAtUs, long nowUs) {
    long deadlineUs = nowUs + config.timeoutUs(job.getRoute());
    job.setInclusionProbability(inclusionProbability);
    job.setDispatchedAtUs(nowUs);
    job.setDeadlineUs(deadlineUs);
    job.setContentLeaseUntilUs(deadlineUs);
    context().forward(new Record<>(key, job, nowUs / 1_000));
    metrics.job(job.getRoute(), (nowUs - closedAtUs) / 1_000);
  }

  private void plan(long nowUs) {
    controller.plan(nowUs, policies.all()).forEach(change -> send(change, nowUs));
    controller
        .forget(nowUs)
        .forEach(gone -> context().forward(new Record<>(key(gone), null, nowUs / 1_000)));
    controller.takeCoverage().forEach(coverage -> send(coverage, nowUs));
    queues.take().forEach(waiting -> send(QueueRecords.signal(waiting, nowUs), nowUs));
    metrics.queuesRefused(queues.takeRefused());
    metrics.queued(controller.queued());
  }

  private void send(Signal signal, long nowUs) {
    String key = signal.getTenant() + Keys.SEPARATOR + signal.getScope();
    metrics.signal();
    context().forward(new Record<>(key, signal, nowUs / 1_000));
  }

  private void send(RateChange change, long nowUs) {
    metrics.rate();
    context()
        .forward(
            new Record<>(
                key(change),
                EvalRate.newBuilder()
                    .setTenant(change.cell().tenant())
                    .setPolicy(change.cell().policy())
                    .setStratum(change.stratumAtTeam())
                    .setRate(change.rate())
                    .setFromUs(change.fromUs())
                    .setReason(change.reason())
                    .setNotSampled(change.isGap())
                    .setJobId(jobId(change))
                    .build(),
                nowUs / 1_000));
  }

  /** Each change has a key of its own: compaction must keep the timeline. */
  private static String key(RateChange change) {
    String start =
        String.join(
            String.valueOf(Keys.SEPARATOR),
            List.of(
                change.cell().tenant(),
                change.cell().policy(),
                change.stratumAtTeam(),
                Long.toString(change.fromUs())));
    String jobId = jobId(change);
    return jobId == null ? start : start + Keys.SEPARATOR + jobId;
  }

  /** The controller knows jobs by tenant and id, {@link TraceDecisions#jobKey}. */
  private static @Nullable String jobId(RateChange change) {
    String key = change.jobId();
    return key == null ? null : key.substring(change.cell().tenant().length() + 1);
  }

  private void send(Coverage coverage, long nowUs) {
    Cell cell = coverage.cell();
    String subject = "eval:" + cell.policy() + ":" + coverage.stratum() + "@" + cell.team();
    context()
        .forward(
            new Record<>(
                Keys.event(cell.tenant(), subject),
                Event.newBuilder()
                    .setTenant(cell.tenant())
                    .setEventId("eval_sampling|" + subject + "|" + nowUs)
                    .setKind("eval_sampling")
                    .setSubject(subject)
                    .setDimensions(
                        Map.of(
                            "policy", cell.policy(),
                            "team", cell.team(),
                            "stratum", coverage.stratum()))
                    .setEventTimeUs(nowUs)
                    .setAmount(controller.spentInHour(cell, nowUs).setScale(18))
                    .setDetail(
                        Map.of(
                            "eligible", Long.toString(coverage.eligible()),
                            "admitted", Long.toString(coverage.admitted()),
                            "in_gaps", Long.toString(coverage.inGaps())))
                    .build(),
                nowUs / 1_000));
  }
}
