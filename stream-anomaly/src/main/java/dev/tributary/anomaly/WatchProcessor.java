package dev.tributary.anomaly;

import dev.tributary.anomaly.core.EpisodeId;
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
import java.util.TreeMap;
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
 * once: an event has an id, and of a signal the last state that was told is kept.
 */
final class WatchProcessor
    extends ContextualProcessor<String, SpecificRecord, String, SpecificRecord> {
  private static final Set<String> EVENTS = Set.of("budget_crossed", "budget_forecast");
  private static final Set<String> SIGNALS = Set.of("runaway_cost", "tool_loop", "stalled_handoff");

  /** Of a budget that counts every environment. */
  private static final String ALL = "all";

  private static final String ENVIRONMENT = "environment";

  /** Percent of a budget from which on nothing of it is left. */
  private static final BigDecimal FULL = BigDecimal.valueOf(100);

  private final AnomalyMetrics metrics;
  private final LoadedReferences references;
  private KeyValueStore<Bytes, byte[]> told;
  private QueueWatch queues;
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
    told = context.getStateStore(AnomalyTopologyNames.SIGNALS);
    queues = new QueueWatch(told, references, this::send);
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
      boolean isTold =
          isQueue ? queues.take(signal) : SIGNALS.contains(signal.getKind()) && tell(signal);
      count(signals, isTold);
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
    String team = team(event.getTenant(), event.getDimensions(), event.getEventTimeUs());
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
            + team;
    Anomaly raised =
        AnomalyRecords.raised(
            event.getTenant(),
            event.getEventId(),
            false,
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

  private boolean tell(Signal signal) {
    Bytes key = StoreKeys.of(signal.getTenant() + Keys.SEPARATOR + signal.getScope());
    byte[] before = told.get(key);
    boolean wasActive = before != null;
    if (signal.getActive() == wasActive) {
      return false;
    }
    Map<String, String> detail = signal.getDetail();
    ToldSignal known = before == null ? null : ToldSignal.of(before);
    if (known == null) {
      String tenant = signal.getTenant();
      String owner = team(tenant, detail, signal.getSinceUs());
      long sinceUs = before == null ? signal.getSinceUs() : StoreKeys.time(Bytes.wrap(before));
      known =
          new ToldSignal(
              sinceUs,
              // What an older version told of has no environment in its name.
              detail.getOrDefault(ENVIRONMENT, before == null ? Owners.UNATTRIBUTED : ALL),
              owner,
              references.owners(tenant, signal.getSinceUs()).routesOf(owner));
    }
    String team = known.team();
    String environment = known.environment();
    String id = EpisodeId.of(signal.getTenant(), environment, signal.getScope(), known.sinceUs());
    boolean isToBeNamed = !environment.equals(ALL) && AnomalyRecords.isToBeNamed(environment);
    String sentence =
        TraceSentence.of(signal, isToBeNamed ? environment : null) + "; owner: " + team;
    if (signal.getActive()) {
      told.put(key, known.toBytes());
    } else {
      told.delete(key);
    }
    Map<String, String> dimensions = new TreeMap<>(detail);
    dimensions.remove(ENVIRONMENT);
    Anomaly raised =
        AnomalyRecords.raised(
            signal.getTenant(),
            id,
            !signal.getActive(),
            environment,
            signal.getScope(),
            signal.getKind(),
            dimensions,
            known.sinceUs(),
            signal.getSinceUs(),
            signal.getValue(),
            signal.getLimit(),
            sentence);
    send(raised, team, known.routes(), signal.getActive() ? signal.getSeverity() : "info");
    return true;
  }

  private String team(String tenant, Map<String, String> dimensions, long atUs) {
    String own = dimensions.get("team");
    if (own != null) {
      return own;
    }
    String owner =
        references
            .owners(tenant, atUs)
            .teamOf(dimensions.get("feature"), dimensions.get("service"));
    return owner == null ? Owners.UNATTRIBUTED : owner;
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
