package dev.tributary.anomaly;

import dev.tributary.runtime.config.StoreType;
import dev.tributary.runtime.reference.ReferenceData;
import dev.tributary.runtime.run.AppContext;
import dev.tributary.runtime.run.StreamsProperties;
import dev.tributary.runtime.run.SuppliedProcessor;
import dev.tributary.schemas.Alert;
import dev.tributary.schemas.Anomaly;
import dev.tributary.schemas.Event;
import dev.tributary.schemas.ReferenceKind;
import dev.tributary.schemas.Signal;
import dev.tributary.schemas.Topic;
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

/** Windows to episodes, alerts, changes and signals; wiring only. */
public final class AnomalyTopology {
  private AnomalyTopology() {}

  /** The topology under these settings. */
  public static Topology build(AppContext context) {
    AnomalyConfig config = AnomalyConfig.from(context.settings());
    AnomalyMetrics metrics = new AnomalyMetrics(context.meters(), context.topics());
    Properties properties = StreamsProperties.of(AnomalyMain.APP.name(), context.settings());
    StreamsBuilder builder = new StreamsBuilder(new TopologyConfig(new StreamsConfig(properties)));

    // Policies and owners are reference data, put in force by a manifest.
    LoadedReferences references = new LoadedReferences(metrics);
    ReferenceData.addGlobalStore(
        builder,
        context.serdes(),
        context.topics().of(Topics.REF),
        AnomalyTopologyNames.REFERENCES,
        EnumSet.of(ReferenceKind.POLICY, ReferenceKind.OWNERSHIP),
        references);

    // By series, as llm.windows is keyed: windows wait in a store until the log says that their
    // minutes are closed, then a step is judged. Windows of judged steps live on for series with
    // episodes, `amendable` long; a series' state lives until nothing has come for `series-idle`.
    KStream<String, DeskInput> findings =
        source(builder, context, Topics.WINDOWS, "windows")
            .process(detect(config, metrics, references), Named.as("detect-episodes"));

    // By tenant and environment: one cause shows in series and cells of many partitions, and only
    // who sees them all can put them under one. Small: findings are rare, cells are bounded per
    // feature. Every source says to every partition how far it has closed.
    KStream<String, SpecificRecord> told =
        findings
            .repartition(
                Repartitioned.with(Serdes.String(), DeskInputSerde.create())
                    .withName(AnomalyTopologyNames.FINDINGS)
                    .withNumberOfPartitions(config.partitions())
                    .withStreamPartitioner(new DeskPartitioner()))
            .process(explain(config, metrics, references), Named.as("explain-episodes"));

    // What other streams noticed, by their own keys; a trace's last signal is kept while it is
    // active.
    KStream<String, SpecificRecord> watched =
        source(builder, context, Topics.EVENTS, "events")
            .mapValues(value -> (SpecificRecord) value, Named.as("widen-events"))
            .merge(
                source(builder, context, Topics.SIGNALS, "signals")
                    .mapValues(value -> (SpecificRecord) value, Named.as("widen-signals")),
                Named.as("merge-watched"))
            .process(watch(config, metrics, references), Named.as("watch-others"));

    sink(told, context, Topics.ANOMALIES, Anomaly.class, "anomalies");
    sink(told, context, Topics.ALERTS, Alert.class, "alerts");
    sink(told, context, Topics.EVENTS, Event.class, "changes");
    sink(told, context, Topics.SIGNALS, Signal.class, "signals");
    sink(watched, context, Topics.ANOMALIES, Anomaly.class, "watched-anomalies");
    sink(watched, context, Topics.ALERTS, Alert.class, "watched-alerts");
    return builder.build(properties);
  }

  private static <V> KStream<String, V> source(
      StreamsBuilder builder, AppContext context, Topic<String, V> topic, String what) {
    return builder.stream(
        context.topics().of(topic),
        Consumed.with(context.serdes().key(topic), context.serdes().value(topic))
            .withName("consume-" + what));
  }

  private static <V> void sink(
      KStream<String, SpecificRecord> from,
      AppContext context,
      Topic<String, V> topic,
      Class<V> type,
      String what) {
    // Without a value it is the end of a signal: no other topic is compacted.
    boolean isCompacted = type == Signal.class;
    from.filter(
            (key, value) -> type.isInstance(value) || (isCompacted && value == null),
            Named.as("select-" + what))
        .mapValues(type::cast, Named.as("type-" + what))
        .to(
            context.topics().of(topic),
            Produced.with(context.serdes().key(topic), context.serdes().value(topic))
                .withName("produce-" + what));
  }

  private static ProcessorSupplier<String, WindowRecord, String, DeskInput> detect(
      AnomalyConfig config, AnomalyMetrics metrics, LoadedReferences references) {
    return new SuppliedProcessor<>(
        () -> new DetectProcessor(config, metrics, references),
        List.of(
            store(AnomalyTopologyNames.WINDOWS, config.store()),
            store(AnomalyTopologyNames.SERIES, config.store()),
            store(AnomalyTopologyNames.EPISODES, config.store()),
            store(AnomalyTopologyNames.LATE, config.store()),
            store(AnomalyTopologyNames.DETECT_PROGRESS, config.store())));
  }

  private static ProcessorSupplier<String, DeskInput, String, SpecificRecord> explain(
      AnomalyConfig config, AnomalyMetrics metrics, LoadedReferences references) {
    return new SuppliedProcessor<>(
        () -> new DeskProcessor(config, metrics, references),
        List.of(
            store(AnomalyTopologyNames.PENDING, config.store()),
            store(AnomalyTopologyNames.CELLS, config.store()),
            store(AnomalyTopologyNames.FIRST_SEEN, config.store()),
            store(AnomalyTopologyNames.DESKS, config.store()),
            store(AnomalyTopologyNames.DESK_PROGRESS, config.store())));
  }

  private static ProcessorSupplier<String, SpecificRecord, String, SpecificRecord> watch(
      AnomalyConfig config, AnomalyMetrics metrics, LoadedReferences references) {
    return new SuppliedProcessor<>(
        () -> new WatchProcessor(metrics, references),
        List.of(store(AnomalyTopologyNames.SIGNALS, config.store())));
  }

  private static StoreBuilder<KeyValueStore<Bytes, byte[]>> store(String name, StoreType type) {
    KeyValueBytesStoreSupplier supplier =
        switch (type) {
          case ROCKSDB -> Stores.persistentKeyValueStore(name);
          case MEMORY -> Stores.inMemoryKeyValueStore(name);
        };
    // The cache saves the changelog a window that is judged before the next commit.
    return Stores.keyValueStoreBuilder(supplier, Serdes.Bytes(), Serdes.ByteArray())
        .withCachingEnabled();
  }
}
