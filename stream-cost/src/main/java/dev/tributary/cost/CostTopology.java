package dev.tributary.cost;

import dev.tributary.cost.core.MergeInput;
import dev.tributary.runtime.combine.CombiningStores;
import dev.tributary.runtime.config.StoreType;
import dev.tributary.runtime.reference.ReferenceData;
import dev.tributary.runtime.run.AppContext;
import dev.tributary.runtime.run.StreamsProperties;
import dev.tributary.runtime.run.SuppliedProcessor;
import dev.tributary.schemas.Event;
import dev.tributary.schemas.LedgerEntry;
import dev.tributary.schemas.ReferenceKind;
import dev.tributary.schemas.Score;
import dev.tributary.schemas.Signal;
import dev.tributary.schemas.Topics;
import dev.tributary.schemas.WindowRecord;
import java.util.EnumSet;
import java.util.List;
import java.util.Properties;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyConfig;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/** Ledger entries and scores to windows, cells and budgets; wiring only. */
public final class CostTopology {
  private CostTopology() {}

  /** The topology under these settings. */
  public static Topology build(AppContext context) {
    CostConfig config = CostConfig.from(context.settings());
    CostMetrics metrics = new CostMetrics(context.meters(), context.topics());
    Properties properties = StreamsProperties.of(CostMain.APP.name(), context.settings());
    StreamsBuilder builder = new StreamsBuilder(new TopologyConfig(new StreamsConfig(properties)));

    // Budgets are reference data, put in force by a manifest.
    LoadedBudgets budgets = new LoadedBudgets(metrics, new BudgetScopes(config.budgetScopes()));
    ReferenceData.addGlobalStore(
        builder,
        context.serdes(),
        context.topics().of(Topics.REF),
        CostTopologyNames.REFERENCES,
        EnumSet.of(ReferenceKind.BUDGET),
        budgets);

    KStream<String, LedgerEntry> ledger =
        builder.stream(
            context.topics().of(Topics.LEDGER),
            Consumed.with(
                    context.serdes().key(Topics.LEDGER), context.serdes().value(Topics.LEDGER))
                .withName("consume-ledger"));

    // An entry moves up to a dozen windows. They are summed on the heap of the partition's task and
    // drained at each commit, in its transaction: only small parts travel, and no changelog is
    // needed. Bounded by the number of parts; a full store drains early.
    KStream<String, MergeInput> parts =
        ledger.process(combine(config, metrics), Named.as("combine-entries"));

    // Scores are summed in the same way and enter windows when their result came. They move no
    // clock: what is scored now may be of long ago.
    KStream<String, MergeInput> scoreParts =
        builder.stream(
                context.topics().of(Topics.SCORES),
                Consumed.with(
                        context.serdes().key(Topics.SCORES), context.serdes().value(Topics.SCORES))
                    .withName("consume-scores"))
            .process(combineScores(config, metrics), Named.as("combine-scores"));

    // By tenant and series (cells by feature), so that one task has all parts of a window. Each
    // drain ends with the
    // task's clock, which goes to every partition.
    KStream<String, MergeInput> merged =
        parts
            .merge(scoreParts, Named.as("merge-parts"))
            .repartition(
                Repartitioned.with(Serdes.String(), MergeInputSerde.create())
                    .withName(CostTopologyNames.PARTIALS)
                    .withNumberOfPartitions(config.partitions())
                    .withStreamPartitioner(new PartialsPartitioner()));

    // A window is stored from its first part until `revisable` after its end; keyed by start first,
    // so that closing and evicting read exactly the windows they touch. At most
    // `cells-per-feature` of a feature's cells stay stored after their close, and one with the
    // rest.
    // Spend for budgets is stored by day until no period can change any more.
    KStream<String, SpecificRecord> sums =
        merged.process(merge(config, metrics, budgets), Named.as("merge-windows"));

    only(sums, WindowRecord.class, "windows")
        .to(
            context.topics().of(Topics.WINDOWS),
            Produced.with(
                    context.serdes().key(Topics.WINDOWS), context.serdes().value(Topics.WINDOWS))
                .withStreamPartitioner(new WindowsPartitioner(config.partitions()))
                .withName("produce-windows"));
    only(sums, Signal.class, "signals")
        .to(
            context.topics().of(Topics.SIGNALS),
            Produced.with(
                    context.serdes().key(Topics.SIGNALS), context.serdes().value(Topics.SIGNALS))
                .withName("produce-signals"));
    only(sums, Event.class, "events")
        .to(
            context.topics().of(Topics.EVENTS),
            Produced.with(
                    context.serdes().key(Topics.EVENTS), context.serdes().value(Topics.EVENTS))
                .withName("produce-events"));
    return builder.build(properties);
  }

  private static ProcessorSupplier<String, LedgerEntry, String, MergeInput> combine(
      CostConfig config, CostMetrics metrics) {
    StoreBuilder<?> parts =
        CombiningStores.builder(CostTopologyNames.PARTS, new PartCombiner(), config.maxParts());
    return new SuppliedProcessor<>(() -> new CombineProcessor(config, metrics), List.of(parts));
  }

  private static ProcessorSupplier<String, Score, String, MergeInput> combineScores(
      CostConfig config, CostMetrics metrics) {
    StoreBuilder<?> parts =
        CombiningStores.builder(
            CostTopologyNames.SCORE_PARTS, new PartCombiner(), config.maxParts());
    return new SuppliedProcessor<>(
        () -> new CombineScoresProcessor(config, metrics), List.of(parts));
  }

  private static <T> KStream<String, T> only(
      KStream<String, SpecificRecord> sums, Class<T> type, String what) {
    return sums.filter((key, value) -> type.isInstance(value), Named.as("select-" + what))
        .mapValues(type::cast, Named.as("type-" + what));
  }

  private static ProcessorSupplier<String, MergeInput, String, SpecificRecord> merge(
      CostConfig config, CostMetrics metrics, LoadedBudgets budgets) {
    return new SuppliedProcessor<>(
        () -> new MergeProcessor(config, metrics, budgets),
        List.of(
            store(CostTopologyNames.WINDOWS, config.store()),
            store(CostTopologyNames.LATE, config.store()),
            store(CostTopologyNames.CELLS, config.store()),
            store(CostTopologyNames.LATE_CELLS, config.store()),
            store(CostTopologyNames.SPEND, config.store()),
            store(CostTopologyNames.RECENT_SPEND, config.store()),
            store(CostTopologyNames.CROSSINGS, config.store()),
            store(CostTopologyNames.BUDGET_SIGNALS, config.store()),
            store(CostTopologyNames.CHANGED_SPEND, config.store()),
            store(CostTopologyNames.PROGRESS, config.store())));
  }

  private static StoreBuilder<KeyValueStore<Bytes, byte[]>> store(String name, StoreType type) {
    KeyValueBytesStoreSupplier supplier =
        switch (type) {
          case ROCKSDB -> Stores.persistentKeyValueStore(name);
          case MEMORY -> Stores.inMemoryKeyValueStore(name);
        };
    // The cache saves all but one changelog record of a window that changes often between commits.
    return Stores.keyValueStoreBuilder(supplier, Serdes.Bytes(), Serdes.ByteArray())
        .withCachingEnabled();
  }
}
