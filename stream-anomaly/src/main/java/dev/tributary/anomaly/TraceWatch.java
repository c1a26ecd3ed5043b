package dev.tributary.anomaly;

import dev.tributary.anomaly.core.EpisodeId;
import dev.tributary.anomaly.core.group.Owners;
import dev.tributary.anomaly.core.series.Finding;
import dev.tributary.schemas.Anomaly;
import dev.tributary.schemas.Keys;
import dev.tributary.schemas.Signal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Open traces that run away, loop or stall, as attribution tells of them: an alarm where one
 * begins, another where it becomes more severe, and its end.
 */
final class TraceWatch {
  private static final Set<String> KINDS = Set.of("runaway_cost", "tool_loop", "stalled_handoff");

  /** From the least severe to the most. */
  private static final List<String> SEVERITIES = List.of("info", "warning", "critical");

  private static final String ENVIRONMENT = "environment";

  /** Environment in the name of what an older version told of. */
  private static final String ALL = "all";

  private final KeyValueStore<Bytes, byte[]> told;
  private final LoadedReferences references;
  private final QueueWatch.Output output;

  TraceWatch(
      KeyValueStore<Bytes, byte[]> told, LoadedReferences references, QueueWatch.Output output) {
    this.told = told;
    this.references = references;
    this.output = output;
  }

  /**
   * Takes the state of a flag.
   *
   * @return whether anybody was told
   */
  boolean take(Signal signal) {
    if (!KINDS.contains(signal.getKind())) {
      return false;
    }
    Bytes key = StoreKeys.of(signal.getTenant() + Keys.SEPARATOR + signal.getScope());
    byte[] before = told.get(key);
    if (before == null) {
      return signal.getActive() && tell(signal, key, begun(signal), Finding.State.OPENED);
    }
    ToldSignal known = ToldSignal.of(before);
    if (known == null) {
      known = ofAnOlderVersion(signal, StoreKeys.time(Bytes.wrap(before)));
    }
    if (!signal.getActive()) {
      return tell(signal, key, known.next("info"), Finding.State.RESOLVED);
    }
    return rank(signal.getSeverity()) > rank(known.severity())
        && tell(signal, key, known.next(signal.getSeverity()), Finding.State.UPDATED);
  }

  private static int rank(@Nullable String severity) {
    // Whoever knows not what was told might tell it twice.
    return severity == null ? SEVERITIES.size() : SEVERITIES.indexOf(severity);
  }

  private ToldSignal begun(Signal signal) {
    Map<String, String> dimensions = new TreeMap<>(signal.getDetail());
    String environment = dimensions.remove(ENVIRONMENT);
    Owners owners = references.owners(signal.getTenant(), signal.getSinceUs());
    String team = team(owners, dimensions);
    return new ToldSignal(
        signal.getSinceUs(),
        environment == null ? Owners.UNATTRIBUTED : environment,
        team,
        owners.routesOf(team),
        signal.getSeverity(),
        1,
        dimensions);
  }

  /** It kept since when, and the environment of its name was that of the signal at hand. */
  private ToldSignal ofAnOlderVersion(Signal signal, long sinceUs) {
    Owners owners = references.owners(signal.getTenant(), signal.getSinceUs());
    String team = team(owners, signal.getDetail());
    return ToldSignal.of(
        sinceUs, signal.getDetail().getOrDefault(ENVIRONMENT, ALL), team, owners.routesOf(team));
  }

  private boolean tell(Signal signal, Bytes key, ToldSignal now, Finding.State state) {
    if (state == Finding.State.RESOLVED) {
      told.delete(key);
    } else {
      told.put(key, now.toBytes());
    }
    String tenant = signal.getTenant();
    String environment = now.environment();
    boolean isToBeNamed = !environment.equals(ALL) && AnomalyRecords.isToBeNamed(environment);
    Anomaly raised =
        AnomalyRecords.raised(
            tenant,
            EpisodeId.of(tenant, environment, signal.getScope(), now.sinceUs()),
            new AnomalyRecords.Course(state, now.revision()),
            environment,
            signal.getScope(),
            signal.getKind(),
            now.dimensions(),
            now.sinceUs(),
            signal.getSinceUs(),
            signal.getValue(),
            signal.getLimit(),
            TraceSentence.of(signal, isToBeNamed ? environment : null) + "; owner: " + now.team());
    raised.setExampleTraceIds(traces(signal.getScope()));
    output.send(
        raised, now.team(), now.routes(), signal.getActive() ? signal.getSeverity() : "info");
    return true;
  }

  /** The trace that an alarm is about; none where its scope is no trace. */
  private static List<String> traces(String scope) {
    String[] parts = scope.split(":");
    return parts.length > 1 && parts[0].equals("trace") ? List.of(parts[1]) : List.of();
  }

  /** The team that is named, else the owner of the feature or service. */
  static String team(Owners owners, Map<String, String> dimensions) {
    String own = dimensions.get("team");
    if (own != null) {
      return own;
    }
    String owner = owners.teamOf(dimensions.get("feature"), dimensions.get("service"));
    return owner == null ? Owners.UNATTRIBUTED : owner;
  }
}
