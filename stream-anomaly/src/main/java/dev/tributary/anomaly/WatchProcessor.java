package dev.tributary.anomaly;

import dev.tributary.anomaly.core.group.Owners;
import dev.tributary.runtime.errors.UndecodableRecordException;
import dev.tributary.runtime.metrics.InputMetrics;
import dev.tributary.schemas.Alert;
import dev.tributary.schemas.Anomaly;
import dev.tributary.schemas.Event;
import dev.tributary.schemas.Keys;
import dev.tributary.schemas.Signal;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Turns what other streams noticed into alerts for owners: budgets crossed or forecast to be, and
 * open traces that run away, loop or stall, and queues of evaluations that nobody answers. Told
 * once: an event has an id, and of a signal it is kept what was told of it.
 */
final class WatchProcessor
    extends ContextualProcessor<String, SpecificRecord, String, SpecificRecord> {
  private static final Set<String> EVENTS = Set.of("budget_crossed", "budget_forecast");

  /** Of a budget that counts every environment. */
  private static final String ALL = "all";

  /** Percent of a budget from which on nothing of it is left. */
  private static final BigDecimal FULL = BigDecimal.valueOf(100);

  private final AnomalyMetrics metrics;
  private final LoadedReferences references;
  private QueueWatch queues;
  private TraceWatch traces;
  private InputMetrics events;
  private InputMetrics signals;

  @SuppressWarnings("NullAway.Init") // init() comes before everything else
  WatchProcessor(AnomalyMetrics metrics, LoadedReferences references) {
    this.metrics = metrics;
    this.references = references;
  }

  @Override
  public void init(ProcessorContext<String, SpecificRecord> context) {
    super.init(context);
    KeyValueStore<Bytes, byte[]> told = context.getStateStore(AnomalyTopologyNames.SIGNALS);
    queues = new QueueWatch(told, references, this::send);
    traces = new TraceWatch(told, references, this::send);
    int partition = context.taskId().partition();
    events = metrics.events(partition);
    signals = metrics.signals(partition);
  }

  @Override
  public void process(Record<String, SpecificRecord> received) {
    if (received.value() instanceof Event event) {
      events.received();
      count(events, EVENTS.contains(event.getKind()) && tell(event));
    } else if (received.value() instanceof Signal signal) {
      signals.received();
      boolean isQueue = signal.getKind().equals(QueueWatch.KIND);
      count(signals, isQueue ? queues.take(signal) : traces.take(signal));
    }
  }

  private static void count(InputMetrics input, boolean isTold) {
    if (isTold) {
      input.sentPrimary();
    } else {
      input.dropped(DropReason.NOT_WATCHED);
    }
  }

  private boolean tell(Event event) {
    Map<String, String> detail = event.getDetail();
    if ("false".equals(detail.get("crossed")) && event.getKind().equals("budget_crossed")) {
      return false;
    }
    if ("true".equals(detail.get("late"))) {
      return false; // the period is over: nobody can act on it
    }
    Owners owners = references.owners(event.getTenant(), event.getEventTimeUs());
    String team = TraceWatch.team(owners, event.getDimensions());
    List<String> holders = owners.budgetHoldersOf(team);
    BigDecimal limit = amount(detail.get("limit"));
    BigDecimal threshold = amount(detail.get("threshold"));
    String environment = event.getEnvironment();
    boolean isForecast = event.getKind().equals("budget_forecast");
    String what =
        isForecast
            ? " is expected to reach " + detail.get("forecast") + " by the end of its period"
            : " has reached " + detail.get("threshold") + " %";
    String sentence =
        "budget "
            + detail.get("budget")
            + " ("
            + detail.get("scope")
            + (AnomalyRecords.isToBeNamed(environment) ? ", " + environment : "")
            + ")"
            + what
            + " of "
            + detail.get("limit")
            + "; owner: "
            + team
            + (holders.isEmpty() ? "" : "; budget holder: " + String.join(", ", holders));
    Anomaly raised =
        AnomalyRecords.raised(
            event.getTenant(),
            event.getEventId(),
            AnomalyRecords.Course.OPENED,
            environment == null ? ALL : environment,
            event.getSubject(),
            event.getKind(),
            event.getDimensions(),
            event.getEventTimeUs(),
            event.getEventTimeUs(),
            event.getAmount(),
            limit,
            sentence);
    boolean isFull = threshold != null && threshold.compareTo(FULL) >= 0;
    send(raised, team, isFull ? "critical" : "warning");
    return true;
  }

  private void send(Anomaly raised, String team, String severity) {
    Owners owners = references.owners(raised.getTenant(), raised.getWindowStartUs());
    send(raised, team, owners.routesOf(team), severity);
  }

  private void send(Anomaly raised, String team, List<String> routes, String severity) {
    long atMs = Math.max(0, raised.getWindowStartUs() / 1_000);
    String tenant = raised.getTenant();
    context().forward(new Record<>(tenant + Keys.SEPARATOR + raised.getEpisodeId(), raised, atMs));
    Alert alert = AnomalyRecords.alertOf(raised, team, routes, severity);
    context().forward(new Record<>(tenant + Keys.SEPARATOR + team, alert, atMs));
    metrics.anomalySent(context().currentSystemTimeMs() - atMs);
    metrics.alertSent();
  }

  /** A fact of a budget; one that is no number must not stop what comes after it. */
  private static @Nullable BigDecimal amount(@Nullable String text) {
    try {
      return text == null ? null : new BigDecimal(text);
    } catch (NumberFormatException e) {
      throw new UndecodableRecordException("INVALID_EVENT", e);
    }
  }
}
