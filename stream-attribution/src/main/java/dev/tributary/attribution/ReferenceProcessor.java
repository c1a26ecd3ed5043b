package dev.tributary.attribution;

import dev.tributary.runtime.metrics.ModuleMetrics;
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
import java.util.TreeSet;
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
 * Keeps the timelines of reference data in the global store and puts a version in force when its
 * manifest comes, and only then. A version that is incomplete or contradicts itself is refused
 * whole: the one before stays in force, also after a restart, since timelines hold every version.
 */
final class ReferenceProcessor implements Processor<String, Reference, Void, Void> {
  private static final Logger LOGGER = LoggerFactory.getLogger(ReferenceProcessor.class);

  private final LoadedReferences loaded;
  private final ModuleMetrics metrics;
  private @Nullable KeyValueStore<String, Reference> store;

  ReferenceProcessor(LoadedReferences loaded, ModuleMetrics metrics) {
    this.loaded = loaded;
    this.metrics = metrics;
  }

  /** A store that was restored without this processor has its manifests already. */
  @Override
  public void init(ProcessorContext<Void, Void> context) {
    store = context.getStateStore(AttributionTopology.REFERENCES);
    Set<String> tenants = new HashSet<>();
    try (KeyValueIterator<String, Reference> all = timelines().all()) {
      while (all.hasNext()) {
        KeyValue<String, Reference> entry = all.next();
        if (entry.value.getKind() == ReferenceKind.MANIFEST) {
          tenants.add(entry.value.getTenant());
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
    timelines().put(record.key(), value);
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
        Reference entry = entries.next().value;
        if (entry.getKind() == ReferenceKind.MANIFEST) {
          manifest = entry.getManifest();
        } else {
          timelines.add(entry);
        }
      }
    }
    if (manifest == null) {
      refuse(tenant, "a manifest record without a manifest");
      return;
    }
    if (manifest.getVersion() < loaded.activeVersion(tenant)) {
      refuse(
          tenant,
          "version " + manifest.getVersion() + " came after " + loaded.activeVersion(tenant));
      return;
    }
    try {
      use(tenant, ReferenceIndex.read(timelines, manifest), manifest.getLabel());
    } catch (IllegalArgumentException e) {
      refuse(tenant, String.valueOf(e.getMessage()));
      if (loaded.activeVersion(tenant) == 0) {
        useLastGood(tenant, timelines, manifest.getVersion());
      }
    }
  }

  private void use(String tenant, ReferenceIndex index, String label) {
    boolean isFirst = loaded.activeVersion(tenant) == 0;
    loaded.swap(tenant, index);
    if (isFirst) {
      metrics.gauge(
          AttributionMetrics.REFERENCE_VERSION,
          loaded,
          references -> references.activeVersion(tenant),
          "tenant",
          tenant);
    }
    LOGGER
        .atInfo()
        .addKeyValue("tenant", tenant)
        .addKeyValue("version", index.version())
        .addKeyValue("label", label)
        .log("reference data is in force");
  }

  /**
   * After a restart the manifest before the refused one is gone, its rows are not: whatever was in
   * force then is in the timelines.
   */
  private void useLastGood(String tenant, List<Reference> timelines, long refused) {
    TreeSet<Long> versions = new TreeSet<>();
    for (Reference timeline : timelines) {
      for (ReferenceRow row : timeline.getTimeline()) {
        versions.add(row.getAddedIn());
        if (row.getWithdrawnIn() != null) {
          versions.add(row.getWithdrawnIn());
        }
      }
    }
    for (long version : versions.headSet(refused, false).descendingSet()) {
      try {
        use(tenant, ReferenceIndex.readUpTo(timelines, version), "the last that can be read");
        return;
      } catch (IllegalArgumentException e) {
        refuse(tenant, "version " + version + ": " + e.getMessage());
      }
    }
  }

  private void refuse(String tenant, String why) {
    metrics.counter(AttributionMetrics.REFERENCE_REFUSED, "tenant", tenant).increment();
    LOGGER
        .atError()
        .addKeyValue("tenant", tenant)
        .log("reference data is refused, the version before stays in force: {}", why);
  }

  private KeyValueStore<String, Reference> timelines() {
    return Objects.requireNonNull(store, "init comes first");
  }
}
