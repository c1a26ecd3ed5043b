package dev.tributary.runtime.reference;

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

/**
 * Keeps the timelines of reference data in the global store and puts a version in force when its
 * manifest comes, and only then. A version that is incomplete or contradicts itself is refused
 * whole: the one before stays in force, also after a restart, since timelines hold every version.
 */
final class ReferenceProcessor implements Processor<String, Reference, Void, Void> {
  private final String storeName;
  private final Set<ReferenceKind> kinds;
  private final ReferenceVersions versions;
  private @Nullable KeyValueStore<String, Reference> store;

  ReferenceProcessor(String storeName, Set<ReferenceKind> kinds, ReferenceVersions versions) {
    this.storeName = storeName;
    this.kinds = Set.copyOf(kinds);
    this.versions = versions;
  }

  /** A store that was restored without this processor has its manifests already. */
  @Override
  public void init(ProcessorContext<Void, Void> context) {
    store = context.getStateStore(storeName);
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
    } else if (value.getKind() == ReferenceKind.MANIFEST) {
      timelines().put(record.key(), value);
      load(value.getTenant());
    } else if (kinds.contains(value.getKind())) {
      timelines().put(record.key(), value);
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
        } else if (kinds.contains(entry.getKind())) {
          timelines.add(entry);
        }
      }
    }
    if (manifest == null) {
      versions.refused(tenant, "a manifest record without a manifest");
      return;
    }
    long active = versions.activeVersion(tenant);
    if (manifest.getVersion() < active) {
      versions.refused(tenant, "version " + manifest.getVersion() + " came after " + active);
      return;
    }
    try {
      versions.use(tenant, timelines, manifest);
    } catch (IllegalArgumentException e) {
      versions.refused(tenant, "version " + manifest.getVersion() + ": " + e.getMessage());
      if (active == 0) {
        useLastGood(tenant, timelines, manifest.getVersion());
      }
    }
  }

  /**
   * After a restart the manifest before the refused one is gone, its rows are not: whatever was in
   * force then is in the timelines.
   */
  private void useLastGood(String tenant, List<Reference> timelines, long refused) {
    TreeSet<Long> stated = new TreeSet<>();
    for (Reference timeline : timelines) {
      for (ReferenceRow row : timeline.getTimeline()) {
        stated.add(row.getAddedIn());
        if (row.getWithdrawnIn() != null) {
          stated.add(row.getWithdrawnIn());
        }
      }
    }
    for (long version : stated.headSet(refused, false).descendingSet()) {
      try {
        versions.useUpTo(tenant, timelines, version);
        return;
      } catch (IllegalArgumentException e) {
        versions.refused(tenant, "version " + version + ": " + e.getMessage());
      }
    }
  }

  private KeyValueStore<String, Reference> timelines() {
    return Objects.requireNonNull(store, "init comes first");
  }
}
