package dev.tributary.cost;

import dev.tributary.cost.core.Budget;
import dev.tributary.schemas.Keys;
import dev.tributary.schemas.Manifest;
import dev.tributary.schemas.Reference;
import dev.tributary.schemas.ReferenceKind;
import dev.tributary.schemas.ReferenceRow;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
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
 * Keeps budgets from the reference data in the global store and puts a version in force when its
 * manifest comes, and only then; rows come before it. A version with a budget that cannot be read
 * is refused whole: the one before stays in force.
 */
final class BudgetReferenceProcessor implements Processor<String, Reference, Void, Void> {
  private static final Logger LOGGER = LoggerFactory.getLogger(BudgetReferenceProcessor.class);

  private final LoadedBudgets loaded;
  private @Nullable KeyValueStore<String, Reference> store;

  BudgetReferenceProcessor(LoadedBudgets loaded) {
    this.loaded = loaded;
  }

  /** A store that was restored without this processor has its manifests already. */
  @Override
  public void init(ProcessorContext<Void, Void> context) {
    store = context.getStateStore(CostTopologyNames.REFERENCES);
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
    if (value.getKind() == ReferenceKind.BUDGET) {
      timelines().put(record.key(), value);
    } else if (value.getKind() == ReferenceKind.MANIFEST) {
      timelines().put(record.key(), value);
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
        } else if (entry.value.getKind() == ReferenceKind.BUDGET) {
          timelines.add(entry.value);
        }
      }
    }
    if (manifest == null) {
      return;
    }
    try {
      List<Budget> budgets = new ArrayList<>();
      for (Reference timeline : timelines) {
        addInForce(budgets, timeline, manifest.getVersion());
      }
      loaded.swap(tenant, budgets);
    } catch (IllegalArgumentException e) {
      LOGGER
          .atWarn()
          .addKeyValue("tenant", tenant)
          .addKeyValue("version", manifest.getVersion())
          .addKeyValue("reason", e.getMessage())
          .log("budgets are refused; those before stay in force");
    }
  }

  private static void addInForce(List<Budget> budgets, Reference timeline, long version) {
    for (ReferenceRow row : timeline.getTimeline()) {
      Long withdrawn = row.getWithdrawnIn();
      if (row.getAddedIn() <= version && (withdrawn == null || version < withdrawn)) {
        budgets.add(
            BudgetReader.readBudget(
                "budget " + timeline.getId(), timeline.getTenant(), row.getPayloadJson()));
      }
    }
  }

  private KeyValueStore<String, Reference> timelines() {
    if (store == null) {
      throw new IllegalStateException("init() comes first");
    }
    return store;
  }
}
