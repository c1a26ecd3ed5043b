package dev.tributary.anomaly;

import dev.tributary.anomaly.core.group.Owners;
import dev.tributary.anomaly.core.group.Owners.OwnerRule;
import dev.tributary.anomaly.core.series.PolicyRow;
import dev.tributary.anomaly.core.series.RuleBook;
import dev.tributary.schemas.Keys;
import dev.tributary.schemas.Manifest;
import dev.tributary.schemas.Reference;
import dev.tributary.schemas.ReferenceKind;
import dev.tributary.schemas.ReferenceRow;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps policies and ownership in the global store and puts a version in force when its manifest
 * comes, and only then; rows come before it. A version with a row that cannot be read, or with
 * policies that contradict each other, is refused whole: the one before stays in force.
 */
final class ReferenceProcessor implements Processor<String, Reference, Void, Void> {
  private static final Logger LOGGER = LoggerFactory.getLogger(ReferenceProcessor.class);
  private static final Set<ReferenceKind> KINDS =
      Set.of(ReferenceKind.POLICY, ReferenceKind.OWNERSHIP, ReferenceKind.MANIFEST);

  private final LoadedReferences loaded;
  private final AnomalyMetrics metrics;
  private @Nullable KeyValueStore<String, Reference> store;

  ReferenceProcessor(LoadedReferences loaded, AnomalyMetrics metrics) {
    this.loaded = loaded;
    this.metrics = metrics;
  }

  /** A store that was restored without this processor has its manifests already. */
  @Override
  public void init(ProcessorContext<Void, Void> context) {
    store = context.getStateStore(AnomalyTopologyNames.REFERENCES);
    Set<String> tenants = new HashSet<>();
    try (KeyValueIterator<String, Reference> all = timelines().all()) {
      while (all.hasNext()) {
        Reference value = all.next().value;
        if (value.getKind() == ReferenceKind.MANIFEST) {
          tenants.add(value.getTenant());
        }
      }
    }
    tenants.forEach(this::load);
  }

  @Override
  public void process(Record<String, Reference> record) {
    Reference value = record.value();
    if (value == null) {
      timelines().delete(record.key());
      return;
    }
    if (KINDS.contains(value.getKind())) {
      timelines().put(record.key(), value);
    }
    if (value.getKind() == ReferenceKind.MANIFEST) {
      load(value.getTenant());
    }
  }

  private void load(String tenant) {
    List<Reference> timelines = new ArrayList<>();
    Manifest manifest = null;
    String from = tenant + Keys.SEPARATOR;
    String to = tenant + (char) (Keys.SEPARATOR + 1);
    try (KeyValueIterator<String, Reference> entries = timelines().range(from, to)) {
      while (entries.hasNext()) {
        KeyValue<String, Reference> entry = entries.next();
        if (entry.value.getKind() == ReferenceKind.MANIFEST) {
          manifest = entry.value.getManifest();
        } else {
          timelines.add(entry.value);
        }
      }
    }
    if (manifest == null) {
      return;
    }
    try {
      loaded.swap(tenant, read(timelines, manifest.getVersion()));
    } catch (IllegalArgumentException e) {
      metrics.referenceRefused();
      LOGGER
          .atWarn()
          .addKeyValue("tenant", tenant)
          .addKeyValue("version", manifest.getVersion())
          .addKeyValue("reason", e.getMessage())
          .log("policies or owners are refused; those before stay in force");
    }
  }

  private static LoadedReferences.Loaded read(List<Reference> timelines, long version) {
    List<PolicyRow> policies = new ArrayList<>();
    List<OwnerRule> owners = new ArrayList<>();
    for (Reference timeline : timelines) {
      String name = timeline.getKind() + " " + timeline.getId();
      for (ReferenceRow row : timeline.getTimeline()) {
        Long withdrawn = row.getWithdrawnIn();
        if (row.getAddedIn() > version || (withdrawn != null && version >= withdrawn)) {
          continue;
        }
        if (timeline.getKind() == ReferenceKind.POLICY) {
          PolicyRow policy = PolicyReader.readRow(name, row.getPayloadJson());
          if (policy != null) {
            policies.add(policy);
          }
        } else {
          OwnerRule owner = OwnerReader.readRule(name, row.getPayloadJson());
          if (owner != null) {
            owners.add(owner);
          }
        }
      }
    }
    return new LoadedReferences.Loaded(new RuleBook(policies), new Owners(owners));
  }

  private KeyValueStore<String, Reference> timelines() {
    return Objects.requireNonNull(store, "init comes first");
  }
}
