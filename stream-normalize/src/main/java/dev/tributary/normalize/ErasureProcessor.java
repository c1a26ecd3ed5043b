package dev.tributary.normalize;

import dev.tributary.normalize.core.Erasures;
import dev.tributary.schemas.Reference;
import dev.tributary.schemas.ReferenceKind;
import java.util.Objects;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the erasures of the reference topic in a global store and in the set that spans are checked
 * against. They are in force as they come, without waiting for a manifest: who asked to be
 * forgotten need not wait for a price list.
 */
final class ErasureProcessor implements Processor<String, Reference, Void, Void> {
  private final Erasures erasures;
  private @Nullable KeyValueStore<String, Reference> store;

  ErasureProcessor(Erasures erasures) {
    this.erasures = erasures;
  }

  /** A store that was restored without this processor holds all records already. */
  @Override
  public void init(ProcessorContext<Void, Void> context) {
    store = context.getStateStore(NormalizeTopology.ERASURES);
    try (KeyValueIterator<String, Reference> all = store().all()) {
      while (all.hasNext()) {
        KeyValue<String, Reference> entry = all.next();
        apply(entry.value);
      }
    }
  }

  @Override
  public void process(Record<String, Reference> record) {
    Reference value = record.value();
    if (value == null) {
      Reference before = store().delete(record.key());
      if (before != null) {
        erasures.remove(before.getTenant(), before.getId());
      }
    } else if (value.getKind() == ReferenceKind.ERASURE) {
      store().put(record.key(), value);
      apply(value);
    }
  }

  private void apply(Reference value) {
    if (value.getKind() != ReferenceKind.ERASURE) {
      return;
    }
    boolean isInForce = value.getTimeline().stream().anyMatch(row -> row.getWithdrawnIn() == null);
    if (isInForce) {
      erasures.add(value.getTenant(), value.getId());
    } else {
      erasures.remove(value.getTenant(), value.getId());
    }
  }

  private KeyValueStore<String, Reference> store() {
    return Objects.requireNonNull(store, "init comes first");
  }
}
