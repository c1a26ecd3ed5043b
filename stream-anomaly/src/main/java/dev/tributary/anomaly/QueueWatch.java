package dev.tributary.anomaly;

import dev.tributary.anomaly.core.EpisodeId;
import dev.tributary.anomaly.core.group.Owners;
import dev.tributary.anomaly.core.watch.QueueLatch;
import dev.tributary.anomaly.core.watch.QueueMetric;
import dev.tributary.anomaly.core.watch.QueueRules;
import dev.tributary.anomaly.core.watch.QueueSentence;
import dev.tributary.schemas.Anomaly;
import dev.tributary.schemas.Keys;
import dev.tributary.schemas.Signal;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Queues of evaluations, as dispatch tells of them once a minute: an alarm where answers are waited
 * for too long or too many jobs wait, for as long as the rule says, and its end.
 */
final class QueueWatch {
  /** Kind of the signals. */
  static final String KIND = "eval_queue";

  private static final int SCALE = 18;

  /** After the name of a queue and metric: who was told of it. */
  private static final String TOLD = ">told";

  /** Where alarms go. */
  interface Output {
    void send(Anomaly raised, String team, List<String> routes, String severity);
  }

  private final KeyValueStore<Bytes, byte[]> told;
  private final LoadedReferences references;
  private final Output output;

  QueueWatch(KeyValueStore<Bytes, byte[]> told, LoadedReferences references, Output output) {
    this.told = told;
    this.references = references;
    this.output = output;
  }

  /**
   * Takes the state of a queue.
   *
   * @return whether anybody was told; false too where the signal does not say what a queue's does
   */
  boolean take(Signal signal) {
    Map<String, String> detail = signal.getDetail();
    Long jobs = whole(detail.get("queued_jobs"));
    Long lagS = whole(detail.get("lag_s"));
    Long atUs = whole(detail.get("as_of_us"));
    if (jobs == null || lagS == null || atUs == null) {
      return false;
    }
    boolean isTold = false;
    for (QueueMetric metric : QueueMetric.values()) {
      isTold |= look(signal, metric, jobs, lagS, atUs);
    }
    return isTold;
  }

  private boolean look(Signal signal, QueueMetric metric, long jobs, long lagS, long atUs) {
    Map<String, String> queue = queue(signal.getDetail());
    QueueRules.Limit limit = references.of(signal.getTenant()).queues().limit(metric, queue);
    String name = signal.getTenant() + Keys.SEPARATOR + signal.getScope() + '>' + metric.label();
    Bytes key = StoreKeys.of(name);
    QueueLatch before = QueueLatch.of(told.get(key));
    long value = metric == QueueMetric.LAG ? lagS : jobs;
    QueueLatch after = before.next(jobs == 0, (double) value, limit, atUs);
    if (!after.equals(before)) {
      if (after.isCalm()) {
        told.delete(key);
      } else {
        told.put(key, after.toBytes());
      }
    }
    if (after.isOpen() == before.isOpen()) {
      return false;
    }
    boolean isOver = before.isOpen();
    long sinceUs = isOver ? before.openUs() : after.openUs();
    String environment = queue.getOrDefault("environment", Owners.UNATTRIBUTED);
    Map<String, String> dimensions = new TreeMap<>(queue);
    dimensions.remove("environment");
    Anomaly raised =
        AnomalyRecords.raised(
            signal.getTenant(),
            EpisodeId.of(
                signal.getTenant(), environment, signal.getScope() + '>' + metric.label(), sinceUs),
            isOver ? AnomalyRecords.Course.OVER : AnomalyRecords.Course.OPENED,
            environment,
            signal.getScope(),
            metric.label(),
            dimensions,
            sinceUs,
            atUs,
            BigDecimal.valueOf(value).setScale(SCALE),
            limit == null ? null : BigDecimal.valueOf(limit.most()),
            sentence(metric, queue, jobs, lagS, limit, after));
    String team = queue.getOrDefault("team", Owners.UNATTRIBUTED);
    List<String> routes = references.owners(signal.getTenant(), atUs).routesOf(team);
    List<String> toldRoutes =
        toldRoutes(name, isOver, ToldSignal.of(sinceUs, environment, team, routes));
    output.send(raised, team, toldRoutes, isOver ? "info" : "warning");
    return true;
  }

  private static String sentence(
      QueueMetric metric,
      Map<String, String> queue,
      long jobs,
      long lagS,
      QueueRules.@Nullable Limit limit,
      QueueLatch after) {
    if (limit == null) {
      return QueueSentence.unwatched(queue, jobs, lagS);
    }
    return after.isOpen()
        ? QueueSentence.opened(metric, queue, jobs, lagS, limit, after.openUs())
        : QueueSentence.over(queue, jobs, lagS);
  }

  /** Who was told that it began is told that it is over, whatever the routes are by then. */
  private List<String> toldRoutes(String name, boolean isOver, ToldSignal now) {
    Bytes key = StoreKeys.of(name + TOLD);
    if (!isOver) {
      told.put(key, now.toBytes());
      return now.routes();
    }
    byte[] stored = told.delete(key);
    ToldSignal began = stored == null ? null : ToldSignal.of(stored);
    return began == null ? now.routes() : began.routes(); // an older version told it
  }

  /** Environment, team, evaluator and route; what a signal leaves out is nobody's. */
  private static Map<String, String> queue(Map<String, String> detail) {
    Map<String, String> queue = new TreeMap<>();
    for (String label : new String[] {"environment", "team", "evaluator", "route"}) {
      queue.put(label, detail.getOrDefault(label, Owners.UNATTRIBUTED));
    }
    return queue;
  }

  private static @Nullable Long whole(@Nullable String text) {
    return text != null && text.matches("[0-9]{1,18}") ? Long.valueOf(text) : null;
  }
}
