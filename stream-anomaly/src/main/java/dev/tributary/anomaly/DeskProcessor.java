package dev.tributary.anomaly;

import dev.tributary.anomaly.core.group.Change;
import dev.tributary.anomaly.core.group.Desk;
import dev.tributary.anomaly.core.group.Owners;
import dev.tributary.anomaly.core.group.Told;
import dev.tributary.anomaly.core.series.Finding;
import dev.tributary.runtime.metrics.InputMetrics;
import dev.tributary.schemas.Alert;
import dev.tributary.schemas.Anomaly;
import dev.tributary.schemas.Event;
import dev.tributary.schemas.Keys;
import dev.tributary.schemas.Signal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Waits until every partition has closed a step, then takes its cells and findings in the order of
 * their names. So what it says depends neither on which partition was quicker nor on where a
 * restart fell.
 */
final class DeskProcessor extends ContextualProcessor<String, DeskInput, String, SpecificRecord> {
  private static final int CHUNK = 1_000;
  private static final long DAY_US = 86_400_000_000L;
  private static final String SOURCE = "source-";
  private static final String TOLD = "told-until";
  private static final char CELL = '0';
  private static final char FINDING = '1';

  private final AnomalyConfig config;
  private final AnomalyMetrics metrics;
  private final LoadedReferences references;
  private KeyValueStore<Bytes, byte[]> pending;
  private KeyValueStore<Bytes, byte[]> cells;
  private KeyValueStore<Bytes, byte[]> firstSeen;
  private KeyValueStore<Bytes, byte[]> desks;
  private Progress progress;
  private InputMetrics input;

  @SuppressWarnings("NullAway.Init") // init() comes before everything else
  DeskProcessor(AnomalyConfig config, AnomalyMetrics metrics, LoadedReferences references) {
    this.config = config;
    this.metrics = metrics;
    this.references = references;
  }

  @Override
  public void init(ProcessorContext<String, SpecificRecord> context) {
    super.init(context);
    pending = context.getStateStore(AnomalyTopologyNames.PENDING);
    cells = context.getStateStore(AnomalyTopologyNames.CELLS);
    firstSeen = context.getStateStore(AnomalyTopologyNames.FIRST_SEEN);
    desks = context.getStateStore(AnomalyTopologyNames.DESKS);
    progress = new Progress(context.getStateStore(AnomalyTopologyNames.DESK_PROGRESS));
    input = metrics.findings(context.taskId().partition());
  }

  @Override
  public void process(Record<String, DeskInput> received) {
    input.received();
    DeskInput value = received.value();
    if (value instanceof DeskInput.Found found) {
      Finding finding = found.finding();
      String name =
          String.join(
              "|",
              group(finding.key().tenant(), finding.key().environment()),
              finding.episodeId(),
              Long.toString(finding.revision()));
      pending.put(StoreKeys.of(found.untilUs(), FINDING + name), DeskInputSerde.encode(found));
    } else if (value instanceof DeskInput.Seen seen) {
      String name =
          String.join(
              "|",
              group(seen.tenant(), seen.environment()),
              Long.toString(seen.cell().startUs()),
              new TreeMap<>(seen.cell().dimensions()).toString());
      pending.put(StoreKeys.of(seen.untilUs(), CELL + name), DeskInputSerde.encode(seen));
    } else if (value instanceof DeskInput.Closed closed) {
      progress.put(SOURCE + closed.source(), closed.untilUs());
      open();
    }
    input.sentPrimary();
  }

  private static String group(String tenant, String environment) {
    return tenant + Keys.SEPARATOR + environment;
  }

  /** Takes the steps that are closed on every partition. */
  private void open() {
    long untilUs = Long.MAX_VALUE;
    for (int source = 0; source < config.partitions(); source++) {
      untilUs = Math.min(untilUs, progress.get(SOURCE + source, Long.MIN_VALUE));
    }
    long beforeUs = progress.get(TOLD, Long.MIN_VALUE);
    if (untilUs <= beforeUs) {
      return;
    }
    long stepUs = firstPending();
    while (stepUs <= untilUs) {
      take(stepUs);
      stepUs = firstPending();
    }
    progress.put(TOLD, untilUs);
    // Once a day in event time, because it looks at every feature.
    if (Math.floorDiv(beforeUs, DAY_US) != Math.floorDiv(untilUs, DAY_US)) {
      SeenCells.forgetAll(cells, untilUs - config.cellsKeptUs());
    }
  }

  private long firstPending() {
    try (KeyValueIterator<Bytes, byte[]> first = pending.all()) {
      return first.hasNext() ? StoreKeys.time(first.next().key) : Long.MAX_VALUE;
    }
  }

  private void take(long stepUs) {
    Map<String, List<Finding>> byGroup = new TreeMap<>();
    StepVersions versions = new StepVersions();
    List<KeyValue<Bytes, byte[]>> chunk;
    do {
      chunk = chunk(stepUs);
      for (KeyValue<Bytes, byte[]> entry : chunk) {
        pending.delete(entry.key);
        DeskInput value = DeskInputSerde.decode(entry.value);
        if (value instanceof DeskInput.Seen seen) {
          add(seen, stepUs);
          versions.add(seen);
        } else if (value instanceof DeskInput.Found found) {
          Finding finding = found.finding();
          byGroup
              .computeIfAbsent(
                  group(finding.key().tenant(), finding.key().environment()),
                  key -> new ArrayList<>())
              .add(finding);
        }
      }
    } while (!chunk.isEmpty());
    versions.forEach(
        (tenant, environment, feature, of) -> {
          SeenCells evidence = evidence(tenant, environment, stepUs);
          of.forEach(
              version ->
                  evidence.see(
                      feature, version, change -> send(tenant, environment, change, stepUs)));
        });
    byGroup.forEach((group, findings) -> take(group, stepUs, findings));
  }

