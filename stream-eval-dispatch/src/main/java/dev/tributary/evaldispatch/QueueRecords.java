package dev.tributary.evaldispatch;

import dev.tributary.evaldispatch.core.Backlog.Waiting;
import dev.tributary.evaldispatch.core.Queue;
import dev.tributary.schemas.EvalControl;
import dev.tributary.schemas.EvalJob;
import dev.tributary.schemas.ResolvedTag;
import dev.tributary.schemas.Signal;
import java.math.BigDecimal;
import java.util.Map;
import java.util.TreeMap;

/** Queues of jobs as records: from a task to the controller, and to everybody. */
final class QueueRecords {
  /** A task tells of a queue. */
  static final String QUEUE = "queue";

  /** A task began anew, and will tell of all its queues. */
  static final String QUEUES_ANEW = "queues_anew";

  /** Kind of the signals, and first part of their scope. */
  static final String SIGNAL = "eval_queue";

  private static final int SCALE = 18;

  private QueueRecords() {}

  static Queue queueOf(EvalJob job) {
    return new Queue(
        job.getTenant(),
        stated(job.getAttribution().getEnvironment()),
        stated(job.getAttribution().getTeam()),
        job.getEvaluator(),
        job.getRoute());
  }

  private static String stated(ResolvedTag tag) {
    return tag.getValue() == null ? Queue.UNATTRIBUTED : tag.getValue();
  }

  /** When the first attempt of a job went out. */
  static long firstDispatchedUs(EvalJob job) {
    Long first = job.getFirstDispatchedAtUs();
    return first == null ? job.getDispatchedAtUs() : first;
  }

  static EvalControl control(Waiting waiting, int partition) {
    Queue queue = waiting.queue();
    return EvalControl.newBuilder()
        .setTenant(queue.tenant())
        .setKind(QUEUE)
        .setTeam(queue.team())
        .setAtUs(waiting.oldestUs())
        .setTraces(waiting.jobs())
        .setSubject(Integer.toString(partition))
        .setDimensions(
            Map.of(
                "environment", queue.environment(),
                "evaluator", queue.evaluator(),
                "route", queue.route()))
        .build();
  }

  static EvalControl anew(int partition, long nowUs) {
    return EvalControl.newBuilder()
        .setTenant("")
        .setKind(QUEUES_ANEW)
        .setAtUs(nowUs)
        .setSubject(Integer.toString(partition))
        .build();
  }

  static Waiting waiting(EvalControl told) {
    Map<String, String> of = told.getDimensions();
    Queue queue =
        new Queue(
            told.getTenant(),
            of.getOrDefault("environment", Queue.UNATTRIBUTED),
            told.getTeam(),
            of.getOrDefault("evaluator", Queue.UNATTRIBUTED),
            of.getOrDefault("route", Queue.UNATTRIBUTED));
    return new Waiting(queue, told.getTraces(), told.getAtUs());
  }

  /** The state of a queue: how many jobs wait, and for how long the oldest does. */
  static Signal signal(Waiting waiting, long nowUs) {
    Queue queue = waiting.queue();
    boolean isWaiting = waiting.jobs() > 0;
    long sinceUs = isWaiting ? Math.min(waiting.oldestUs(), nowUs) : nowUs;
    Map<String, String> detail = new TreeMap<>();
    detail.put("environment", queue.environment());
    detail.put("team", queue.team());
    detail.put("evaluator", queue.evaluator());
    detail.put("route", queue.route());
    detail.put("queued_jobs", Long.toString(waiting.jobs()));
    detail.put("lag_s", Long.toString((nowUs - sinceUs) / 1_000_000));
    detail.put("as_of_us", Long.toString(nowUs));
    return Signal.newBuilder()
        .setTenant(queue.tenant())
        .setScope(queue.scope())
        .setKind(SIGNAL)
        .setActive(isWaiting)
        .setSeverity("info")
        .setValue(BigDecimal.valueOf(waiting.jobs()).setScale(SCALE))
        .setLimit(null)
        .setSinceUs(sinceUs)
        .setDetail(detail)
        .build();
  }
}