  private List<KeyValue<Bytes, byte[]>> chunk(long stepUs) {
    List<KeyValue<Bytes, byte[]>> chunk = new ArrayList<>();
    try (KeyValueIterator<Bytes, byte[]> entries =
        pending.range(StoreKeys.of(stepUs), StoreKeys.of(stepUs + 1))) {
      while (entries.hasNext() && chunk.size() < CHUNK) {
        chunk.add(entries.next());
      }
    }
    return chunk;
  }

  private void add(DeskInput.Seen seen, long stepUs) {
    SeenCells evidence = evidence(seen.tenant(), seen.environment(), stepUs);
    evidence.add(seen.cell(), change -> send(seen.tenant(), seen.environment(), change, stepUs));
  }

  private void send(String tenant, String environment, Change change, long stepUs) {
    Event event = AnomalyRecords.change(tenant, environment, change);
    forward(Keys.event(event.getTenant(), event.getSubject()), event, stepUs);
    metrics.changeSent();
    String alarm = SightSentence.of(change);
    if (alarm != null
        && references.of(tenant).rules().isTold(change.kind(), environment, dimensions(change))) {
      alarm(alarm, tenant, environment, change, event, stepUs);
    }
  }

  private static Map<String, String> dimensions(Change change) {
    // Policies name the model that is asked for, whoever answers.
    String model = change.subject().isEmpty() ? change.value() : change.subject();
    return Map.of("feature", change.feature(), "model", model);
  }

  /** A first sight that somebody has to look at. It is an alarm once, and has no end. */
  private void alarm(
      String alarm, String tenant, String environment, Change change, Event event, long stepUs) {
    Owners owners = references.owners(tenant, stepUs);
    String team = owners.teamOf(change.feature(), null);
    String owner = team == null ? Owners.UNATTRIBUTED : team;
    Anomaly raised =
        AnomalyRecords.raised(
            tenant,
            event.getEventId(),
            AnomalyRecords.Course.OPENED,
            environment,
            event.getSubject(),
            event.getKind(),
            event.getDimensions(),
            change.seenUs(),
            change.seenUs(),
            null,
            null,
            change.feature()
                + (AnomalyRecords.isToBeNamed(environment) ? " (" + environment + ")" : "")
                + alarm
                + "; owner: "
                + owner);
    forward(tenant + Keys.SEPARATOR + raised.getEpisodeId(), raised, stepUs);
    Alert alert = AnomalyRecords.alertOf(raised, owner, owners.routesOf(owner), "warning");
    forward(tenant + Keys.SEPARATOR + owner, alert, stepUs);
    metrics.alertSent();
  }

  private SeenCells evidence(String tenant, String environment, long stepUs) {
    return new SeenCells(
        cells,
        firstSeen,
        tenant,
        environment,
        stepUs,
        config.lookBackUs(),
        config.cellsKeptUs(),
        () -> references.owners(tenant, stepUs),
        metrics::sightsForgotten);
  }

  private void take(String group, long stepUs, List<Finding> findings) {
    Desk desk = new Desk(config.stepUs(), config.lookBackUs(), config.amendableUs());
    byte[] stored = desks.get(StoreKeys.of(group));
    if (stored != null) {
      desk.load(stored);
    }
    String tenant = findings.get(0).key().tenant();
    SeenCells evidence = evidence(tenant, findings.get(0).key().environment(), stepUs);
    Owners owners = references.owners(tenant, stepUs);
    desk.take(stepUs, findings, evidence, owners, told -> send(tenant, told, stepUs));
    if (desk.isEmpty()) {
      desks.delete(StoreKeys.of(group));
    } else {
      desks.put(StoreKeys.of(group), desk.toBytes());
    }
  }

  private void send(String tenant, Told told, long stepUs) {
    if (told instanceof Told.State state) {
      Anomaly anomaly = AnomalyRecords.anomaly(state);
      forward(tenant + Keys.SEPARATOR + anomaly.getEpisodeId(), anomaly, stepUs);
      metrics.anomalySent(context().currentSystemTimeMs() - stepUs / 1_000);
      switch (state.finding().state()) {
        case OPENED -> metrics.opened();
        case RESOLVED, LEVEL_SHIFT -> metrics.ended();
        case AMENDED -> metrics.amended();
        case UPDATED -> {
          // counted by nobody: it goes on
        }
      }
    } else if (told instanceof Told.Notice notice) {
      forward(
          tenant + Keys.SEPARATOR + notice.team(), AnomalyRecords.alert(notice, stepUs), stepUs);
      metrics.alertSent();
      Signal signal = AnomalyRecords.signal(notice);
      forward(tenant + Keys.SEPARATOR + signal.getScope(), signal, stepUs);
      metrics.signalSent();
    } else if (told instanceof Told.Forgotten forgotten) {
      // The topic is compacted: what is over for good must leave it.
      String scope = AnomalyRecords.scope(forgotten.episodeId());
      forward(tenant + Keys.SEPARATOR + scope, null, stepUs);
    }
  }

  private void forward(String key, @Nullable SpecificRecord value, long stepUs) {
    context().forward(new Record<>(key, value, Math.max(0, stepUs / 1_000)));
  }
}
